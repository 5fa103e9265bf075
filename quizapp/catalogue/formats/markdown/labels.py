"""Reads the labels of the note format, such as `*A:*` and `*Card:*`, and ids in comments. Pure: strings only.

A label may stand in either kind of emphasis, with its colon inside or outside, or bare at the beginning of a line:
formatters change one into the other.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, ParamSpec, TypeVar, cast

from quizapp.catalogue.formats.markdown.languages import (
    ANSWER_NAMES,
    COLON,
    OPTION_NAMES,
    QUESTION_MARKS,
    QUESTION_NAMES,
)
from quizapp.catalogue.kinds.expected import LABEL_OF

TEXTS_KEPT = 20_000  # of each function; a note of the greatest size has about as many lines that are looked at
P = ParamSpec("P")
T = TypeVar("T")
_forgets: list[Callable[[], None]] = []

# The labels under a question or a concept. `*Note:*` is no label but a part of the text.
LABELS = (
    "A", "Answer", "Must", "Bonus", "Red flags", "Level", "Options", "Choices", "Why", "Source", "As of", "Card",
    "Lab", "Tags", "Same as",
)  # fmt: skip
# Other words in the place of `A`, with the number or the remark that people put there: "Ans:", "A (short):", "A2:".
_KINDS = (
    r"(?:(?:Correct|Right|Model|Sample|Suggested|Expected|Short|Long|Quick|Detailed|Senior|Strong|Good|Great|Ideal|Best"
    r"|Full|Complete|Concise|Brief|Example|Official|Interview)\s)?"
)
_ANSWER = (
    rf"{_KINDS}(?:Answers?(?:\s(?:guidance|guide|outline))?|Ans\.?|Solution)"
    r"(?:\s?\d{1,4})?(?:\s\([^()*_:]{1,40}\))?|Expected\s(?:Points|Commands?|Response)"
    r"|A\s?\d{0,4}(?:\s\([^()*_:]{1,40}\))?"
    r"|Correct(?=[*_]{0,3}\s?:[*_]{0,3}\s?\(?(?:[A-H]|\d{1,2})(?!\w))"
    rf"|{ANSWER_NAMES}"
)
# Labels that say what is right, or help. In italics alone: in bold or bare these words begin sentences, as in
# "Order: first this".
_IN_ITALICS = (*LABEL_OF.values(), "Hint")
_OTHERS = "|".join(name.replace(" ", r"\s") for name in LABELS if name not in ("A", "Answer"))
_NAMES = rf"{_ANSWER}|{_OTHERS}|{OPTION_NAMES}"
_ALL_NAMES = rf"{_NAMES}|{'|'.join(_IN_ITALICS)}"
_IN_ITALICS_ALONE = frozenset(name.lower() for name in _IN_ITALICS)
# Pictures that people put before a label or inside its emphasis; no arrows, which part a card's front from its back.
_SIGNS = "(?:[\u2300-\u2793\u2795-\u279b\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]{1,6}[ \\t]?)?"
LABEL = re.compile(
    rf"(?:(?<=[ \t])|^){_SIGNS}(?P<mark>\*{{1,3}}|_{{1,3}}){_SIGNS}(?P<name>{_ALL_NAMES})\s?"
    r"(?:(?::\s?(?P=mark):?|(?P=mark)\s?:)(?=\s|$)|\uff1a\s?(?P=mark)|(?P=mark)\s?\uff1a)[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
_ENDS_NAME = re.compile(r"[*_]\s?[:\uff1a]|[:\uff1a]\s?[*_]")  # the end of the name in each of them
_BARE = re.compile(
    rf"^{_SIGNS}(?P<name>{_NAMES})\s?(?::[-\u2013](?=\s|$)|{COLON}|(?<=answer):(?=\w))[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBERED_BARE = re.compile(r"^(?P<name>(?:Ans(?:wer)?|A)\s?\d{1,4})\s?[.):]+(?=\s|$)[ \t]*", re.MULTILINE)
# "Ans- It is one.", "Ans. It is one.": a dash or stop in the place of the colon, behind a word that begins no sentence.
_DASHED = re.compile(
    rf"^{_SIGNS}(?P<name>Ans(?:wer)?)(?:\s?[-\u2013\u2014]+|(?<=ans)\.)(?=\s)[ \t]*", re.IGNORECASE | re.MULTILINE
)
# `**A.** It is one.`: with a full stop in the place of the colon it is a label in bold at the beginning of a line only.
_DOTTED = re.compile(
    rf"^{_SIGNS}(?P<mark>\*{{2,3}}|_{{2,3}}){_SIGNS}(?P<name>{_ANSWER})\s?"
    r"(?:[.)\-\u2013\u2014]+\s?(?P=mark)|(?P=mark)\s?[.)\-\u2013\u2014]+)(?=\s|$)[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
# `**Correct answer: B** as it is.`: the emphasis goes on behind the colon, over the answer.
_OVER = re.compile(
    rf"^{_SIGNS}(?P<mark>\*{{2,3}}|_{{2,3}}){_SIGNS}(?P<name>{_KINDS}(?:Answers?|Ans\.?)|Correct(?=\s?:\s\(?[A-H](?!\w))|{ANSWER_NAMES})\s?"
    r"(?::[ \t]+|\uff1a[ \t]*)(?=\S[^\n]*?(?P=mark))",
    re.IGNORECASE | re.MULTILINE,
)
_SECOND_OPTION = re.compile(r"^(?:\*{2,3}|_{2,3})B\s?[.)*_]", re.MULTILINE)  # then `**A.**` is the letter of an option
_PATTERNS = (LABEL, _BARE, _NUMBERED_BARE, _DASHED, _DOTTED, _OVER)
# An answer by name on the line of its question: "What is a bridge? Answer: it joins networks."
_BEHIND = re.compile(rf"(?<=[{''.join(QUESTION_MARKS)}])[ \t]+(?P<name>{_ANSWER})\s?{COLON}", re.IGNORECASE)
# How each of them begins. Most lines are no label, and one search for all says so in a fifth of the time.
_LEAD = re.compile(rf"^{_SIGNS}[*_]{{0,3}}{_SIGNS}(?:{_ALL_NAMES})", re.IGNORECASE | re.MULTILINE)
_IS_ANSWER = re.compile(rf"(?:{_ANSWER})\Z", re.IGNORECASE)
_IS_OPTIONS = re.compile(rf"(?:{OPTION_NAMES})\Z", re.IGNORECASE)
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
# Blanks are matched from their first one on: from each of them would take the square of the time for very many.
ID_COMMENT = re.compile(
    rf"(?<!\s)\s*(?P<code>`)?<!--\s*id:\s*(?P<key>{ID.pattern})\s*-->(?(code)`\{{=html\}})"
)  # pandoc's code
_ARROWS = "\u2192\u21d2\u27f6\u2794\u279c\u25b6\u21a6\u27f9\u27a1"
_SPACED_ARROW = re.compile(rf"(?<!\s)\s+[{_ARROWS}]\ufe0f?(?:\s+|$)")
_ARROW = re.compile(rf"(?<!\s)\s*[{_ARROWS}]\ufe0f?\s*")
_TYPED_ARROW = re.compile(r"(?<!\s)\s+(?:--?\\?>|=\\?>|::)\s+")  # arrows that a keyboard without → can type
_OPEN_ARROW = re.compile(r"(?<!\s)\s+(?:--?\\?>|=\\?>|::)$")  # the back is in the blocks below
_FORMS = (_SPACED_ARROW, _ARROW, _TYPED_ARROW, _OPEN_ARROW)
# A line that is the name of a question and nothing else.
EMPTY_NAME = re.compile(
    rf"[*_]{{0,3}}(?:(?:Interview|Practice|Sample)\s)?(?:Q|q|Question|{QUESTION_NAMES})\s?[:\uff1a][*_]{{0,3}}\s*$"
)
# It begins with a sign that the engine can look for by itself: behind a condition it would try each letter of a text.
CODE = re.compile(r"(`(?<!``)`*+)(.+?)(?<!`)\1(?!`)", re.DOTALL)
# remark without its extension escapes the box of a task; round ones are those of which one is right.
_TASK = re.compile(r"^(?:\\?\[(?P<box>[ xX])\\?\]|\((?P<round>[ xX])\))\s+")
DECK = re.compile(r"^Deck:[ \t]+\S")  # the line with which inka and ankiops begin the cards of a deck
QUESTION_LEAD = re.compile(r"^Q\s?\d*\s*[:.)]\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A label and the text after it."""

    label: str
    """In lower case, such as "red flags"; "a" for each word in its place."""
    text: str
    line: int = 0
    """The number of the line that the label stands on, from 0: in the text that was split, later in the note."""
    key: str | None = None
    """Of a card, the id that its author gave it."""


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """The function, which is asked once for each text of a note, since many steps ask the same.

    What it gives must not be changed.
    """
    asking: Any = lru_cache(maxsize=TEXTS_KEPT)(function)
    _forgets.append(asking.cache_clear)
    return cast(Callable[P, T], asking)


