"""Takes comments and `<details>` out of a note's lines before its blocks are found, and keeps where they were. Pure.

Each line stays a line, so numbers stay the author's. Code keeps what it says: there a comment is an example.
"""

import re
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field

from quizapp.catalogue.formats.markdown.as_meant import (
    as_typed,
    dialogues,
    escaped_numbers,
    fenced_quizzes,
    html_headings,
    html_tables,
    initials,
    options_as_typed,
    printed_questions,
)
from quizapp.catalogue.formats.markdown.conventions import plugin_cards
from quizapp.catalogue.formats.markdown.conventions.drawn import as_markdown, draws, indented_questions, rules_of_equals
from quizapp.catalogue.formats.markdown.conventions.field_names import lines_as_headings
from quizapp.catalogue.formats.markdown.labels import ID, without_code
from quizapp.catalogue.formats.parsed import NoteWarning

_IDENTITY = re.compile(rf"<!--\s*id:\s*{ID.pattern}\s*-->")
_MEMORY = re.compile(r"<!--\s*SR:[^>]*-->")
_OBSIDIAN = re.compile(r"%%[^%\n]{1,500}%%")
_TAGS = re.compile(r"<(/?)(details|summary)\b[^<>]{0,200}>", re.IGNORECASE)
# A line of these tags alone, or one at the border of `<details>`, says nothing.
_FRAMES = r"</?(?:p|b|br|div|center|strong|i|em|blockquote|hr|ul|li)\b[^<>]{0,200}>"
_ONLY_FRAMES = re.compile(rf"^\s*(?:{_FRAMES}\s*)+$", re.IGNORECASE)
_FRAMES_BEFORE = re.compile(rf"^(?:\s*{_FRAMES})+\s*", re.IGNORECASE)
_FRAMES_AFTER = re.compile(rf"(?<!\s)\s*(?:{_FRAMES}\s*)+$", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\[\^([\w-]{1,40})\]:[ \t]+(\S.*)$")
_NOTED = re.compile(r"\[\^([\w-]{1,40})\](?!:)")
_TIGHT_HEADING = re.compile(r"^(#{2,6})([^\s#])")
_TIGHT_TITLE = re.compile(r"^#([^\W\d_][\w'-]*(?: [^\s#][^#]*)?)$")  # beside such headings; alone it is a tag
_ANCHOR = re.compile(
    r"^\s*(?:</?quiz>|<a\s+(?:id|name)\s*=\s*[\"']?[^<>\"']{1,100}[\"']?\s*(?:/>|>\s*</a>)\s*)+$", re.IGNORECASE
)
# MkDocs' `??? tip "Title"`, and `!!! quiz "Title"`, which is not folded.
_FOLD = re.compile(
    r"^(?:\?\?\?\+?\s+[A-Za-z][\w-]{0,20}|!!!\s+(?:quiz|question|exercise|faq))\s+\"(?P<title>[^\"]+)\"\s*$"
)
_FOLD_INDENT = 4  # columns of the text below it


@dataclass(kw_only=True)
class Details:
    """A `<details>` element."""

    first: int
    """The line of its opening tag, from 0."""
    last: int
    """The line after its closing tag."""
    depth: int
    """How many others it is in."""
    text: str = ""
    """What stands behind the summary, or the opening tag, on its line."""
    summary: str = ""
    """Its summary as Markdown; empty without one."""
    lines: set[int] = field(default_factory=set)
    """The lines on which its own tags and summary stand."""


@dataclass(kw_only=True)
class Cleared:
    """A note's lines without comments and `<details>`."""

    lines: list[str]
    """For finding blocks, questions and answers."""
    shown: list[str]
    """For the text of sections: without comments, and with `<details>`."""
    details: list[Details]
    """In the order of their first lines."""
    comments: set[int]
    """The lines, from 0, on which a comment stands that neither is an id nor keeps a card's memory."""
    memories: set[int]
    """The lines, from 0, on which a comment keeps what a learner's other program remembers of a card."""
    warnings: list[NoteWarning]
    footnotes: dict[str, str] = field(default_factory=dict)
    """The text of each footnote that the note refers to, by its name."""
    footnote_lines: set[int] = field(default_factory=set)
    """The lines, from 0, on which they stand; `lines` and `shown` are blank there."""
    frames: set[int] = field(default_factory=set)
    """The lines, from 0, of tables in HTML that say nothing but where a question stands; `lines` are blank there."""
    last_end: int = 0
    """The last line that ends a comment."""


def cleared(lines: Sequence[str], *, code: Collection[int]) -> Cleared:
    """Take comments and `<details>` out of the lines that are not in `code`."""
    found = Cleared(lines=list(lines), shown=list(lines), details=[], comments=set(), memories=set(), warnings=[])
    for number, line in (plugin_cards.as_framed(lines, code) | as_typed.without_text(lines, code)).items():
        found.lines[number] = found.shown[number] = line
        found.comments |= {number} if not line else set()
    _take_comments(found, code)
    _take_details(found, code)
    _take_folds(found, code)
    _write_as_meant(found, code)
    for number in indented_questions(lines, code):
        found.lines[number] = lines[number].strip()
    for number in rules_of_equals(found.lines, code):
        found.lines[number] = "***"
    _turn_headings(found, code)
    for number, heading in lines_as_headings(found.lines, code).items():
        found.lines[number] = heading
    _take_footnotes(found, code)
    return found


def _write_as_meant(found: Cleared, code: Container[int]) -> None:
    """Write lines as the Markdown that they stand for; lists in HTML are shown as lists too."""
    whole = "\n".join(found.lines)
    if "<table" in whole:
        for number, line in html_tables.as_questions(found.lines, code).items():
            found.lines[number] = line
            found.frames |= {number} if not line else set()
    if "<li" in whole:
        for number, line in as_typed.html_lists(found.lines, code).items():
            found.lines[number] = line
            found.shown[number] = line
    whole = "\n".join(found.lines)
    for signs, as_meant in _AS_MEANT:
        if not signs or any(sign in whole for sign in signs):
            meant = as_meant(found.lines, code)
            for number, line in meant.items():
                found.lines[number] = line
            whole = "\n".join(found.lines) if meant else whole


# What writes lines as they are meant, in this order, with signs of which one stands in each note with such lines:
# to look for these in the whole text takes a fiftieth of the time of a look at each line.
_AS_MEANT: Sequence[tuple[Sequence[str], Callable[[Sequence[str], Container[int]], Mapping[int, str]]]] = (
    (("<?quiz",), as_typed.quizzes_of_mkdocs),
    (fenced_quizzes.SIGNS, fenced_quizzes.written_out),
    (("<h", "<H"), html_headings.as_options),
    (("#",), as_typed.headings_left_out),
    (escaped_numbers.SIGNS, escaped_numbers.as_numbers),
    (("**", "__"), escaped_numbers.titles_between),
    ((), as_typed.meant),
    ((), printed_questions.as_lists),
    ((), options_as_typed.written),
    ((), initials.named_in_full),
    ((), as_typed.lettered_questions),
    (dialogues.SIGNS, dialogues.as_questions),
)


def _take_footnotes(found: Cleared, code: Container[int]) -> None:
    """Take out the footnotes that the note refers to. Those to which nothing refers are text."""
    if "[^" not in "\n".join(found.lines):
        return
    begun = {
        number: note
        for number, line in enumerate(found.lines)
        if line.startswith("[^") and number not in code and (note := _FOOTNOTE.match(line))
    }
    if not begun:
        return
    named = {name for number, line in enumerate(found.lines) if number not in code for name in _NOTED.findall(line)}
    for number, note in begun.items():
        if note[1] in named and note[1] not in found.footnotes:
            last = number + 1
            while last < len(found.lines) and last not in begun and found.lines[last].startswith((" ", "\t")):
                last += 1
            text = " ".join(part.strip() for part in (note[2], *found.lines[number + 1 : last]))
            found.footnotes[note[1]] = text
            found.footnote_lines |= set(range(number, last))
    for number in begun.keys() - found.footnote_lines:  # a parser would take a single word for the address of a link
        found.lines[number] = found.shown[number] = found.lines[number].replace("]:", "]\\:", 1)
    for number in found.footnote_lines:
        found.lines[number] = found.shown[number] = ""


def _turn_headings(found: Cleared, code: Container[int]) -> None:
    """Write lines that are a heading in HTML, or lack the blank behind `##`, as headings, so that they are some."""
    own = [line for number, line in enumerate(found.lines) if line[:1] == "#" and number not in code]
    tight = any(_TIGHT_HEADING.match(line) for line in own)
    proper = tight and any(line[:2] == "# " for line in own)
    may_draw = draws("\n".join(found.lines))
    for number, line in enumerate(found.lines):
        if number in code:
            if line[:1].isspace() and number - 1 not in code and number + 1 not in code:  # no block of code
                found.lines[number] = as_markdown(line) or line
            continue
        if "<" in line and _ANCHOR.match(line):
            found.lines[number] = found.shown[number] = ""
            found.comments.add(number)
            continue
        if line[:1].isalnum() or not line:
            continue
        if may_draw and (drawn := as_markdown(line)) is not None:
            found.lines[number] = drawn
            continue
        heading = html_headings.HEADING.match(line) if "<" in line and "<h" in line.lower() else None
        if heading is not None and 0 < len(text := html_headings.text_of(heading)) <= html_headings.MAX_CHARS:
            found.lines[number] = f"{'#' * int(heading['level'])} {text}"
        elif line.startswith("##"):
            found.lines[number] = _TIGHT_HEADING.sub(r"\1 \2", line)
        elif line.startswith("#") and tight and not proper:
            found.lines[number] = _TIGHT_TITLE.sub(r"# \1", line)


def _take_comments(found: Cleared, code: Container[int]) -> None:
    whole = "\n".join(found.lines)
    if "<!--" not in whole and "%%" not in whole:
        return
    number, lines = 0, found.lines
    found.last_end = max((number for number, line in enumerate(lines) if "-->" in line), default=0)
    while number < len(lines):
        line = lines[number]
        if number in code or ("<!--" not in line and "%%" not in line):
            number += 1
        elif line.strip() == "%%":
            number = _take_block(found, number, code)
        else:
            number = _take_from_line(found, number)
    for number in found.comments | found.memories:
        found.shown[number] = lines[number]


def _take_block(found: Cleared, first: int, code: Container[int]) -> int:
    """Take out what stands between two lines of `%%`; returns the next line to look at."""
    ends = (at for at in range(first + 1, len(found.lines)) if at not in code and found.lines[at].strip() == "%%")
    last = next(ends, None)
    if last is None:
        return first + 1
    for number in range(first, last + 1):
        found.lines[number] = ""
    found.comments |= set(range(first, last + 1))
    return last + 1


def _take_from_line(found: Cleared, number: int) -> int:
    """Take the comments out that begin on a line; returns the next line to look at."""
    line = found.lines[number]
    plain = without_code(line)
    kept, at = "", 0
    for part in _OBSIDIAN.finditer(plain):
        plain = plain[: part.start()] + "\1" * (part.end() - part.start()) + plain[part.end() :]
        found.comments.add(number)
    while (begin := plain.find("<!--", at)) >= 0:
        identity, memory = _IDENTITY.match(line, begin), _MEMORY.match(line, begin)
        end = plain.find("-->", begin + 4)
        if identity is not None:
            kept, at = kept + line[at : identity.end()], identity.end()
            continue
        if end < 0:
            return _take_over_lines(found, number, kept + line[at:begin], begin)
        (found.memories if memory is not None else found.comments).add(number)
        kept, at = kept + line[at:begin], end + 3
    kept += line[at:]
    if "\1" in plain:
        kept = _OBSIDIAN.sub("", kept)
    found.lines[number] = kept.rstrip() if kept != line else line
    return number + 1


def _take_over_lines(found: Cleared, first: int, before: str, begin: int) -> int:
    """Take out a comment that ends on a later line; one that never ends is text, with a warning."""
    for last in range(first + 1, found.last_end + 1):
        end = found.lines[last].find("-->")
        if end >= 0:
            found.lines[first] = before.rstrip()
            for number in range(first + 1, last):
                found.lines[number] = ""
            found.lines[last] = found.lines[last][end + 3 :]
            found.comments |= set(range(first, last + 1))
            return last
        if begin > 3 and not found.lines[last].strip():
            break  # within a paragraph a comment ends with it
    message = "This comment is never closed, so it is shown as text. Close it with -->."
    found.warnings.append(NoteWarning(line=first + 1, message=message))
    return first + 1


def _take_details(found: Cleared, code: Container[int]) -> None:
    if "<" not in "\n".join(found.lines):
        return
    opened: list[Details] = []
    in_summary = False
    lines = list(found.lines)
    for number, line in enumerate(found.lines):
        if number in code:
            continue
        if "<" not in line or not (tags := list(_TAGS.finditer(without_code(line)))):
            if in_summary and opened:
                opened[-1].summary += f" {line.strip()}"
                opened[-1].lines.add(number)
                found.lines[number] = ""
            elif opened and _ONLY_FRAMES.match(line):
                found.lines[number] = ""
                opened[-1].lines.add(number)
            continue
        in_summary = _take_tags(found, opened, number, tags, in_summary)
    for region in opened:
        _close(found, region)
    for region in found.details:
        region.summary = html_headings.words_of(region.summary)
        region.text = _without_frames(region.text)
        _take_indent(found, region, lines)


def _take_indent(found: Cleared, region: Details, lines: Sequence[str]) -> None:
    """Take off the indentation of what stands right below the summary, which as HTML may be indented and as code not.

    Code by its indentation would have a blank line above it.
    """
    begun = max((line for line in region.lines if line < region.last - 1), default=region.first) + 1
    inside = [number for number in range(begun, region.last) if found.lines[number].strip()]
    if not inside or inside[0] != begun:
        return
    margin = _width(lines[region.first])
    least = min(_width(found.lines[number]) for number in inside)
    if least >= margin + _FOLD_INDENT:
        for number in inside:
            found.lines[number] = found.lines[number].expandtabs(4)[least - margin :]


def _width(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _take_folds(found: Cleared, code: Container[int]) -> None:
    """Take `??? tip "Title"` and the indented text below it as a `<details>` with this summary."""
    whole = "\n".join(found.lines)
    if "???" not in whole and "!!!" not in whole:
        return
    number, folds = 0, list[Details]()
    while number < len(found.lines):
        line = found.lines[number]
        fold = _FOLD.match(line) if line.startswith(("???", "!!!")) and number not in code else None
        number += 1
        if fold is None:
            continue
        region = Details(first=number - 1, last=number, depth=0, summary=fold["title"], lines={number - 1})
        found.lines[number - 1] = ""
        while number < len(found.lines) and (
            not (line := found.lines[number].expandtabs(4)).strip() or line[:4] == "    "
        ):
            found.lines[number] = line[_FOLD_INDENT:]
            number += 1
            region.last = number if line.strip() else region.last
        folds.append(region)
    if folds:
        found.details = sorted([*found.details, *folds], key=lambda one: one.first)


def _take_tags(
    found: Cleared, opened: list[Details], number: int, tags: Sequence[re.Match[str]], in_summary: bool
) -> bool:
    """Take the tags out of one line; returns whether a summary goes on in the next one."""
    line = found.lines[number]
    kept, at, behind = "", 0, False
    for tag in tags:
        text = line[at : tag.start()]
        if in_summary and opened:
            opened[-1].summary += f" {text}"
        elif behind and opened:
            opened[-1].text += text
        else:
            kept += text
        behind = not tag[1] or tag[2].lower() == "summary"
        at = tag.end()
        match tag[2].lower(), bool(tag[1]):
            case "details", False:
                opened.append(Details(first=number, last=len(found.lines), depth=len(opened)))
                found.details.append(opened[-1])
            case "details", True if opened:
                opened[-1].lines.add(number)
                opened.pop().last = number + 1
            case "summary", closing if opened:
                in_summary = not closing
        if opened:
            opened[-1].lines.add(number)
    if in_summary and opened:
        opened[-1].summary += f" {line[at:]}"
    elif behind and opened:
        opened[-1].text += line[at:]
    else:
        kept += line[at:]
    indent = line[: len(line) - len(line.lstrip())]
    rest = _without_frames(kept)
    found.lines[number] = indent + rest if rest.strip() else ""
    return in_summary


def _without_frames(text: str) -> str:
    return _FRAMES_AFTER.sub("", _FRAMES_BEFORE.sub("", text.strip())).strip()


def _close(found: Cleared, region: Details) -> None:
    """End an element that is never closed before the next one, and say so."""
    later = (other.first for other in found.details if other.first > region.first)
    region.last = next(later, len(found.lines))
    message = "This <details> is never closed; it is taken to end before the next one, or with the note."
    found.warnings.append(NoteWarning(line=region.first + 1, message=message))
