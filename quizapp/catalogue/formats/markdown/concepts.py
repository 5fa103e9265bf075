"""Reads concepts, which list items with bold words at their beginning are, and flashcards of `*Card:*` labels. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.labels import (
    LABEL,
    Labelled,
    bold_lead,
    card_of,
    first_label,
    has_arrow,
    split_labels,
    take_id,
)
from quizapp.catalogue.formats.markdown.origin import Origin, first_said, is_value, read_origin, read_same_as
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.parsed import LineUse, ParsedConcept, ParsedQuestion

TERM_MAX_CHARS = 300
_OF_CONCEPTS = ("card", "level", "source", "as of", "lab", "tags", "same as")


@dataclass(frozen=True, kw_only=True)
class _Noted:
    """A paragraph of labels, with the blocks that belong to it."""

    labels: tuple[Labelled, ...]
    lines: frozenset[int]
    below: tuple[Block, ...] = ()


def concept_of(item: Block, source: Source, *, under: str = "") -> tuple[ParsedConcept, set[int]]:
    """The concept of an item that begins with bold words, with its cards; and the lines of its labels."""
    line = item.first + 1
    text, key = take_id(item.children[0].text)
    lead = bold_lead(text)
    assert lead is not None
    term, rest = lead
    noted = _joined(_noted(item.children[1:]))
    dropped = {number for one in noted for number in one.lines}
    source.use(dropped, LineUse.LABEL)
    source.use(item.lines, LineUse.CONCEPT)
    below = (source.text_of(block, drop=dropped) for block in item.children[1:])
    body = "\n\n".join(part for part in (rest, *below) if part.strip())
    origins = _origins(noted, source)
    concept = ParsedConcept(
        key=key,
        line=line,
        term=term[:TERM_MAX_CHARS],
        text=source.capped(source.resolved(body), line),
        under=under,
        cards=tuple(card for one, origin in zip(noted, origins, strict=True) for card in _cards(one, source, origin)),
    )
    return concept, dropped


def loose_cards(block: Block, source: Source) -> tuple[list[ParsedConcept], list[ParsedQuestion], set[int]]:
    """The concepts with cards that are deeper in a list, the cards below no concept, and the lines of both's labels."""
    concepts: list[ParsedConcept] = []
    cards: list[ParsedQuestion] = []
    dropped: set[int] = set()
    for part in _plain_parts(block):
        if part.kind is Kind.ITEM and is_concept(part):
            if any(label.label == "card" for one in _noted(part.children[1:]) for label in one.labels):
                concept, lines = concept_of(part, source)
                concepts.append(concept)
                dropped |= lines
            continue
        noted = _of(part)
        if noted is not None and any(label.label == "card" for label in noted.labels):
            origin = read_origin(noted.labels, source)
            source.use(noted.lines, LineUse.LABEL)
            cards += _cards(noted, source, origin)
            dropped |= noted.lines
    return concepts, cards, dropped


def is_concept(item: Block) -> bool:
    """Whether an item begins with bold words that are no label."""
    head = item.children[0] if item.children else None
    if head is None or head.kind is not Kind.PARAGRAPH or bold_lead(take_id(head.text)[0]) is None:
        return False
    return first_label(head.text) is None or not _is_meant(head.text, split_labels(head.text)[1][0])


def _plain_parts(block: Block) -> Iterator[Block]:
    """A paragraph, or the items of a list with those below them, but not what is below a concept or a label."""
    if block.kind is Kind.PARAGRAPH:
        yield block
    elif block.kind in LISTS:
        for item in block.children:
            yield item
            if not is_concept(item) and _of(item) is None:
                for child in item.children[1:]:
                    yield from _plain_parts(child)


def _noted(blocks: Sequence[Block]) -> Iterator[_Noted]:
    """The labels in some blocks, however deep."""
    for block in blocks:
        found = _of(block)
        if found is not None:
            yield found
        elif block.kind in LISTS or block.kind is Kind.ITEM:
            yield from _noted(block.children)