def forget_texts() -> None:
    """Forget what is remembered, when a note is read."""
    for each in _forgets:
        each()


def split_labels(text: str) -> tuple[str, list[Labelled]]:
    """The text before the first label, and the labels in order: `x *Level:* 2 *Lab:* y` -> `x`, level, lab.

    A bare label counts at the beginning of a line only, one in bold there, or behind two blanks, or if it is "Why".
    """
    plain = without_code(text)
    found = sorted((one for one in _found(plain) if _is_label(one)), key=lambda one: one.start())
    if not found:
        return text.strip(), []
    ends = [match.start() for match in found[1:]] + [len(text)]
    labels = [
        Labelled(
            label=canonical(match["name"]),
            text=_closed(match, text[match.end() : end]).strip(),
            line=text.count("\n", 0, match.start()),
        )
        for match, end in zip(found, ends, strict=True)
    ]
    return text[: found[0].start()].strip(), labels


def _closed(found: re.Match[str], text: str) -> str:
    """The text of a label without the end of an emphasis that began before the label and goes on over the text."""
    return text.replace(found["mark"], "", 1) if found.re is _OVER else text


def _found(plain: str) -> list[re.Match[str]]:
    """What has the form of a label in a text without code; of several that begin at one place the first form's."""
    emphasised = LABEL.finditer(plain) if _ENDS_NAME.search(plain) is not None else ()
    found = [one for one in emphasised if len(one["mark"]) == 1 or _stands_apart(plain, one)]
    leads = [one.start() for one in _LEAD.finditer(plain)]
    if not leads:
        return found
    places = {one.start() for one in found}
    bold = "**" in plain or "__" in plain
    for pattern in _PATTERNS[1:] if bold and _SECOND_OPTION.search(plain) is None else _PATTERNS[1:4]:
        more = [one for at in leads if at not in places and (one := pattern.match(plain, at)) is not None]
        found += more
        places.update(one.start() for one in more)
    return found


