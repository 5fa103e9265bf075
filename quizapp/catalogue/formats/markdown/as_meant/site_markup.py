"""Writes in Markdown what site generators add to it: Jekyll, Hugo, GitBook, Material for MkDocs and kramdown. Pure.

A note from a site may have its code between `{% highlight bash %}` and `{% endhighlight %}`: a comment there would be a
heading. Every line stays a line. Code between fences keeps what it says: there it is an example.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

# One of these stands in every text that is not left as it is: a part, and what must stand there if that alone says
# nothing yet. Each begins with a sign that the engine of expressions looks for by itself.
_SIGNS = (
    ("{", re.compile(r"\{(?<!\{\{)[%:#./]|\{\{[<%]")),
    ('=== "', None),
    (":::", None),
    (" ^", None),
    ("[", re.compile(r"\[_?[tT][oO][cC]")),
    ("import ", re.compile(r"^import ", re.MULTILINE)),
    ("<", re.compile(r"</?(?:Tab|CodeGroup|Accordion|Expandable|Collaps|Spoiler|QA|FAQ|Question)")),
)
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
# Whole lines that say how others are shown, and what stands for them in Markdown.
_MEANT = tuple(
    (re.compile(rf"(?P<margin>\s*){written}\s*$"), meant)
    for written, meant in (
        (r"\{%-?\s*(?:(?:end)?(?:raw|tabs|code\b[^{}%]*)|endtab)\s*-?%\}", ""),
        (r"\{:[^{}]*\}", ""),
        (r"(?i:\[(?:toc|\[_?toc_?\])\])", ""),
        (r"\{/\*.*\*/\}", ""),
        (r"import\s[\w\s{},*]+\sfrom\s+['\"][^'\"]+['\"];?", ""),
        (
            r"</?(?:Tabs|TabItem|CodeGroup|AccordionGroup|Accordions)(?:\s+(?!label=)[\w-]+(?:=(?:\"[^\"]*\"|\{[^{}]*\}))?)*\s*>",
            "",
        ),
        (r"<TabItem\b[^<>]*?\slabel=\"(?P<text>[^\"]+)\"[^<>]*>", r"\g<margin>**\g<text>**"),
        (r"\{%\s*tab\s+title=\"(?P<text>[^\"]+)\"\s*%\}", r"\g<margin>**\g<text>**"),
        (r"\{%\s*hint(?:\s+style=\"(?P<text>\w+)\")?[^{}%]*%\}", r"\g<margin>:::\g<text>"),
        (r"\{%\s*endhint\s*%\}", r"\g<margin>:::"),
    )
)
# Hugo's shortcodes and components of MDX that fold a text away below its title, or hold a question with its answer.
_SHORTCODES = r"(?:details|expand|collapse|spoiler|accordion|qa|q-a|faq|question)"
_COMPONENTS = r"(?:Accordion|AccordionItem|Expandable|Collapse|Collapsible|Spoiler|QA|FAQ|FAQItem|Question)"
_TITLED = r"(?:[^{}<>\"]*(?:\"[^\"]*\"[^{}<>\"]*)*?(?<=\s)(?:title|summary|q|question)=)"
_FOLDED = re.compile(
    rf"(\s*)(?:\{{\{{[<%]\s*{_SHORTCODES}\s+{_TITLED}?\"([^\"]+)\"[^{{}}]*[%>]\}}\}}"
    rf"|<{_COMPONENTS}(?=\s){_TITLED}\"([^\"]+)\"[^<>]*(?<!/)>)\s*$"
)
_END_OF_FOLDED = re.compile(rf"(\s*)(?:\{{\{{[<%]\s*/\s*{_SHORTCODES}\s*[%>]\}}\}}|</{_COMPONENTS}>)\s*$")
# What VitePress, HackMD and others fold between colons, and Quarto's callout, whose title is a heading in it.
_SPOILER = re.compile(r"(:{3,})\s*(?:details|spoiler)\s+(\S.*?)\s*$")
_CALLOUT = re.compile(r"(:{3,})\s*\{\.callout-(\w+)[^{}]*\}\s*$")
_CALLOUT_TITLE = re.compile(r"#{1,6}\s+(\S.*?)\s*$")
_ATTRIBUTES = re.compile(
    r"(#{1,6}\s.*?\S)\s+\{:?\s*[#.][\w:.-]+(?:\s+(?:[#.][\w:.-]+|[\w-]+=\"[^\"]*\"))*\s*\}\s*#*\s*$"
)
_ANCHOR = re.compile(r"(\S.*)\s\^(?=[a-z]*[0-9])[a-z0-9]{6}$")  # Obsidian's name of a block


@dataclass(frozen=True, kw_only=True)
class SiteLines:
    """A note's lines without a generator's own marks."""

    lines: list[str]
    marks: frozenset[int] = frozenset()
    """The lines, from 0, that say how something is shown and hold no text."""
    comments: frozenset[int] = frozenset()
    """The lines, from 0, that are commented out."""


def has_marks(text: str) -> bool:
    """Whether a text may have such marks; most have none, and are left as they are."""
    return any(part in text and (sign is None or sign.search(text) is not None) for part, sign in _SIGNS)


def in_markdown(lines: Sequence[str], *, of_jekyll: bool) -> SiteLines:
    """The lines with such marks in Markdown; `of_jekyll` if marks within a line, too, are meant for the generator."""
    found = list(lines)
    marks, comments = set[int](), set[int]()
    ends_of_code = [number for number, line in enumerate(found) if _END_OF_HIGHLIGHT.match(line)]
    colons = _colons(found)
    ends_of_comments = [number for number, line in enumerate(found) if _END_OF_COMMENT.match(line)]
    at, fence, folds = 0, "", 0
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
        elif folded := _SPOILER.match(line):
            end = _next(colons.get(folded[1], ()), at)
            if end is not None:
                found[at], found[end] = f"<details><summary>{escape(folded[2], quote=False)}</summary>", "</details>"
                marks.add(end)
        elif callout := _CALLOUT.match(line):
            _title_callout(found, at, mark=callout[1], kind=callout[2])
        elif (shown := _shown(line)) is not None and (folds or not _END_OF_FOLDED.match(line)):
            found[at] = shown
            folds += ("<details>" in shown) - ("</details>" in shown)
            if not shown.strip() or shown.strip() == "</details>" or ":::" in shown:
                marks.add(at)
        else:
            found[at] = _without_names(_RAW.sub("", line) if of_jekyll else line)
        at += 1
    return SiteLines(lines=found, marks=frozenset(marks), comments=frozenset(comments))


def _shown(line: str) -> str | None:
    """The line that stands for one of a generator; None for any other one."""
    if not line.lstrip().startswith(("{", "[", "<", "import ")):
        return None
    if found := _FOLDED.match(line):
        return f"{found[1]}<details><summary>{escape(found[2] or found[3], quote=False)}</summary>"
    if found := _END_OF_FOLDED.match(line):
        return f"{found[1]}</details>"
    for written, meant in _MEANT:
        if found := written.match(line):
            return found.expand(meant).rstrip()
    return None


def _without_names(line: str) -> str:
    """The line without what links lead to: `{#name}` behind a heading, `^1f2e3d` behind a block."""
    if line.startswith("#") and "{" in line and (heading := _ATTRIBUTES.match(line)):
        return heading[1]
    return named[1] if "^" in line and (named := _ANCHOR.match(line)) else line


def _colons(lines: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """The lines that hold nothing but colons, by these."""
    found = dict[str, list[int]]()
    for number, line in enumerate(lines):
        if line.startswith(":::") and not line.strip().strip(":"):
            found.setdefault(line.strip(), []).append(number)
    return found


def _title_callout(lines: list[str], at: int, *, mark: str, kind: str) -> None:
    """Give a callout the title that a heading in it has."""
    lines[at] = f"{mark}{kind}"
    below = next((number for number in range(at + 1, min(at + 3, len(lines))) if lines[number].strip()), at)
    if title := _CALLOUT_TITLE.match(lines[below]):
        lines[at] += f" {title[1]}"
        lines[below] = ""


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
