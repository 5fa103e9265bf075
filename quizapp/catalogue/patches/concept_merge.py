"""Writes two concepts as one into a note's text: the words that are wanted, the cards of both, each label once. Pure.

What the two say alike of level, source, date and lab stands once. Where they differ, what the one that goes says is
written to its cards, so that each card keeps its own; where one of the two says nothing, the other's holds for both.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from quizapp.catalogue.formats.markdown.labels import Labelled, split_labels
from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote, ParsedQuestion
from quizapp.catalogue.patches.concept_text import (
    ITEM,
    OPENINGS,
    ConceptSpot,
    ConceptWords,
    CutOut,
    NoteLines,
    indented,
    label_lines,
    lines_of_concept,
    reworded,
    says,
    with_changed,
)

_UNITS = (("source", "as of"), ("level",), ("lab",), ("tags",))  # what is one thing to say, though it may be two labels
_FILLED = ("level", "source_url", "as_of", "lab")  # what a card has from its concept where it has none of its own
_APART = "   "  # between two labels on one line


@dataclass(frozen=True, kw_only=True)
class _Group:
    """An item, or a paragraph, of labels."""

    lines: Sequence[str]
    head: int
    """How many of its lines are its paragraph; what follows is the rest of a card's back."""

    @property
    def labels(self) -> Sequence[Labelled]:
        begin = ITEM.match(self.lines[0])
        first = self.lines[0][begin.end() if begin is not None else 0 :]
        return split_labels("\n".join([first, *(line.strip() for line in self.lines[1 : self.head])]))[1]

    @property
    def has_card(self) -> bool:
        return any(label.label == "card" for label in self.labels)


def with_merged(text: str, spot: ConceptSpot, words: ConceptWords, *, more: CutOut, name: str) -> str | None:
    """The text in which a concept says this, and has the labels and cards of `more` too; None where that cannot be."""
    before = parse_note(text.encode(), name=name)
    old = before.sections[spot.section].concepts[spot.place]
    lines = NoteLines(text)
    first, last = lines_of_concept(before, old, lines.texts)
    own = label_lines(lines.texts[first:last], before.uses[first:last])
    begin = ITEM.match(lines.texts[first])
    margin = len(own[0]) - len(own[0].lstrip()) if own else len(begin["begin"]) if begin is not None else 0
    added = indented(_joined([line[margin:] for line in own], more), " " * margin)
    wanted = with_changed(before, spot, lambda one: replace(one, term=words.term, text=words.text))
    for block in reworded(lines.texts[first:last], before, old, words, first=first):
        whole = lines.replaced(first, last, [*block, *added])
        cards = _cards_at(whole, spot, name=name)
        if _are_as_meant(cards, (*old.cards, *more.cards)) and says(whole, _asking(wanted, spot, cards), name=name):
            return whole
    return None


def source_of(labels: Sequence[str]) -> Mapping[str, str]:
    """The source and its date that the lines of a concept's labels give it, by the name of the label."""
    said = _said([group for group in _groups(labels) if not group.has_card])
    return {label: said[label] for label in _UNITS[0] if label in said}


def _joined(own: Sequence[str], more: CutOut) -> list[str]:
    """The lines of labels that come to those which the concept has."""
    groups = [*_groups(more.labels)]
    here = _said([group for group in _groups(own) if not group.has_card])
    theirs = _said([group for group in groups if not group.has_card])
    dropped: set[str] = set()
    pushed: dict[str, str] = {}
    for unit in _UNITS:
        said = {label: theirs[label] for label in unit if label in theirs}
        if said and any(label in here for label in unit):
            if said != {label: here[label] for label in unit if label in here}:
                pushed |= said
            dropped |= said.keys()
    made: list[str] = []
    for group in groups:
        lines = _of_card(group, pushed) if group.has_card else _without(group, dropped)
        if lines and not made and ITEM.match(lines[0]) is None:
            lines = ["", *lines]  # or it would go on with the paragraph above
        made += lines
    return made


def _said(groups: Sequence[_Group]) -> dict[str, str]:
    """What is said for all cards of a concept, by the name of the label."""
    known = {label for unit in _UNITS for label in unit}
    return {label.label: label.text for group in groups for label in group.labels if label.label in known}


def _groups(lines: Sequence[str]) -> Iterator[_Group]:
    """The items and paragraphs of lines of labels."""
    starts = [
        number
        for number, line in enumerate(lines)
        if line.strip() and (ITEM.match(line) or not number or not lines[number - 1].strip()) and line[0] not in " \t"
    ]
    for begin, end in pairwise([*starts, len(lines)]):
        group = lines[begin:end]
        yield _Group(lines=group, head=next((at for at in range(1, len(group)) if _ends(group[at])), len(group)))


def _ends(line: str) -> bool:
    """Whether a line ends the paragraph before it."""
    return not line.strip() or ITEM.match(line) is not None or line.lstrip().startswith((*OPENINGS, "<"))


def _of_card(group: _Group, pushed: Mapping[str, str]) -> list[str]:
    """A card's lines, with what its concept said of it below its paragraph, if it says nothing of that itself."""
    own = {label.label for label in group.labels}
    missing = [label for unit in _UNITS if own.isdisjoint(unit) for label in unit if label in pushed]
    if not missing:
        return [*group.lines]
    begin = ITEM.match(group.lines[0])
    indent = " " * (len(begin["begin"]) if begin is not None else 0)
    line = indent + _APART.join(f"*{label.capitalize()}:* {pushed[label]}" for label in missing)
    return [*group.lines[: group.head], line, *group.lines[group.head :]]


def _without(group: _Group, dropped: set[str]) -> list[str]:
    """The lines of labels without some of them."""
    labels = group.labels
    kept = [label for label in labels if label.label not in dropped]
    if len(kept) == len(labels):
        return [*group.lines]
    if not kept:
        return []
    begin = ITEM.match(group.lines[0])
    return [(begin["begin"] if begin else "") + _APART.join(f"*{one.label.capitalize()}:* {one.text}" for one in kept)]


def _cards_at(text: str, spot: ConceptSpot, *, name: str) -> tuple[ParsedQuestion, ...]:
    sections = parse_note(text.encode(), name=name).sections
    concepts = sections[spot.section].concepts if spot.section < len(sections) else ()
    return concepts[spot.place].cards if spot.place < len(concepts) else ()


def _are_as_meant(cards: Sequence[ParsedQuestion], wanted: Sequence[ParsedQuestion]) -> bool:
    """Whether they are the cards that are wanted, where one that says nothing of its source may have the concept's."""
    return len(cards) == len(wanted) and all(
        replace(one, line=0)
        == replace(was, line=0, **{name: getattr(one, name) for name in _FILLED if getattr(was, name) is None})
        for one, was in zip(cards, wanted, strict=True)
    )


def _asking(note: ParsedNote, spot: ConceptSpot, cards: tuple[ParsedQuestion, ...]) -> ParsedNote:
    return with_changed(note, spot, lambda one: replace(one, cards=cards))