def _joined(noted: Iterable[_Noted]) -> list[_Noted]:
    """The same, where what a card is the same as, in an item of its own, belongs to the labels of the card above."""
    found: list[_Noted] = []
    for one in noted:
        if found and one.labels[0].label == "same as":
            found[-1] = replace(found[-1], labels=found[-1].labels + one.labels, lines=found[-1].lines | one.lines)
        else:
            found.append(one)
    return found


def _of(block: Block) -> _Noted | None:
    """The labels of a paragraph or list item that begins with one for concepts; None for another block."""
    head = block.children[0] if block.kind is Kind.ITEM and block.children else block
    if head.kind is not Kind.PARAGRAPH or first_label(head.text) not in _OF_CONCEPTS:
        return None
    labels = _own_labels(head)
    if not _is_meant(head.text, labels[0]):
        return None
    if all(label.label != "card" for label in labels):
        used = {label.line for label in labels}
        return _Noted(labels=tuple(labels), lines=frozenset(used))
    below = tuple(block.children[1:]) if block.kind is Kind.ITEM else ()
    return _Noted(labels=tuple(labels), lines=frozenset(block.lines), below=below)


def _own_labels(head: Block) -> list[Labelled]:
    """The labels of a paragraph that concepts have; another label belongs to the card before it."""
    own: list[Labelled] = []
    for label in split_labels(head.text)[1]:
        if label.label in _OF_CONCEPTS:
            text, key = take_id(label.text if label.label == "card" else label.text.split("\n", 1)[0])
            own.append(Labelled(label=label.label, text=text, line=head.first + label.line))
            cards = (place for place in reversed(range(len(own))) if own[place].label == "card")
            card = next(cards, None) if key is not None else None
            if key is not None and card is not None:  # an id at the end of a line is that of the last card on it
                own[card] = replace(own[card], key=own[card].key or key)
        else:
            own[-1] = replace(own[-1], text=f"{own[-1].text}\n*{label.label.capitalize()}:* {label.text}")
    return own


def _is_meant(text: str, label: Labelled) -> bool:
    """Whether a label is one: in italics always, in bold or bare if its text is what the label asks for."""
    found = LABEL.match(text)
    if found is not None and len(found["mark"]) == 1:
        return True
    return has_arrow(label.text) if label.label == "card" else is_value(label)


def _origins(noted: Sequence[_Noted], source: Source) -> Sequence[Origin]:
    """Where the cards of each of these come from: what their own item says, then what the concept says for all.

    What only another card's item says counts last: an author of one source may have written it there.
    """
    of_cards = [any(label.label == "card" for label in one.labels) for one in noted]
    paired = [*zip(noted, of_cards, strict=True)]
    shared = read_origin([label for one, is_card in paired if not is_card for label in one.labels], source)
    own = [read_origin(one.labels, source) if is_card else shared for one, is_card in paired]
    return [first_said([one, shared, *reversed(own)]) for one in own]


def _cards(noted: _Noted, source: Source, origin: Origin) -> Iterator[ParsedQuestion]:
    """The flashcards of some labels. The blocks below belong to the back of the last one."""
    last = max((place for place, label in enumerate(noted.labels) if label.label == "card"), default=-1)
    for place, label in enumerate(noted.labels):
        if label.label != "card":
            continue
        front, back = card_of(label.text)
        if place == last:
            back = "\n\n".join(
                part for part in (back, *(source.text_of(block) for block in noted.below)) if part.strip()
            )
        line = label.line + 1
        if not back:
            source.warn(line, "A card is written front → back; this one has no back and is kept as a draft.")
        yield ParsedQuestion(
            key=label.key,
            line=line,
            prompt=source.resolved(front),
            answer=source.resolved(back),
            flashcard=True,
            level=origin.level,
            source_url=origin.source_url,
            as_of=origin.as_of,
            lab=origin.lab,
            same_as=read_same_as(list(_after(noted.labels, place)), source),
        )


def _after(labels: Sequence[Labelled], place: int) -> Iterator[Labelled]:
    """The labels between the card at this place and the next one, which are that card's alone."""
    return takewhile(lambda label: label.label != "card", labels[place + 1 :])
