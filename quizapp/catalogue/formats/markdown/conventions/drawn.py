"""Lines that are drawn: a rule of box signs, a title `---- Basics ----`, a name `>>Q1<<`, indented questions. Pure.

CommonMark takes the first two for text, the third for a quotation and the last for code.
"""

import re
from collections.abc import Collection, Container, Sequence

from quizapp.catalogue.formats.markdown.languages import QUESTION_MARKS

FEWEST_INDENTED = 3
SHARE_INDENTED = 3 / 4  # of the lines of such code
_INDENTED = re.compile(r"(?: {4,7}|\t)\S")
_SIGNS = "\u2014\u2013\u2022\u00b7\u2500-\u257f\u2580-\u25ff\u2e3a\u2e3b\ufe4d-\ufe4f\uff0d\uff1d\uff3f"
_RULE = re.compile(rf"^\s*(?:[{_SIGNS}][{_SIGNS}\s]{{2,}}|[\u2e3a\u2e3b])\s*$")
_EQUALS = re.compile(r"^ {0,3}={4,}[^\w\s=]?=*\s*$")
_SENTENCE = re.compile(r"^\s*\D.*[.!\u201d]\W*$")
_BEGINS_ITEM = re.compile(r"^\s*(?:[-*+\u2022]|\d{1,3}\s?[.)])\s")
# Not what holds a key, `-----BEGIN CERTIFICATE-----`, nor the lines of a table.
_TITLE = re.compile(
    r"^\s*(?P<sign>[-=*~])(?P=sign){3,}\s*(?!BEGIN |END )(?P<title>[^-=*~|+\s][^|+]{0,100}?)\s*(?P=sign){4,}\s*$"
)
_DRAWN = ("----", "====", "****", "~~~~", "<<")  # one of these stands in each title and name of such lines
_NAME = re.compile(
    r"^\s*(?P<heading>#{1,6}\s+)?>>+\s?(?P<name>(?:Question|Ques|Q)\s?\d{1,4})\s?[.:]?\s?<<+\s?[.:-]?(?P<rest>.*)$"
)


def indented_questions(lines: Sequence[str], code: Collection[int]) -> list[int]:
    """The lines of code by its indentation alone, where most lines end with a question mark: lists without marks."""
    found: list[int] = []
    asking = 0
    at = 0 if code else len(lines)
    while at < len(lines):
        if at not in code:
            at += 1
            continue
        first = at
        while at < len(lines) and at in code and (not lines[at].strip() or _INDENTED.match(lines[at])):
            at += 1
        own = [number for number in range(first, at) if lines[number].strip()]
        ask = sum(lines[number].rstrip().endswith(QUESTION_MARKS) for number in own)
        if own and ask >= SHARE_INDENTED * len(own):
            found += own
            asking += ask
        at = max(at, first + 1)
    return found if asking >= FEWEST_INDENTED else []


def rules_of_equals(lines: Sequence[str], code: Container[int]) -> list[int]:
    """The lines of equals signs that part a text from the next one, and underline no title.

    Above these stands a sentence, an item of a list, several lines or nothing. In a box a title has such a line above
    it and one below.
    """
    found: list[int] = []
    for number, line in enumerate(lines if "====" in "\n".join(lines) else ()):
        if "====" not in line or number in code or _EQUALS.match(line) is None:
            continue
        above = lines[number - 1] if number else ""
        before = lines[number - 2] if number > 1 and number - 2 not in found else ""
        if not above.strip() or before.strip() or _SENTENCE.match(above) or _BEGINS_ITEM.match(above):
            found.append(number)
    return found


def draws(text: str) -> bool:
    """Whether a text may hold a line that is drawn, told in a fiftieth of the time of a look at each line."""
    return not text.isascii() or any(sign in text for sign in _DRAWN)


def as_markdown(line: str) -> str | None:
    """A line that is drawn so, as the Markdown it stands for; None for any other line."""
    first = line.lstrip()[:1]
    if first in "-=*~":
        found = _TITLE.match(line) if line.rstrip()[-4:] == first * 4 and first else None
        return f"## {found['title']}" if found is not None else None
    if first in ">#":
        found = _NAME.match(line) if "<<" in line else None
        return f"{found['heading'] or ''}{found['name']}: {found['rest'].strip()}" if found is not None else None
    return "***" if not first.isascii() and _RULE.match(line) is not None else None
