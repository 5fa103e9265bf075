"""Tells where an answer begins, from headings, summaries, callouts and lines that only say so; and its key. Pure."""

import re
from collections.abc import Sequence

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.labels import first_label, remembered
from quizapp.catalogue.formats.markdown.languages import ANSWER_ALONE
from quizapp.catalogue.formats.markdown.option_key import use_key
from quizapp.catalogue.formats.markdown.options import Option
from quizapp.catalogue.formats.markdown.regions import Details
from quizapp.catalogue.formats.markdown.wording import POINTS, plain, undecorated, unwrapped

# A line that names the right options: "Answer: B", "**The correct answers are** A, C".
KEY_LINE = re.compile(
    r"^(?P<mark>\*{0,3}|_{0,3})\W{0,3}(?:the\s)?(?:(?:correct|right)\s)?(?:answers?|ans|options?|choices?)\s?"
    r"(?:\s?\d{1,4}|\([^()]{1,30}\))?\s?(?:(?:is|are)\b\s?)?[:=\-\u2013\u2014]?\s?(?P=mark)\s?[:=\-\u2013\u2014]?\s*(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)

# A heading or summary that only says that the answer follows, perhaps with the answer on its line.
_ANSWER_LINE = re.compile(
    r"^(?:(?:click|tap|press)\b.{0,60}|(?:show|view|see|reveal|hide|expand|toggle|open|check)\b.{0,60}|"
    r"(?:(?:the|correct|right|model|sample|suggested|expected|short|detailed|real[- ]time|interview)\s)*"
    r"(?:answers?(?:\s(?:guidance|guide|outline))?|ans|solutions?|explanation|details)"
    r"(?:\s(?:&|and|\+)\s(?:the\s)?(?:explanation|rationale|reason(?:ing)?|discussion|solution))?"
    r"(?:\s?\d{1,4})?(?:\s\([^()]{1,40}\))?"
    rf"|{ANSWER_ALONE})\s?(?:[:.\-\u2013\u2014\uff1a]+\s*(?P<rest>.*))?$",
    re.IGNORECASE | re.DOTALL,
)
_ANSWER_WORD = re.compile(
    rf"\b(?:answers?|ans|solutions?|{ANSWER_ALONE})(?!\w)",
    re.IGNORECASE,
)
_SHOW = re.compile(r"(?:click|tap|press|show|view|see|reveal|hide|expand|toggle|open|check)\b", re.IGNORECASE)
_ONLY_ANSWER = re.compile(
    r"[*_]{0,3}(?:(?:The|Correct|Model|Sample|Suggested|Expected|Recommended)\s)?"
    rf"(?:Answer|Ans|Solution|(?i:{ANSWER_ALONE}))[*_]{{0,3}}[ \t]*(?:\n|$)"
)
_CALLOUT = re.compile(r"\[!(?P<type>[\w|-]+)\][+-]?[ \t]*(?P<title>[^\n]*)(?:\n|$)")
_ANSWER_CALLOUTS = frozenset({"answer", "solution"})
_BREAKS = re.compile(r"\s*(?:<br\s?/?>\s*)+", re.IGNORECASE)
_TOP = re.compile(r"\[[^\[\]]*\b(?:top|contents|up|index|home)\b[^\[\]]*\]+\(#?[^()]*\)", re.IGNORECASE)
# The same in HTML: `<div align="right"><b><a href="#contents">\u2191 Contents</a></b></div>`.
_TAGGED_TOP = re.compile(
    r"(?:\s|</?(?:div|p|b|strong|em|i|span|br|sub|sup|center)\b[^<>]*>|<a\s[^<>]*href=[\"']#[^<>]*>[^<>]{0,60}</a>)+",
    re.IGNORECASE,
)
# Leads to the pages beside this one: "[← Back to README](./README.md) | [Next: Volumes →](volumes.md)".
_BESIDE = re.compile(
    r"!?\[[^\[\]]*(?:\b(?:back|next|prev(?:ious)?|readme)\b|[\u2190-\u2193\u2b05-\u2b07\u27a1])[^\[\]]*\]\([^()]*\)"
    r"|[*_|\s\u00b7\u2022-]",
    re.IGNORECASE,
)

# What web pages put between questions: "Also Read: …", "[Advertisement]", "Subscribe to our newsletter!".
_ADVERTISES = re.compile(
    r"[\W_]{0,8}(?:(?:also (?:read|check(?: out)?)|read (?:also|next)|must read|you may also like"
    r"|(?:related|recommended|suggested) (?:reading|reads?|articles?|posts?|blogs?|courses?|videos?))"
    r"\W{0,4}[:\u2013\u2014-]"
    r"|(?:advertisements?|sponsored|continue reading below)\W*(?:\n|$)"
    r"|subscribe (?:to|now|for)\b|sign up (?:for|now|today)\b|enroll? (?:now|today|in (?:our|this))\b"
    r"|explore (?:our|more)\b|(?:join|check out|download|watch|register for) our\b|get 100% hike|follow us (?:on|at)\b"
    r"|book a (?:free )?(?:demo|session|call)\b|become an? \w+ (?:expert|professional)\b)",
    re.IGNORECASE,
)
ADVERTISING_LINES_MAX = 4
ADVERTISING_CHARS_MAX = 200


@remembered
def answer_summary(text: str) -> str | None:
    """What the summary of a `<details>` says behind "Answer" or "Show"; None for one that says something else."""
    found = _ANSWER_LINE.match(unwrapped(undecorated(plain(text))).strip())
    return (found["rest"] or "").strip() if found is not None else None


def answer_heading(text: str) -> str | None:
    """What a heading says behind "Answer"; None for one that says something else, such as "Show the last lines"."""
    said = answer_summary(text)
    if said is None:  # most headings do not, and the words are many
        return None
    names_it = _ANSWER_WORD.search(text) is not None or not _SHOW.match(plain(undecorated(text)))
    return said if names_it else None


def says_answer(heading: str) -> bool:
    """Whether a heading is called "Answer" or "Solution", and not only "Details"."""
    return answer_heading(heading) is not None and _ANSWER_WORD.search(heading) is not None


def quoted_answer(text: str) -> str | None:
    """What a quotation says as an answer: behind "Answer:", or in a callout (`> [!tip]- Answer`); None if it is none.

    The text keeps a label, by which the answer is read.
    """
    inner = unquoted(text)
    callout = _CALLOUT.match(inner)
    if callout is None:
        return inner if first_label(inner) == "a" else None
    said = (
        "" if not callout["title"] and callout["type"].lower() in _ANSWER_CALLOUTS else answer_summary(callout["title"])
    )
    return f"A: {said}\n{inner[callout.end() :]}" if said is not None else None


def is_answer_line(text: str) -> bool:
    """Whether a text's first line only says "Answer", so that the answer is what follows."""
    return _ONLY_ANSWER.match(text) is not None


def folded_lines(details: Sequence[Details]) -> frozenset[int]:
    """The lines between the tags of each `<details>` that is called "Answer"."""
    answers = (one for one in details if one.summary and answer_summary(one.summary) is not None)
    return frozenset(line for one in answers for line in range(one.first + 1, one.last))


def is_way_back(block: Block) -> bool:
    """Whether a paragraph only leads to the top of the page, or to others, or is only there to take room: `<br>`."""
    return block.kind is Kind.PARAGRAPH and (
        _BREAKS.fullmatch(block.text) is not None
        or (len(block.text) < 600 and "<a" in block.text and _TAGGED_TOP.fullmatch(block.text) is not None)
        or (len(block.text) < 600 and "](" in block.text and not _BESIDE.sub("", block.text))
        or (
            len(block.text) < 300
            and _TOP.search(block.text) is not None
            and (len(_TOP.sub("", plain(block.text)).strip("[]*_<>|- ")) < 12)
        )
    )


def is_advertisement(text: str) -> bool:
    """Whether a paragraph only leads to what else a web page offers, as stands between its questions."""
    if _ADVERTISES.match(text) is None:
        return False
    lines = text.strip().split("\n")
    return len(lines) <= ADVERTISING_LINES_MAX and max(map(len, lines)) <= ADVERTISING_CHARS_MAX


def unquoted(text: str) -> str:
    """The text of a quotation without its marks."""
    return "\n".join(line.removeprefix(">").removeprefix(" ") for line in text.split("\n"))


def key_in_answer(answer: Sequence[tuple[str, bool]], options: Sequence[Option]) -> tuple[int, str | None]:
    """Which part of the answer names the right options, and what it says beside; None if none does."""
    first = True
    for place, (text, _) in enumerate(answer):
        if not text.strip():
            continue
        head, _, tail = text.partition("\n")
        line = KEY_LINE.match(unwrapped(head.strip()))
        if line is not None and (rest := use_key(options, f"{line['rest']}\n{tail}".strip())) is not None:
            return place, rest
        if first and (rest := use_key(options, text)) is not None:
            return place, rest
        if first and tail and POINTS.fullmatch(head.strip()) and (rest := use_key(options, tail.strip())) is not None:
            return place, rest
        first = False
    return 0, None
