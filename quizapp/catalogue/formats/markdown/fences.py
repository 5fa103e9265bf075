"""Code blocks whose closing line is missing: find them, close them where they should have been, say so. Pure.

A closing line takes the place of a blank one, so the line count stays and a line number means the same to the author.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from quizapp.catalogue.formats.parsed import NoteWarning
from quizapp.catalogue.rendering import parse_blocks

REPAIRS_MAX = 50  # each reads the note again; a note with more is not worth guessing at
GIANT_HEADINGS = 3  # a code block with as many headings in it was most likely never closed where it should be

_HEADING = re.compile(r"^ {0,3}#{2,6} \S")
_MARKDOWN = ("markdown", "md")  # blocks that show what a note looks like


@dataclass(frozen=True, kw_only=True)
class Mended:
    """A note's lines after the repair, their blocks, and what there is to say about it."""

    lines: Sequence[str]
    blocks: Sequence[Token]
    warnings: tuple[NoteWarning, ...]


def close_fences(lines: Sequence[str]) -> Mended:
    """The lines with broken code blocks closed before the heading or the code block that they swallowed."""
    repaired, warnings = list(lines), []
    blocks = parse_blocks("\n".join(repaired))
    for _ in range(REPAIRS_MAX):
        found = next(_repairs(blocks, repaired), None)
        if found is None:
            break
        opened, place, mark = found
        repaired[place] = mark
        blocks = parse_blocks("\n".join(repaired))
        message = f"This code block is never closed; it is taken to end before line {place + 2}."
        warnings.append(NoteWarning(line=opened + 1, message=message))
    return Mended(lines=repaired, blocks=blocks, warnings=(*warnings, *_left_over(blocks, repaired)))


def _repairs(blocks: Sequence[Token], lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Where a broken block opens, the blank line that can close it, and what closes it."""
    for token, first, last in _fences(blocks):
        if token.level == 0 and (not _is_closed(token, lines, first, last) or _opener_in(token, lines, first, last)):
            place = next((number - 1 for number in _swallowed(token, lines, first, last)), None)
            if place is not None:
                yield first, place, token.markup


def _left_over(blocks: Sequence[Token], lines: Sequence[str]) -> Iterator[NoteWarning]:
    """What could not be repaired, or looks broken without being so for certain."""
    for token, first, last in _fences(blocks):
        if not _is_closed(token, lines, first, last):
            yield NoteWarning(line=first + 1, message="This code block is never closed; all that follows is code.")
            continue
        headings = sum(_HEADING.match(line) is not None for line in token.content.split("\n"))
        if headings >= GIANT_HEADINGS and token.info.strip() not in _MARKDOWN:
            message = f"This code block of {last - first} lines holds {headings} headings. Is its closing line missing?"
            yield NoteWarning(line=first + 1, message=message)


def _fences(blocks: Sequence[Token]) -> Iterator[tuple[Token, int, int]]:
    """Every code block between fences with its lines, from 0, the last one excluded."""
    for token in blocks:
        if token.type == "fence" and token.map is not None:
            yield token, token.map[0], token.map[1]


def _is_closed(token: Token, lines: Sequence[str], first: int, last: int) -> bool:
    ending = lines[last - 1].strip(" \t>") if last - 1 > first else ""
    return ending.startswith(token.markup) and not ending.strip(token.markup[0])


def _opener_in(token: Token, lines: Sequence[str], first: int, last: int) -> bool:
    return any(_opens(lines[number], token) for number in range(first + 1, last))


def _opens(line: str, token: Token) -> bool:
    """Whether a line would begin a code block with a language, of a kind that could not stand inside this one."""
    stripped = line.strip()
    return stripped.startswith(token.markup) and stripped.strip(token.markup[0]).strip().isalnum()


def _swallowed(token: Token, lines: Sequence[str], first: int, last: int) -> Iterator[int]:
    """Lines after a blank one that begin something that is not code."""
    for number in range(first + 2, last):
        if not lines[number - 1].strip() and (_HEADING.match(lines[number]) or _opens(lines[number], token)):
            yield number
