"""Writes in Markdown what site generators add to it: Jekyll, Hugo, GitBook, Material for MkDocs and kramdown. Pure.

A note from a site may have its code between `{% highlight bash %}` and `{% endhighlight %}`: a comment there would be a
heading. Every line stays a line. Code between fences keeps what it says: there it is an example.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_SIGNS = ("{%", "{{<", "{{%", "{:", '=== "')
_FENCE = re.compile(r"\s*(?:[-*+]\s+|\d{1,9}[.)]\s+)?(`{3,}|~{3,})")
_HIGHLIGHT = re.compile(r"(\s*)\{(?:%-?|\{[<%])\s*highlight\s+\"?([\w+#.-]+)\"?[^{}]*(?:-?%|[%>]\})\}\s*$")
_END_OF_HIGHLIGHT = re.compile(r"\s*\{(?:%-?\s*end|\{[<%]\s*/\s*)highlight\s*(?:-?%|[%>]\})\}\s*$")
_COMMENT = re.compile(r"\s*\{%-?\s*comment\s*-?%\}\s*$")
_END_OF_COMMENT = re.compile(r"\s*\{%-?\s*endcomment\s*-?%\}\s*$")
# Material's content tabs: the title, and what it holds four columns further in.
_TAB = re.compile(r"(\s{0,12})===[!+]{0,2} \"([^\"]+)\"\s*$")
_TAB_COLUMNS = 4
FENCE_FEWEST = 3  # backticks
_RAW = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}")
_LEFT_OUT = re.compile(r"\s*(?:\{%-?\s*(?:(?:end)?(?:raw|tabs|code\b[^{}%]*)|endtab)\s*-?%\}|\{:[^{}]*\})\s*$")
_TITLED_TAB = re.compile(r"(\s*)\{%\s*tab\s+title=\"([^\"]+)\"\s*%\}\s*$")
_HINT = re.compile(r"(\s*)\{%\s*hint(?:\s+style=\"(\w+)\")?[^{}%]*%\}\s*$")
_END_OF_HINT = re.compile(r"(\s*)\{%\s*endhint\s*%\}\s*$")
_FOLDED = re.compile(
    r"(\s*)\{\{[<%]\s*(?:details|expand|collapse)\s+(?:(?:title|summary)=)?\"([^\"]+)\"[^{}]*[%>]\}\}\s*$"
)
_END_OF_FOLDED = re.compile(r"(\s*)\{\{[<%]\s*/\s*(?:details|expand|collapse)\s*[%>]\}\}\s*$")


@dataclass(frozen=True, kw_only=True)
class SiteLines:
    """A note's lines without a generator's own marks."""

    lines: list[str]
    marks: frozenset[int]
    """The lines, from 0, that say how something is shown and hold no text."""
    comments: frozenset[int]
    """The lines, from 0, that are commented out."""


def in_markdown(lines: Sequence[str], *, of_jekyll: bool) -> SiteLines:
    """The lines with such marks in Markdown; `of_jekyll` if marks within a line, too, are meant for the generator."""
    found = list(lines)
    marks, comments = set[int](), set[int]()
    if not any(sign in line for line in found for sign in _SIGNS):
        return SiteLines(lines=found, marks=frozenset(), comments=frozenset())
    ends_of_code = [number for number, line in enumerate(found) if _END_OF_HIGHLIGHT.match(line)]
    ends_of_comments = [number for number, line in enumerate(found) if _END_OF_COMMENT.match(line)]
    at, fence = 0, ""
    while at < len(found):
        line = found[at]
        opened = _FENCE.match(line)
        if fence or opened:
            fence = _after(fence, opened)
        elif _COMMENT.match(line) and (end := _next(ends_of_comments, at)) is not None:
            comments |= {*range(at, end + 1)}
            found[at : end + 1] = [""] * (end + 1 - at)
        elif (begun := _HIGHLIGHT.match(line)) and (end := _next(ends_of_code, at)) is not None:
            _fence_in(found, at, end, margin=begun[1], language=begun[2])
            marks |= {at, end}
            at = end
        elif tab := _TAB.match(line):
            found[at] = f"{tab[1]}**{tab[2]}**"
            _take_in(found, at + 1, tab[1])
        elif (shown := _shown(line)) is not None:
            found[at] = shown
            if not shown.strip() or shown.strip() == "</details>" or ":::" in shown:
                marks.add(at)
        elif of_jekyll:
            found[at] = _RAW.sub("", line)
        at += 1
    return SiteLines(lines=found, marks=frozenset(marks), comments=frozenset(comments))


def _shown(line: str) -> str | None:
    """The line that stands for one of a generator; None for any other one."""
    if _LEFT_OUT.match(line):
        return ""
    if found := _TITLED_TAB.match(line):
        return f"{found[1]}**{found[2]}**"
    if found := _HINT.match(line):
        return f"{found[1]}:::{found[2] or 'note'}"
    if found := _END_OF_HINT.match(line):
        return f"{found[1]}:::"
    if found := _FOLDED.match(line):
        return f"{found[1]}<details><summary>{escape(found[2], quote=False)}</summary>"
    if found := _END_OF_FOLDED.match(line):
        return f"{found[1]}</details>"
    return None


def _after(fence: str, opened: re.Match[str] | None) -> str:
    """The mark of the code block that is open after a line which begins with the mark `opened`, or with none."""
    if opened is None:
        return fence
    return ("" if opened[1].startswith(fence) else fence) if fence else opened[1]


def _next(ends: Sequence[int], at: int) -> int | None:
    """The first of these lines, which are in order, behind a line; None if there is none."""
    place = bisect_right(ends, at)
    return ends[place] if place < len(ends) else None


def _fence_in(lines: list[str], at: int, end: int, *, margin: str, language: str) -> None:
    """Make a code block of the lines between a mark and its end."""
    mark = "`" * max([FENCE_FEWEST, *(1 + _ticks(line) for line in lines[at + 1 : end])])
    lines[at], lines[end] = f"{margin}{mark}{language}", f"{margin}{mark}"


def _ticks(line: str) -> int:
    """How many backticks a line begins with."""
    line = line.lstrip()
    return len(line) - len(line.lstrip("`"))


def _take_in(lines: list[str], first: int, margin: str) -> None:
    """Move what a tab holds to the column of its title."""
    inner = margin + " " * _TAB_COLUMNS
    for number in range(first, len(lines)):
        if lines[number].startswith(inner):
            lines[number] = margin + lines[number].removeprefix(inner)
        elif lines[number].strip():
            break