@remembered
def first_label(text: str) -> str | None:
    """The label that a text begins with, as in `Labelled.label`; None if it begins with another text."""
    if _LEAD.match(text) is None:
        return None
    head = text.split("\n", 1)[0]
    found = next((one for pattern in _PATTERNS if (one := pattern.match(head)) and _is_label(one)), None)
    return canonical(found["name"]) if found is not None else None


def answer_behind(text: str) -> int | None:
    """The place at which an answer by name begins behind a question mark, `What …? **Answer:** …`; None without one."""
    if ":" not in text and "\uff1a" not in text:
        return None
    plain = without_code(text)
    emphasised = LABEL.finditer(plain) if "*" in plain or "_" in plain else ()
    for one in (*emphasised, *_BEHIND.finditer(plain)):
        asked = plain[: one.start()].rstrip(" \t*_\"'\u201d)")
        if asked.endswith(QUESTION_MARKS) and canonical(one["name"]) == "a" and one["name"] != "a":
            return int(one.start("mark" if one.re is LABEL else "name"))
    return None


def _is_label(found: re.Match[str]) -> bool:
    """Whether a match is one: an `a` in lower case, or a word that says what is right, counts in italics alone."""
    in_italics = len(found.groupdict().get("mark") or "") == 1
    return in_italics or (found["name"] != "a" and canonical(found["name"]) not in _IN_ITALICS_ALONE)


