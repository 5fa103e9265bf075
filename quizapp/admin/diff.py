"""The difference between two texts, word by word or line by line, with long unchanged text cut out. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# SequenceMatcher takes quadratic time at worst. A changed stretch with more words than this counts as replaced whole.
COMPARED_WORDS_MAX = 500
COMPARED_LINES_MAX = 2_000  # likewise: a second at worst
CONTEXT_LINES = 3
CONTEXT_WORDS = 8  # unchanged words kept on each side of a change
_WORDS = re.compile(r"\s*\S+|\s+")  # a word with the blanks before it, so that adding one at the end changes no other


class PieceKind(StrEnum):
    """Which of the two texts has a piece."""

    SAME = "same"  # both
    GONE = "gone"  # the older one only
    NEW = "new"  # the newer one only


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Consecutive words of one kind."""

    part: PieceKind
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order. SAME and GONE pieces make up `before`, SAME and NEW ones `after`."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    pieces = [
        Piece(part=PieceKind.SAME, text="".join(old[:head])),
        *_middle(old[head : len(old) - tail], new[head : len(new) - tail]),
        Piece(part=PieceKind.SAME, text="".join(old[len(old) - tail :])),
    ]
    return [piece for piece in pieces if piece.text]


@dataclass(frozen=True, kw_only=True)
class DiffLine:
    """A line of two texts, or a row of lines that both have and that are left out."""

    part: PieceKind
    text: str
    left_out: int = 0
    """How many lines are left out here; 0 for a line."""


def line_diff(before: str, after: str) -> list[DiffLine]:
    """The lines of both texts in order, of unchanged ones those next to a change alone."""
    old, new = before.splitlines(), after.splitlines()
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    lines = [DiffLine(part=PieceKind.SAME, text=line) for line in old[:head]]
    lines += _middle_lines(old[head : len(old) - tail], new[head : len(new) - tail])
    lines += [DiffLine(part=PieceKind.SAME, text=line) for line in old[len(old) - tail :]]
    return list(_near_changes(lines))


def _middle_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[DiffLine]:
    steps: Sequence[tuple[str, int, int, int, int]] = [("replace", 0, len(old), 0, len(new))]
    if max(len(old), len(new)) <= COMPARED_LINES_MAX:
        steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for action, old_from, old_to, new_from, new_to in steps:
        if action == "equal":
            yield from (DiffLine(part=PieceKind.SAME, text=line) for line in old[old_from:old_to])
        else:
            yield from (DiffLine(part=PieceKind.GONE, text=line) for line in old[old_from:old_to])
            yield from (DiffLine(part=PieceKind.NEW, text=line) for line in new[new_from:new_to])


def _near_changes(lines: Sequence[DiffLine]) -> Iterator[DiffLine]:
    near = set[int]()
    for place, line in enumerate(lines):
        if line.part is not PieceKind.SAME:
            near.update(range(place - CONTEXT_LINES, place + CONTEXT_LINES + 1))
    left_out = 0
    for place, line in enumerate(lines):
        if place not in near:
            left_out += 1
            continue
        if left_out:
            yield DiffLine(part=PieceKind.SAME, text="", left_out=left_out)
            left_out = 0
        yield line
    if left_out:
        yield DiffLine(part=PieceKind.SAME, text="", left_out=left_out)


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """The same pieces, but long SAME ones keep only the CONTEXT_WORDS words next to a change."""
    last = len(pieces) - 1
    return [
        _cut(piece, first=index == 0, last=index == last) if piece.part is PieceKind.SAME else piece
        for index, piece in enumerate(pieces)
    ]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """The number of words, from the start, that are equal in both."""
    length = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        length += 1
    return length


def _middle(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    if max(len(old), len(new)) > COMPARED_WORDS_MAX:
        yield Piece(part=PieceKind.GONE, text="".join(old))
        yield Piece(part=PieceKind.NEW, text="".join(new))
        return
    for action, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if action == "equal":
            yield Piece(part=PieceKind.SAME, text="".join(old[old_from:old_to]))
        else:
            yield Piece(part=PieceKind.GONE, text="".join(old[old_from:old_to]))
            yield Piece(part=PieceKind.NEW, text="".join(new[new_from:new_to]))


def _cut(piece: Piece, *, first: bool, last: bool) -> Piece:
    words = _WORDS.findall(piece.text)
    before, after = 0 if first else CONTEXT_WORDS, 0 if last else CONTEXT_WORDS
    if len(words) <= before + after + 1:
        return piece
    kept = f"{''.join(words[:before])} …{''.join(words[len(words) - after :])}"
    return Piece(part=PieceKind.SAME, text=kept.lstrip() if first else kept)
