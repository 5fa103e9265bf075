"""What differs between two texts, word by word, short enough to read. Pure string work."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# The matcher is quadratic at worst. What differs over more words than this counts as rewritten whole.
COMPARED_WORDS_MAX = 500
CONTEXT_WORDS = 8  # unchanged words kept on each side of a change
_WORDS = re.compile(r"\s*\S+|\s+")  # a word with the blanks before it, so that adding one at the end changes no other


class PieceKind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A run of words that share their fate."""

    part: PieceKind
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """The way from one text to the other. SAME and GONE pieces make up `before`, SAME and NEW ones `after`."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    pieces = [
        Piece(part=PieceKind.SAME, text="".join(old[:head])),
        *_middle(old[head : len(old) - tail], new[head : len(new) - tail]),
        Piece(part=PieceKind.SAME, text="".join(old[len(old) - tail :])),
    ]
    return [piece for piece in pieces if piece.text]


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """The same pieces, with long unchanged stretches cut down to the words next to a change."""
    last = len(pieces) - 1
    return [
        _cut(piece, first=index == 0, last=index == last) if piece.part is PieceKind.SAME else piece
        for index, piece in enumerate(pieces)
    ]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
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
