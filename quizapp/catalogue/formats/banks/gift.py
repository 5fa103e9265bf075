"""Reads GIFT, Moodle's text format for questions, with a grammar of our own. Pure.

It takes for right what Moodle's own reader takes for right, and is kinder where that loses or changes a question: see
docs/exchange.md and the table of its test.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from quizapp.catalogue.formats.bank import BANK_ITEMS_MAX, BankItem, ItemKind, foreign_key, is_wild, note_of
from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.formats.bank_kinds import ANYTHING
from quizapp.catalogue.formats.banks.gift_blocks import LITERAL_STAR, GiftBlock, blocks, unescaped
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.html_text import looks_like_html, markdown_of
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote, Unreadable
from quizapp.catalogue.formats.wording import plain

CONVENTION = "GIFT"
GAP = "_____"
ANSWERS_MAX = 500  # of one question; what follows belongs to the last of them
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{1,10})?)%")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_NUMBER = r"[-+]?(?:\d{1,30}(?:[.,]\d{0,30})?|[.,]\d{1,30})(?:[eE][-+]?\d{1,3})?"
_EXACT = re.compile(rf"({_NUMBER})(?:\s*:\s*({_NUMBER}))?$")
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})$")
_MARKER = re.compile(r"[=~]")
_SPACED_MARKERS = 2  # with so many markers behind blanks, a `=` without a blank before it is text


@dataclass(frozen=True, kw_only=True)
class _Raw:
    """One answer as it is written, with its marker."""

    marker: str
    """`=` or `~`; "" of a text before the first marker."""
    text: str
    feedback: str


@dataclass(frozen=True, kw_only=True)
class _Answers:
    """What the braces of a question say."""

    kind: ItemKind
    answers: tuple[BankAnswer, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    one_right: bool = True
    has_wildcards: bool = False
    warnings: tuple[str, ...] = ()


def read(data: bytes, name: str) -> ParsedNote:
    """A GIFT file as a note called `name`. Raises Unreadable."""
    warnings: list[NoteWarning] = []
    items = (_named_in(item, name) for item in _items(decoded(data), warnings))
    return note_of(items, title=name, convention=CONVENTION, warnings=warnings)


def items_of(text: str) -> list[BankItem]:
    """The questions of a GIFT text."""
    return list(_items(text, []))


def _named_in(item: BankItem, name: str) -> BankItem:
    """The item with an id that is no other file's: Moodle's are numbers that each site begins anew."""
    return item if item.key is None else replace(item, key=foreign_key(f"gift/{name}", item.key))


def _items(text: str, warnings: list[NoteWarning]) -> Iterator[BankItem]:
    for block in blocks(text):
        if isinstance(block, NoteWarning):
            warnings.append(block)
            if len(warnings) > BANK_ITEMS_MAX:
                raise Unreadable("Thousands of its questions cannot be read. Is it GIFT?", line=block.line)
        else:
            yield _item(block)


def _item(block: GiftBlock) -> BankItem:
    form, head = _formatted(block.head, "moodle")
    if block.answers is None:
        read_of, feedback, stem = _Answers(kind=ItemKind.TEXT), "", head
    else:
        body, said = _parted(block.answers)
        read_of, feedback = _read_answers(body, form), _text(said, form)
        stem = _stem(head, block.tail)
    return BankItem(
        kind=read_of.kind,
        line=block.line,
        stem=_text(stem, form),
        key=block.key,
        title=block.title,
        answers=read_of.answers,
        pairs=read_of.pairs,
        one_right=read_of.one_right,
        has_wildcards=read_of.has_wildcards,
        feedback=feedback,
        tags=block.tags,
        section=block.category,
        warnings=(*block.warnings, *read_of.warnings),
    )


def _parted(braces: str) -> tuple[str, str]:
    """The answers, and what is said whatever was answered: as in Moodle, what stands behind the last four `#`."""
    body, general, said = braces.rpartition("####")
    return (body, said) if general else (said, "")


def _stem(head: str, tail: str) -> str:
    """The text round the answers, with a gap in their place if there is text behind them."""
    if not tail.strip():
        return head
    blank = "" if tail[0] in ".,;:!?)" else " "
    return f"{head.rstrip()} {GAP}{blank}{tail.strip()}"


def _formatted(text: str, inherited: str) -> tuple[str, str]:
    """The format of a text, which it may name at its beginning, and the rest."""
    found = _FORMAT.match(text.lstrip())
    return (found[1], text.lstrip()[found.end() :]) if found else (inherited, text)


def _text(text: str, inherited: str) -> str:
    """A text of the file as Markdown."""
    form, rest = _formatted(text, inherited)
    written = unescaped(rest)
    if form == "markdown":
        lines = written.strip("\n").rstrip().split("\n")
        return "\n".join([lines[0].strip() if len(lines) == 1 else lines[0].lstrip(" "), *lines[1:]])
    if form == "html" or (form == "moodle" and looks_like_html(written)):
        return markdown_of(written if form == "html" else written.strip().replace("\n", "<br>")).text
    return plain(written)


def _read_answers(body: str, form: str) -> _Answers:
    """What the text in the braces means, in the order in which Moodle asks."""
    text = body.strip()
    if not text:
        return _Answers(kind=ItemKind.ESSAY)
    if text.startswith("#"):
        return _numeric(text[1:], form)
    if "~" in text:
        return _choice(body, form)
    if "=" in text and "->" in text:
        return _matching(text, form)
    truth = text.split("#", 1)[0].strip()
    if truth in _TRUTH:
        return _true_false(_TRUTH[truth], text, form)
    return _typed(body, form)


def _true_false(truth: bool, text: str, form: str) -> _Answers:
    """The first feedback is for a wrong answer, the second for the right one."""
    wrong, right = (*(_text(part, form) for part in text.split("#", 2)[1:]), "", "")[:2]
    answers = (
        BankAnswer(text="True", weight=FULL if truth else 0, feedback=right if truth else wrong),
        BankAnswer(text="False", weight=0 if truth else FULL, feedback=wrong if truth else right),
    )
    return _Answers(kind=ItemKind.TRUE_FALSE, answers=answers)


def _choice(body: str, form: str) -> _Answers:
    raws, said = _raws(body)
    if not raws[0].marker:
        said.append("Its first answer has no = or ~ before it; as in Moodle it is a wrong one.")
    if all(not raw.text.strip() and raw.feedback for raw in raws):
        said.append("Its answers begin with # and have no other text; Moodle would show empty answers.")
        raws = [replace(raw, text=f"#{raw.feedback}", feedback="") for raw in raws]
    answers = []
    for raw in raws:
        weight, text = _weighed(raw.text)
        if raw.marker == "=":
            if weight not in (None, FULL):
                said.append(f"The weight {weight:g} beside = counts for nothing in Moodle; the answer is right.")
            weight = FULL
        answers.append(BankAnswer(text=_text(text, form), weight=weight or 0, feedback=_text(raw.feedback, form)))
    return _Answers(
        kind=ItemKind.CHOICE,
        answers=tuple(answers),
        one_right=any(raw.marker == "=" for raw in raws),
        warnings=tuple(said),
    )


def _typed(body: str, form: str) -> _Answers:
    raws, said = _raws(body)
    if "->" in body:
        said.append("Moodle refuses a typed answer that has ->.")
    if body.strip().lower() in ("t", "f", "true", "false"):
        said.append("Only T, TRUE, F and FALSE make a question true or false; this one asks for the word.")
    answers, has_wildcards = [], False
    for raw in raws:
        weight, text = _weighed(raw.text)
        has_wildcards = has_wildcards or (text.strip() != "*" and is_wild(unescaped(text)))
        if not is_wild(unescaped(text)):
            text = text.replace(LITERAL_STAR, "*") if form != "markdown" else text
        typed = ANYTHING if text.strip() == "*" else _text(text, form)
        answers.append(
            BankAnswer(text=typed, weight=FULL if weight is None else weight, feedback=_text(raw.feedback, form))
        )
    return _Answers(kind=ItemKind.TYPED, answers=tuple(answers), has_wildcards=has_wildcards, warnings=tuple(said))


def _matching(text: str, form: str) -> _Answers:
    raws, said = _raws(text)
    sides = [f"{raw.text}#{raw.feedback}" if raw.feedback else raw.text for raw in raws]
    if len(sides) == 1 and not re.search(r"\s->\s", sides[0]):
        return _typed(text, form)
    if len(sides) < 2 or any("->" not in side for side in sides):
        said.append("Moodle refuses a matching question with one pair, or with an answer that has no ->.")
    elif not any(re.search(r"\s->\s", f" {side} ") for side in sides):
        said.append("Is -> part of the answers? As in Moodle it makes a matching question of them.")
    pairs = []
    for side in sides:
        left, arrow, right = side.partition("->")
        pairs.append((_text(left, form), _text(right if arrow else "", "moodle")))
    return _Answers(kind=ItemKind.MATCHING, pairs=tuple(pairs), warnings=tuple(said))


def _numeric(body: str, form: str) -> _Answers:
    text = body.strip()
    if not text.startswith(("=", "~")):
        text = f"={text}"
    raws, said = _raws(text)
    answers = tuple(_number(raw, form, said) for raw in raws if raw.text.strip() or raw.feedback)
    if not any(answer.weight > 0 for answer in answers):
        said.append("It asks for a number and names none that is right.")
    return _Answers(kind=ItemKind.NUMERIC, answers=answers, warnings=tuple(said))


def _number(raw: _Raw, form: str, said: list[str]) -> BankAnswer:
    weight, text = _weighed(raw.text)
    worth = (FULL if raw.marker == "=" else 0) if weight is None else weight
    written, tolerance = unescaped(text).strip(), ""
    if found := _EXACT.match(written):
        shown, tolerance = found[1], found[2] or ""
    elif found := _RANGE.match(written):
        shown = f"{found[1]} to {found[2]}"
    elif not written:
        shown = ANYTHING
    else:
        shown = plain(written)
        said.append(f"{written[:40]} is no number; Moodle takes any answer for right then. Here it is the answer.")
    return BankAnswer(text=shown, weight=worth, feedback=_text(raw.feedback, form), tolerance=tolerance)


def _weighed(text: str) -> tuple[float | None, str]:
    """The weight that an answer begins with, None without one, and the rest."""
    found = _WEIGHT.match(text.lstrip())
    return (float(found[1]), text.lstrip()[found.end() :]) if found else (None, text)


def _raws(body: str) -> tuple[list[_Raw], list[str]]:
    """The answers between their markers. A text before the first marker is one too."""
    places = _marker_places(body)
    said = [] if len(places) == len(_MARKER.findall(body)) else [_NOT_ESCAPED]
    if not places or body[: places[0]].strip():
        places = [-1, *places]
    raws = []
    for begin, end in zip(places, [*places[1:], len(body)], strict=True):
        text, _, feedback = body[begin + 1 : end].partition("#")
        raws.append(_Raw(marker="" if begin < 0 else body[begin], text=text, feedback=feedback))
    return raws, said


_NOT_ESCAPED = "A = or ~ in its answers is not escaped and taken as text; Moodle would begin another answer there."


def _marker_places(body: str) -> list[int]:
    """Where answers begin. A `=` or `~` in the middle of a text is none where the other answers show that."""
    places = [found.start() for found in islice(_MARKER.finditer(body), ANSWERS_MAX)]
    leading = {place for place in places if not body[body.rfind("\n", 0, place) + 1 : place].strip()}
    spaced = sum(place in leading or body[place - 1].isspace() for place in places)
    kept: list[int] = []
    for place in places:
        in_feedback = bool(kept) and body.find("#", kept[-1], place) >= 0
        glued = place not in leading and not body[place - 1].isspace()
        if in_feedback and place not in leading and len(leading) >= _SPACED_MARKERS:
            continue
        if body[place] == "=" and glued and spaced >= _SPACED_MARKERS:
            continue
        kept.append(place)
    return kept
