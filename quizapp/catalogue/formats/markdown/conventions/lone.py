"""Questions that are all of their section, or of their note. Pure.

In a section deeper headings below one go on with the answer; a note is one if a rule parts what it asks from the rest.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from quizapp.catalogue.formats.markdown.blocks import Kind
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, read

FEWEST = 2
SHARE = (
    0.6  # of the headings of a level that have a question by name right below them, and no other one in their section
)
_CARD = (Kind.PARAGRAPH, Kind.RULE)
_ENDS = frozenset({Kind.HEADING, Kind.RULE})
_BY_NAME = (Convention.PAIRS, Convention.ANSWERED)


def give_levels(note: Reading, named: Sequence[Opening]) -> None:
    """Give such questions the level of their heading, "## 1. Layers", `**Question:** …`, "### Why B is correct"."""
    if len(named) < FEWEST:
        return
    headings = [block for block in note.blocks if block.kind is Kind.HEADING]
    firsts = [block.first for block in headings]
    above: dict[int, list[Opening]] = {}
    for one in named:
        if place := bisect_right(firsts, one.line):
            above.setdefault(place - 1, []).append(one)
    levels = Counter(block.level for block in headings)
    alone = {
        place: own[0]
        for place, own in above.items()
        if len(own) == 1 and own[0].convention in _BY_NAME and is_first(note, headings[place].last, own[0].line)
    }
    counts = Counter(headings[place].level for place in alone)
    for place, one in alone.items():
        level = headings[place].level
        if counts[level] >= max(FEWEST, SHARE * levels[level]):
            one.level = level


def card(note: Reading) -> list[Opening]:
    """The question of a note that is a line that asks, one rule and a text without headings: a card of Mochi."""
    kinds = [block.kind for block in note.blocks]
    if len(kinds) <= len(_CARD) or tuple(kinds[: len(_CARD)]) != _CARD or not _ENDS.isdisjoint(kinds[len(_CARD) :]):
        return []
    front = note.blocks[0]
    wording = read(front.text)
    if "\n" in front.text or wording.asks < Asks.IMPERATIVE:
        return []
    lines = frozenset(front.lines)
    return [Opening(convention=Convention.LINES, line=front.first, prompt=wording.prompt, lines=lines)]


def is_first(note: Reading, below: int, line: int) -> bool:
    """Whether nothing stands between the line right `below` a heading and another line."""
    return not any(text.strip() for text in note.source.lines[below:line])


def line_below(note: Reading, one: Opening) -> int:
    """The line below a name such as "Question 3" that stands alone, where its question is; -1 for another opening."""
    lines = range(one.line + 1, len(note.source.lines)) if not one.rest.strip() else ()
    return next((line for line in lines if note.source.lines[line].strip()), -1)
