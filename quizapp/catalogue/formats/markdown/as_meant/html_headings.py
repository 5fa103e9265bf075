"""Headings and summaries in HTML, and options that are written as headings, as their words in Markdown. Pure.

Lines count from 0.
"""

import re
from collections.abc import Container, Sequence

MAX_CHARS = 150  # of a heading in HTML; what is longer is a text that somebody wanted large
HEADING = re.compile(
    r"^ {0,3}(?:<br\s?/?>){0,5}<h(?P<level>[1-6])\b[^<>]{0,200}>(?P<text>.*)</h(?P=level)>(?:<br\s?/?>|\s){0,9}"
    r"(?P<rest>\([^<>()]{1,60}\))?\s*$",
    re.IGNORECASE,
)
_OPTION = re.compile(r"^ {0,3}<h[1-6]\b[^<>]{0,200}>\s*[A-La-l][.)]\s", re.IGNORECASE)
_CODE_TAG = re.compile(r"<(code|kbd)\b[^<>]{0,100}>([^<>`]*)</\1>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?(?:b|strong|i|em|u|h[1-6]|p|span|font|br|big|a|div|summary)\b[^<>]{0,200}>", re.IGNORECASE)


def as_options(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """Headings that begin with the letter of an option, one right below the other, as their words."""
    own = [number for number, line in enumerate(lines) if ("<h" in line or "<H" in line) and number not in code]
    lettered = {number for number in own if _OPTION.match(lines[number])}
    beside = (number for number in lettered if {number - 1, number + 1} & lettered)
    headings = ((number, HEADING.match(lines[number])) for number in beside)
    return {number: text_of(heading) for number, heading in headings if heading is not None}


def text_of(heading: re.Match[str]) -> str:
    """The Markdown of a heading in HTML, with a remark behind it: "(Choose two)"."""
    return " ".join(part for part in (words_of(heading["text"]), heading["rest"]) if part)


def words_of(html: str) -> str:
    """The Markdown of a heading or summary: code in backticks, no other tags."""
    text = _CODE_TAG.sub(lambda found: f"`{found[2]}`", html)
    return " ".join(_ANY_TAG.sub(" ", text).replace("&nbsp;", " ").split())
