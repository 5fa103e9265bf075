"""Prepares a note's text for the Markdown parser: decoding, limits, front matter, unclosed code blocks. Pure.

Every change keeps the number of lines, so that line numbers in warnings are those of the author's file: the closing
line of a code block replaces a blank line.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from markdown_it.token import Token

from quizapp.catalogue.formats.markdown.as_meant.site_markup import SiteLines, has_marks, in_markdown
from quizapp.catalogue.formats.markdown.labels import DECK
from quizapp.catalogue.formats.markdown.languages import QUESTION_MARKS
from quizapp.catalogue.formats.parsed import NOTE_MAX_BYTES, NoteWarning, Unreadable, readable, too_large
from quizapp.catalogue.html.markdown_html import NESTING_MAX, BlockTokens, parse_document, too_deep
from quizapp.catalogue.html.rendering import FIELD_MAX_CHARS
from quizapp.catalogue.yaml_text import BadYaml, read_mapping

BLOCKS_MAX = 20_000  # headings, items, paragraphs: so many are parsed in 2 s; a bank of 1.2 MB has 9,000
# The parser tries each list that a block is in again: 31 deep it takes five times as long as at the margin.
DEEP_COLUMNS = 12
LINKS_MAX = 10_000  # definitions such as `[name]: address`, which take a tenth of a millisecond each
LINES_MAX = 100_000  # a parser looks at each one several times
# Quotations in one another in a note of so many lines: a parser may look at all of these for each quotation.
QUOTES_MAX = 32
QUOTED_LINES_MAX = 2_000
CELLS_MAX = 40_000  # of tables, for the same reason
REPAIRS_CHARS_MAX = 1_500_000  # characters that all repairs together parse again, half a second of them
REPAIRS_MAX = 50  # each parses the note again; with more of them the repairs would be guesses
FRAME_ENDS = 2  # lines of a frame: its fences
FRAMING_LINES = 4  # what a chat says before and behind a note that it wrote between fences
FRAMED_TIMES = 4  # a frame holds so many times the lines that stand outside of it
PAIRS_FEWEST = 2  # questions by name in a frame without a language
GIANT_HEADINGS = 3  # a code block with this many headings most likely lacks its closing line

_FRAME = re.compile(r"(`{3,}|~{3,})\s*(?:markdown|md)\s*$", re.IGNORECASE)
_PLAIN_FRAME = re.compile(r"(`{3}|~{3})\s*(?:text|txt)?\s*$", re.IGNORECASE)
_NAMED_QUESTION = re.compile(r"Q(?:uestion)?\s?\d{0,3}\s?[.:)]", re.IGNORECASE)
_NAMED_ANSWER = re.compile(r"A(?:ns(?:wer)?)?\s?\d{0,3}\s?[.:)-]", re.IGNORECASE)
_HEADING = re.compile(r"^ {0,3}#{2,6} \S")
_FIELD = re.compile(r"(?!(?:q|a|question|answer)\d*\s*:)[a-z][\w-]*\s?[:=](?:\s|$)", re.IGNORECASE)
_ASKED = re.compile(r"(?:q|a|question|answer)\s?\d*$|.*\?$", re.IGNORECASE)
_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+|>[ \t]*")
_DEEP_QUOTES = re.compile(rf"[ \t]*(?:>[ \t]*){{{QUOTES_MAX + 1}}}")
_DEFINITION = re.compile(r"\[[^\[\]]+\]:")
_BEGINS = re.compile(r"#{1,6}\s|[-*+]\s|\d{1,9}[.)]\s|[-=~`]{3}|=+\s*$|-+\s*$")
_WIDE_MARKER = re.compile(r"^( {0,3}(?:[-*+]|\d{1,3}[.)]))(?: {5,}|[ ]*\t[ \t]*)(?=\S)")
_MARKDOWN = ("markdown", "md")  # languages of code blocks that show a note


@dataclass(frozen=True, kw_only=True)
class NoteText:
    """A note's lines, ready to be parsed: front matter replaced by blank lines, unclosed code blocks closed."""

    lines: Sequence[str]
    document: BlockTokens
    """What these lines are parsed to."""
    original: Sequence[str]
    """The lines of the file as they are."""
    code: frozenset[int]
    """The lines, from 0, that are code."""
    front_matter: Mapping[str, Any]
    front_matter_lines: int
    """How many lines at the top the front matter takes."""
    frame: frozenset[int]
    """The lines, from 0, of a code block that holds the whole note."""
    marks: frozenset[int]
    """The lines, from 0, that say to a site generator how to show others."""
    comments: frozenset[int]
    """The lines, from 0, that a site generator leaves out."""
    warnings: tuple[NoteWarning, ...]


