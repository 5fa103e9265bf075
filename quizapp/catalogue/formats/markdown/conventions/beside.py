"""Questions that are written in another way than those around them, where that leaves no doubt. Pure.

A bold question, a plain line that asks and a numbered one below one heading would else be one question, whose answer
holds the others. In an answer, too, a line may ask: so such a line is a question only below a heading that says that
questions follow, if those around it are written in several ways or are no more than such lines; or if its number is
the next one.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.bold_lines import bold_line
from quizapp.catalogue.formats.markdown.conventions.lone import line_below
from quizapp.catalogue.formats.markdown.labels import first_label
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, asked_and_told, read

_NAMED = re.compile(r"^[*_]{0,3}(?:Q|Question)\s?(\d{1,3})\s", re.IGNORECASE)  # "Q6 What is a layer?"
WORDS_FEWEST = 3  # of such a line; "And why?" goes on with what is above it
# Ways whose questions end at the next one, whatever that looks like.
_OPEN = (
    Convention.BOLD_LINES, Convention.LISTS, Convention.PAIRS, Convention.DETAILS, Convention.NUMBERED,
    Convention.ANSWERED, Convention.LINES, Convention.QUOTED, Convention.TABLES, Convention.INLINE,
)  # fmt: skip


def find(note: Reading, chosen: Sequence[Opening]) -> list[Opening]:
    """The further questions of a note, of which `chosen` are known."""
    if not chosen or any(one.convention not in _OPEN for one in chosen):
        return []
    known = sorted(chosen, key=lambda one: one.line)
    begun = [one.line for one in known]
    taken = {line for one in known for line in one.lines}
    found: list[Opening] = []
    lone = [one for one in standing_alone(note, bare=True) if one.line not in taken]
    lone = [one for one in lone if not _is_within(note, known, begun, one)]
    followed = {one.line for one in standing_alone(note)}
    ends = [block.first for block in note.blocks if block.kind is Kind.HEADING]
    for group in _by_heading(lone, ends):
        own = [one for one in group if one.line in followed] or group
        first = bisect_right(ends, own[0].line)
        start, end = ends[first - 1] if first else 0, ends[first] if first < len(ends) else len(note.source.lines)
        around = known[bisect_left(begun, start) : bisect_left(begun, end)]
        ways = {one.convention for one in around}
        asked = own[0].line in note.asking and around and own[0].line in followed
        if asked and (len(ways | {one.convention for one in own}) > 2 or len(own) >= len(around)):
            found += own
        else:
            found += _counted_on(note, [*known, *found], group)
    return found


def standing_alone(note: Reading, *, bare: bool = False) -> Iterator[Opening]:
    """The questions that paragraphs, quotations and lists of one item would be; those that have something below them.

    With `bare` also those that are numbered and have nothing below them. They are looked for once.
    """
    if note.alone is None:
        found = list(_alone(note))
        note.alone = [opening for opening, _ in found]
        note.bare = frozenset(opening.line for opening, is_followed in found if not is_followed)
    return (one for one in note.alone if bare or one.line not in note.bare)


def _alone(note: Reading) -> Iterator[tuple[Opening, bool]]:
    """Those with and without something below them, and whether there is."""
    for block, following in pairwise([*note.blocks, None]):
        assert block is not None
        item = block.children[0] if block.kind in LISTS and len(block.children) == 1 else None
        head = item.children[0] if item is not None and item.children else block
        if block.kind is Kind.QUOTE and len(block.children) == 1:
            head = block.children[0]
        below = item.children[1:] if item is not None else []
        first, _, rest = head.text.partition("\n")
        if head.kind is not Kind.PARAGRAPH or block.first in note.in_folded_answers or not _asks(first):
            continue
        is_followed = bool(rest or below) or (following is not None and _may_answer(following))
        if is_followed or item is not None or read(first).numbered:
            yield _opening(block, first, rest, below), is_followed


def _opening(block: Block, first: str, rest: str, below: Sequence[Block]) -> Opening:
    """The question of a block's first line, with the rest of its paragraph and what is below that."""
    told = asked_and_told(first)
    return Opening(
        convention=_way(block),
        line=block.first,
        prompt=told[0] if told is not None else _NAMED.sub("", read(first).prompt),
        lines=frozenset([block.first]),
        rest="\n".join(part for part in (told[1] if told is not None else "", rest) if part),
        rest_line=block.first if told is not None else block.first + 1,
        below=below,
    )


def _way(block: Block) -> Convention:
    if block.kind is Kind.QUOTE:
        return Convention.QUOTED
    return Convention.BOLD_LINES if bold_line(block) is not None else Convention.LINES


def _asks(line: str) -> bool:
    wording = read(line)
    if wording.asks is not Asks.MARK or first_label(line) is not None:
        return False
    return len(wording.prompt.split()) >= WORDS_FEWEST


def _may_answer(following: Block) -> bool:
    return following.kind not in (Kind.HEADING, Kind.RULE)


def _is_within(note: Reading, known: Sequence[Opening], begun: Sequence[int], one: Opening) -> bool:
    """Whether a line stands in the folded answer, or in an item, of a known question, or right below its name."""
    place = bisect_right(begun, one.line) - 1
    if place < 0:
        return False
    before = known[place]
    own = before.convention is Convention.PAIRS and not before.prompt and line_below(note, before) == one.line
    inside = any(block.first <= one.line < block.last for block in before.below) or own
    return inside or (before.convention is Convention.DETAILS and one.line < (before.until or 0))


def _by_heading(lone: Sequence[Opening], ends: Sequence[int]) -> Iterator[list[Opening]]:
    """The openings in groups that stand below the same heading."""
    groups: dict[int, list[Opening]] = {}
    for one in lone:
        groups.setdefault(bisect_right(ends, one.line), []).append(one)
    yield from groups.values()


def _counted_on(note: Reading, known: Sequence[Opening], lone: Sequence[Opening]) -> list[Opening]:
    """Those whose number is the one after that of the question before them, or before that of the next one."""
    found: list[Opening] = []
    for one in lone:
        number = _number(note, one)
        before = max((other for other in (*known, *found) if other.line < one.line), key=_line, default=None)
        after = min((other for other in known if other.line > one.line), key=_line, default=None)
        last = _number(note, before) if before is not None else None
        following = _number(note, after) if after is not None else None
        if number is not None and (last == number - 1 or following == number + 1):
            found.append(one)
    return found


def _line(one: Opening) -> int:
    return one.line


def _number(note: Reading, one: Opening) -> int | None:
    """The number that a question begins with."""
    own = next((detail.summary for detail in note.source.details if detail.first == one.line), None)
    text = own if own is not None else note.source.lines[one.line].strip().lstrip("> ")
    number = read(text).number or (named[1] if (named := _NAMED.match(text)) is not None else "")
    return int(number) if number.isdigit() else None
