"""Cards of inka: numbered items below a line `Deck: name`, each with quoted lines as its answer, or with gaps. Pure.

What an item says is asked whatever its words are, as the line above says that all of them are cards. Items that are
counted anew are the steps of a text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from quizapp.catalogue.formats.markdown.answers import unquoted
from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.conventions.gaps import gaps_of
from quizapp.catalogue.formats.markdown.labels import DECK
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import read

FRONT_MAX_CHARS = 16_000  # of what is asked; longer texts are cut where a question is stored


@dataclass(kw_only=True)
class _Item:
    """A numbered item, and the blocks between it and the next one."""

    item: Block
    behind: list[Block] = field(default_factory=list)


def find(note: Reading) -> Iterator[Opening]:
    """Every such card whose item is one text."""
    for blocks in _decks(note):
        items = list(_items(blocks))
        if any(int(later.item.info or 0) <= int(earlier.item.info or 0) for earlier, later in pairwise(items)):
            continue
        for one in items:
            yield from _cards(note, one)


def _decks(note: Reading) -> Iterator[Sequence[Block]]:
    """The blocks behind each line that names a deck, up to a rule, a heading or the next such line."""
    deck: list[Block] | None = None
    for block in note.blocks:
        names = block.kind is Kind.PARAGRAPH and DECK.match(block.text) is not None
        if deck is not None and (names or block.kind in (Kind.RULE, Kind.HEADING)):
            yield deck
            deck = None
        if names:
            deck = []
        elif deck is not None:
            deck.append(block)
    if deck is not None:
        yield deck


def _items(blocks: Sequence[Block]) -> Iterator[_Item]:
    found: _Item | None = None
    for block in blocks:
        if block.kind is Kind.NUMBERS:
            for item in block.children:
                if found is not None:
                    yield found
                found = _Item(item=item)
        elif found is not None:
            found.behind.append(block)
    if found is not None:
        yield found


def _cards(note: Reading, one: _Item) -> Iterator[Opening]:
    """The card of an item whose answer is quoted below it; else one for each of its gaps."""
    quoted = next((place for place, block in enumerate(one.behind) if block.kind is Kind.QUOTE), None)
    if not one.item.children or one.item.children[0].kind is not Kind.PARAGRAPH:
        return
    front = _text(note, [*one.item.children, *one.behind[:quoted]])
    if quoted is not None:
        back = one.behind[quoted:]
        answer = _text(note, back)
        yield Opening(
            convention=Convention.LISTS,
            line=one.item.first,
            prompt=read(front, most=FRONT_MAX_CHARS).prompt or front,
            lines=frozenset(range(one.item.first, back[-1].last)),
            answer=unquoted(answer) if all(block.kind is Kind.QUOTE for block in back) else answer,
        )
        return
    for gap in gaps_of(front, marks=False, braces=True):
        yield Opening(
            convention=Convention.CLOZE,
            line=one.item.first,
            prompt=gap.front,
            lines=frozenset(range(one.item.first, max(one.item.last, *(block.last for block in one.behind), 0))),
            answer=gap.back,
            flashcard=True,
        )


def _text(note: Reading, blocks: Sequence[Block]) -> str:
    return "\n\n".join(note.source.text_of(block) for block in blocks)


def lines_of_decks(blocks: Sequence[Block], end: int) -> set[int]:
    """The lines from one that names a deck (`Deck: Net`) to the next rule: there inka keeps its cards."""
    found: set[int] = set()
    first: int | None = None
    for block in blocks:
        if block.kind is Kind.RULE and first is not None:
            found |= set(range(first, block.first))
            first = None
        elif block.kind is Kind.PARAGRAPH and DECK.match(block.text):
            first = block.first
    return found | set(range(first, end)) if first is not None else found