def canonical(name: str) -> str:
    """The name of a label in lower case, with one word for each way to say "answer"."""
    plain = " ".join(name.lower().split())
    if plain == "correct" or _IS_ANSWER.match(plain):
        return "a"
    return "options" if plain == "choices" or _IS_OPTIONS.match(plain) else plain


def _stands_apart(text: str, found: re.Match[str]) -> bool:
    before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    asked = before.rstrip(" *_").endswith(QUESTION_MARKS) and canonical(found["name"]) == "a"
    return not before.strip() or before.endswith("  ") or found["name"].lower() == "why" or asked


def without_name(text: str) -> str:
    """A text without the "Ans:" that it begins with: empty if nothing follows."""
    _, labels = split_labels(text) if first_label(text) == "a" else ("", [])
    return labels[0].text if len(labels) == 1 else text


def take_id(text: str) -> tuple[str, str | None]:
    """A text without its id comment, and the id; None if it has none."""
    found = ID_COMMENT.search(text) if "<!--" in text else None
    if found is None:
        return text, None
    return (text[: found.start()] + text[found.end() :]).rstrip(), found["key"]


def without_id(line: str) -> str:
    """A line without the comments that give ids."""
    return ID_COMMENT.sub("", line) if "<!--" in line else line


def points_of(text: str) -> tuple[str, ...]:
    """The points of a marking guide, separated by semicolons."""
    if not text:
        return ()
    ends = [*(found.start() for found in re.finditer(";", without_code(text))), len(text)]
    points = (text[start:end].strip() for start, end in pairwise([0, *ends]))
    return tuple(point.removeprefix(";").strip() for point in points if point.removeprefix(";").strip())


def card_of(text: str) -> tuple[str, str]:
    """Front and back of a `*Card:*`; the back is empty if there is no arrow, or nothing after it."""
    plain = without_code(text)
    arrow = next((found for pattern in _FORMS if (found := pattern.search(plain))), None)
    if arrow is None:
        return text.strip(), ""
    return text[: arrow.start()].strip(), text[arrow.end() :].strip()


def has_arrow(text: str) -> bool:
    """Whether a card's text has an arrow."""
    plain = without_code(text)
    return any(pattern.search(plain) is not None for pattern in _FORMS)


def without_code(text: str) -> str:
    """The text with NULs for the characters of code spans, so that matches have the same positions in both texts."""
    return _without_spans(text) if "`" in text else text


@remembered
def _without_spans(text: str) -> str:
    return CODE.sub(lambda found: "\0" * len(found[0]), text)


@remembered
def option_of(text: str) -> tuple[bool, str, str] | None:
    """Whether an option is right, its text and its why; None for an item without its box, `[x]` or `( )`."""
    task = _TASK.match(text)
    if task is None:
        return None
    rest = text[task.end() :]
    found = LABEL.finditer(without_code(rest)) if ":" in rest else ()
    why = next((one for one in found if one["name"].lower() == "why"), None)
    right = (task["box"] or task["round"]) != " "
    if why is None:
        return right, rest.strip(), ""
    return right, rest[: why.start()].strip(), rest[why.end() :].strip()


def bold_lead(text: str) -> tuple[str, str] | None:
    """The bold words that an item begins with, without a colon after them, and the rest; None without bold words.

    The bold may hold code spans: `**The bridge (`docker0`):** text`.
    """
    mark = text[:2]
    if mark not in ("**", "__"):
        return None
    end = without_code(text).find(mark, 2)
    term = text[2:end].strip().rstrip(":").strip() if end > 0 else ""
    return (term, text[end + 2 :].lstrip().removeprefix(":").lstrip()) if term else None