@dataclass(frozen=True, kw_only=True)
class Mended:
    """A note's lines after the repair, what they are parsed to, and a warning for each repair."""

    lines: Sequence[str]
    document: BlockTokens
    warnings: tuple[NoteWarning, ...]


def decode(data: bytes) -> str:
    """The text of a file, with LF line ends. Raises Unreadable, with the line: no UTF-8, NUL, empty, or too large."""
    if len(data) > NOTE_MAX_BYTES:
        raise Unreadable(too_large(len(data)))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable("The file is not UTF-8 text. Save it as UTF-8 and import it again.", line=line) from None
    return readable(text)


def prepare(text: str) -> NoteText:
    """A note's text, ready to be parsed. Raises Unreadable for a paragraph of more than FIELD_MAX_CHARS."""
    original = text.split("\n")
    frame = _frame(original) if "```" in text or "~~~" in text else frozenset[int]()
    framed = ["" if number in frame else line for number, line in enumerate(original)] if frame else original
    read, front_matter, warnings = _front_matter(framed)
    site = in_markdown(read, of_jekyll="layout" in front_matter) if has_marks(text) else SiteLines(lines=read)
    if len(frame) > FRAME_ENDS:
        message = "This stands behind the fences round the note and is left out. Take the fences away to keep it."
        warnings = [*warnings, NoteWarning(line=sorted(frame)[FRAME_ENDS] + 1, message=message)]
    _refuse_many_blocks(site.lines)
    mended = _without_wide_markers(close_fences(site.lines))
    refuse_deep(mended.document)
    _refuse_giant_blocks(mended.document.blocks)
    return NoteText(
        lines=mended.lines,
        document=mended.document,
        original=original,
        code=frozenset(
            number
            for token in mended.document.blocks
            if token.type in ("fence", "code_block") and token.map is not None
            for number in range(*token.map)
        ),
        front_matter=front_matter,
        front_matter_lines=0 if read is framed else _length(framed),
        frame=frame,
        marks=site.marks,
        comments=site.comments,
        warnings=(*warnings, *mended.warnings),
    )


def _frame(lines: Sequence[str]) -> frozenset[int]:
    """The lines of a fence that makes one Markdown example of the whole note, as an answer of a chat is copied.

    Code in it has the same marks, so its end is told by their number: if it is odd, the last one ends the frame. What
    the chat says behind it belongs to the frame. A fence without a language counts if it holds questions by name.
    """
    written = [number for number, line in enumerate(lines) if line.strip()]
    if written and _PLAIN_FRAME.match(lines[written[0]]) and _holds_pairs(lines, written):
        return frozenset((written[0], written[-1]))
    place = _frame_at(lines, written)
    opened = _FRAME.match(lines[written[place]]) if written else None
    if opened is None:
        return frozenset()
    marks = [number for number in written[place + 1 :] if lines[number].startswith(opened[1])]
    if len(marks) % 2 == 0:
        return frozenset(written[:1]) if place == 0 else frozenset()
    behind = sum(number > marks[-1] for number in written)
    closed = not lines[marks[-1]].strip().strip(opened[1][0])
    headed = any(lines[number].startswith("#") for number in written[place + 1 :])
    few = behind <= (FRAMING_LINES if place else 0) and len(written) >= FRAMED_TIMES * (behind + place)
    if place and not lines[written[0]].startswith("# ") and not headed:
        return frozenset()
    if not closed or (behind and not few):
        return frozenset()
    return frozenset((written[place], marks[-1], *(number for number in written if number > marks[-1])))


def _holds_pairs(lines: Sequence[str], written: Sequence[int]) -> bool:
    """Whether all of a note stands between its first and last line, which are fences, and is questions and answers."""
    inside = [lines[number] for number in written[1:-1]]
    if lines[written[-1]].strip() != lines[written[0]].strip()[:3] or any(
        line.startswith(("```", "~~~")) for line in inside
    ):
        return False
    asked = sum(_NAMED_QUESTION.match(line) is not None for line in inside)
    return asked >= PAIRS_FEWEST and asked <= 2 * sum(_NAMED_ANSWER.match(line) is not None for line in inside)


