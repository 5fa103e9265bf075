"""Two editors of one text: what each has changed since both opened it, line by line, and what both have. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, kw_only=True)
class DisputedLines:
    """A stretch of lines that both have changed in two ways."""

    before: str
    """As both opened it; empty if both have added it."""
    mine: str
    theirs: str


@dataclass(frozen=True, kw_only=True)
class MergedText:
    """The changes of two editors in one text."""

    text: str
    """Of a disputed stretch it has the own version."""
    disputed: Sequence[DisputedLines]


@dataclass(frozen=True, kw_only=True)
class _Stretch:
    """Where a run of lines begins in the text that was opened, the own one and theirs, and how many lines it has."""

    before: int
    mine: int
    theirs: int
    lines: int


def merged_lines(before: str, *, mine: str, theirs: str) -> MergedText:
    """What `mine` has changed of `before`, put into `theirs`."""
    texts = tuple(text.splitlines(keepends=True) for text in (before, mine, theirs))
    kept, disputed = list[str](), list[DisputedLines]()
    at = _Stretch(before=0, mine=0, theirs=0, lines=0)
    for same in _unchanged(*texts):
        opened = "".join(texts[0][at.before : same.before])
        own = "".join(texts[1][at.mine : same.mine])
        other = "".join(texts[2][at.theirs : same.theirs])
        kept.append(other if own == opened else own)
        if opened not in (own, other) and own != other:
            disputed.append(DisputedLines(before=opened, mine=own, theirs=other))
        kept += texts[0][same.before : same.before + same.lines]
        at = _Stretch(
            before=same.before + same.lines,
            mine=same.mine + same.lines,
            theirs=same.theirs + same.lines,
            lines=0,
        )
    return MergedText(text="".join(kept), disputed=disputed)


def _unchanged(before: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[_Stretch]:
    """The runs of lines that both have left as they were, and an empty one at the end."""
    own = SequenceMatcher(None, before, mine).get_matching_blocks()
    other = SequenceMatcher(None, before, theirs).get_matching_blocks()
    one, two = 0, 0
    while one < len(own) and two < len(other):
        first = max(own[one].a, other[two].a)
        ends = own[one].a + own[one].size, other[two].a + other[two].size
        if min(ends) > first:
            yield _Stretch(
                before=first,
                mine=own[one].b + first - own[one].a,
                theirs=other[two].b + first - other[two].a,
                lines=min(ends) - first,
            )
        if ends[0] < ends[1]:
            one += 1
        else:
            two += 1
    yield _Stretch(before=len(before), mine=len(mine), theirs=len(theirs), lines=0)