def _frame_at(lines: Sequence[str], written: Sequence[int]) -> int:
    """The place among the written lines at which a frame may begin: behind a title, or what a chat says before it."""
    if len(written) > 1 and lines[written[0]].startswith("# "):
        return 1
    for place, number in enumerate(written[: FRAMING_LINES + 1]):
        if _FRAME.match(lines[number]):
            return place
        if lines[number].startswith(("#", "-", "*", "+", "`", "~", "|", ">")) and lines[number].strip("-") != "":
            break
    return 0


def refuse_deep(document: BlockTokens) -> None:
    """Raise Unreadable for blocks so deep in one another that the parser has left out what they hold."""
    line = too_deep(document.blocks)
    if line is not None:
        message = f"Here lists or quotations are in one another more than {NESTING_MAX // 2} deep. Indent less."
        raise Unreadable(message, line=line + 1)


def _front_matter(lines: list[str]) -> tuple[list[str], Mapping[str, Any], list[NoteWarning]]:
    """Lines, data and warnings of a front matter: a YAML mapping between two `---` lines at the top, or TOML.

    Its lines become blank ones. Without a front matter the lines are returned as they are.
    """
    mark = lines[0].rstrip() if lines else ""
    if mark not in ("---", "+++"):
        return lines, {}, []
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == mark), None)
    if end is None:
        message = (
            f"This front matter is never closed, so it is shown as text. Close it with {mark} below its last line."
        )
        begins = len(lines) > 1 and _FIELD.match(lines[1]) is not None
        return lines, {}, [NoteWarning(line=1, message=message)] if begins else []
    text = "\n".join(lines[1:end])
    with suppress(tomllib.TOMLDecodeError):
        if data := tomllib.loads(text):
            return [""] * (end + 1) + lines[end + 1 :], data, []
    try:
        document = read_mapping(text)
    except BadYaml as error:
        message = f"This is no front matter and is shown as text. {error}"
        asks = not lines[1].strip() and any(
            line.startswith("#") or line.endswith(QUESTION_MARKS) for line in lines[1:end]
        )
        is_rule = asks or lines[1].startswith("#") or DECK.match(lines[1]) is not None
        return lines, {}, [] if is_rule else [NoteWarning(line=error.line + 1, message=message)]
    if any(_ASKED.match(str(name)) for name in document.data):
        return lines, {}, []  # a card between two rules
    return [""] * (end + 1) + lines[end + 1 :], document.data, []


def _refuse_many_blocks(lines: Sequence[str]) -> None:
    """Raise Unreadable for more blocks or table cells than BLOCKS_MAX and CELLS_MAX, before any time goes into them.

    A block that is indented by DEEP_COLUMNS counts as two, by twice as many as three. The same for more lines than
    LINES_MAX or definitions than LINKS_MAX, and in a long note more quotations in one another than QUOTES_MAX.
    """
    if len(lines) > LINES_MAX:
        raise Unreadable(f"The note has more than {LINES_MAX:,} lines. Split it.", line=LINES_MAX)
    blocks = cells = links = 0
    blank, is_long = True, len(lines) > QUOTED_LINES_MAX
    for number, line in enumerate(lines, start=1):
        if line[:1].isalpha() and "|" not in line:  # most lines: a word at the margin begins no list
            blocks, blank = blocks + blank, False
        else:
            text = line.lstrip(" \t>")
            before, is_word = len(line) - len(text), text[:1].isalpha()
            quoted = before > 0 and len(line) - len(line.lstrip(" \t")) != before
            if text and (blank or quoted or (not is_word and _BEGINS.match(text))):
                blocks += (1 if is_word else max(_markers(text), 1)) + before // DEEP_COLUMNS
            links += text.startswith("[") and _DEFINITION.match(text) is not None
            if "|" in text and (text.startswith("|") or text.count("|") > 1):
                cells += text.count("|")
            blank = not text
            if is_long and quoted and _DEEP_QUOTES.match(line):
                raise Unreadable(f"Here quotations are in one another more than {QUOTES_MAX} deep.", line=number)
            if links > LINKS_MAX:
                raise Unreadable(f"The note has more than {LINKS_MAX:,} definitions of links. Split it.", line=number)
        if blocks > BLOCKS_MAX or cells > CELLS_MAX:
            what = f"{BLOCKS_MAX:,} headings, items and paragraphs" if blocks > BLOCKS_MAX else f"{CELLS_MAX:,} cells"
            raise Unreadable(f"The note has more than {what}. Split it.", line=number)


def _markers(text: str) -> int:
    """How many lists and quotations a line begins, one in the other: `- - x` begins two."""
    count = at = 0
    while found := _MARKER.match(text, at):
        count, at = count + 1, found.end()
    return count


def _length(original: Sequence[str]) -> int:
    """How many lines at the top have been made blank, the closing line included."""
    return (
        next(number for number, line in enumerate(original[1:], start=1) if line.rstrip() == original[0].rstrip()) + 1
    )


def _refuse_giant_blocks(blocks: Sequence[Token]) -> None:
    """Raise Unreadable for a paragraph of more than FIELD_MAX_CHARS, since some take quadratic time to parse."""
    for token in blocks:
        if token.type == "inline" and len(token.content) > FIELD_MAX_CHARS and token.map is not None:
            message = f"A paragraph has more than {FIELD_MAX_CHARS:,} characters. Break it up with blank lines."
            raise Unreadable(message, line=token.map[0] + 1)


def close_fences(lines: Sequence[str]) -> Mended:
    """The lines with unclosed code blocks closed before the first heading or code block that they contain."""
    repaired, warnings = list(lines), []
    document = parse_document("\n".join(repaired))
    size = sum(map(len, repaired))
    for _ in range(min(REPAIRS_MAX, max(REPAIRS_CHARS_MAX // max(size, 1), 1))):
        found = next(_repairs(document.blocks, repaired), None)
        if found is None:
            break
        opened, place, mark = found
        repaired[place] = mark
        document = parse_document("\n".join(repaired))
        message = f"This code block is never closed; it is taken to end before line {place + 2}."
        warnings.append(NoteWarning(line=opened + 1, message=message))
    left = _left_over(document.blocks, repaired)
    return Mended(lines=repaired, document=document, warnings=(*warnings, *left))


def _without_wide_markers(mended: Mended) -> Mended:
    """The note with one blank behind markers of items that have five or more, which would make code of the text."""
    wide = {
        token.map[0]: found
        for token in mended.document.blocks
        if token.type == "code_block" and token.level and token.map is not None
        if (found := _WIDE_MARKER.match(mended.lines[token.map[0]])) is not None
    }
    if not wide:
        return mended
    lines = list(mended.lines)
    for number, found in wide.items():
        lines[number] = f"{found[1]} {lines[number][found.end() :]}"
    return replace(mended, lines=lines, document=parse_document("\n".join(lines)))


def _repairs(blocks: Sequence[Token], lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """For each unclosed code block: its first line, the blank line that can close it (both from 0), and its mark."""
    for token, first, last in _fences(blocks):
        if token.level == 0 and (not _is_closed(token, lines, first, last) or _opener_in(token, lines, first, last)):
            place = next((number - 1 for number in _swallowed(token, lines, first, last)), None)
            if place is not None:
                yield first, place, token.markup


def _left_over(blocks: Sequence[Token], lines: Sequence[str]) -> Iterator[NoteWarning]:
    """Warnings about code blocks that could not be repaired, or that look unclosed without proof."""
    for token, first, last in _fences(blocks):
        if not _is_closed(token, lines, first, last):
            yield NoteWarning(line=first + 1, message="This code block is never closed; all that follows is code.")
            continue
        headings = sum(_HEADING.match(line) is not None for line in token.content.split("\n"))
        if headings >= GIANT_HEADINGS and token.info.strip() not in _MARKDOWN:
            message = f"This code block of {last - first} lines holds {headings} headings. Is its closing line missing?"
            yield NoteWarning(line=first + 1, message=message)


def _fences(blocks: Sequence[Token]) -> Iterator[tuple[Token, int, int]]:
    """Every code block between fences: its token, its first line from 0, and the line after its last one."""
    for token in blocks:
        if token.type == "fence" and token.map is not None:
            yield token, token.map[0], token.map[1]


def _is_closed(token: Token, lines: Sequence[str], first: int, last: int) -> bool:
    ending = lines[last - 1].strip(" \t>") if last - 1 > first else ""
    return ending.startswith(token.markup) and not ending.strip(token.markup[0])


def _opener_in(token: Token, lines: Sequence[str], first: int, last: int) -> bool:
    return any(_opens(lines[number], token) for number in range(first + 1, last))


def _opens(line: str, token: Token) -> bool:
    """Whether a line begins a code block with a language, with the same mark as the block of `token` has."""
    stripped = line.strip()
    return stripped.startswith(token.markup) and stripped.strip(token.markup[0]).strip().isalnum()


def _swallowed(token: Token, lines: Sequence[str], first: int, last: int) -> Iterator[int]:
    """The lines in a code block, from 0, that follow a blank line and begin with a heading or another code block."""
    for number in range(first + 2, last):
        if not lines[number - 1].strip() and (_HEADING.match(lines[number]) or _opens(lines[number], token)):
            yield number
