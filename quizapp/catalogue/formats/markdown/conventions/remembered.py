"""Reads what another program remembers of cards from the lines beside them: Obsidian's comments, Logseq's properties.

Pure. Obsidian Spaced Repetition 1.15.4 writes `<!--SR:!2026-12-01,3,250-->`: the day on which the card is due, its
interval in days and its ease in percent; for FSRS `!fsrs,` and then due, interval, stability, difficulty, and more. A
line with several cards has one part for each of them, and 1 January 2000 for a card that is new.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from quizapp.catalogue.formats.learnt import StateElsewhere, fsrs_state, sm2_state
from quizapp.catalogue.formats.parsed import LineUse, NoteWarning, ParsedNote

_COMMENT = re.compile(r"<!--\s*SR:([^<>]{0,2000}?)-->")
_PROPERTY = re.compile(r"\s*(card-[\w-]+)::(.*)")
_NEW = "2000-01-01"
_OF_CARD = (LineUse.QUESTION, LineUse.ANSWER, LineUse.OPTION, LineUse.LABEL, LineUse.MEMORY, None)


@dataclass(frozen=True, kw_only=True)
class _Cards:
    """The cards that begin on one line, and the lines with what is remembered of them."""

    places: Sequence[int]
    """Of each among all that the note asks."""
    lines: Sequence[int]


def with_states(note: ParsedNote, lines: Sequence[str]) -> ParsedNote:
    """The note with the states that its lines have for its cards; a warning for each line that cannot be read."""
    if LineUse.MEMORY not in note.uses:
        return note
    states: dict[int, StateElsewhere] = {}
    warnings = []
    for cards in _remembered(note):
        found = _states(cards, lines)
        if found is None:
            message = "The schedule beside this card cannot be read, so the card is new."
            warnings.append(NoteWarning(line=cards.lines[0] + 1, message=message))
        else:
            states |= found
    return replace(note, states=tuple(sorted(states.items())), warnings=(*note.warnings, *warnings))


def _remembered(note: ParsedNote) -> Iterator[_Cards]:
    """The cards with memory beside them: it belongs to the card before it, with nothing else in between."""
    begun: dict[int, list[int]] = {}
    for place, question in enumerate(note.everything_asked):
        begun.setdefault(question.line - 1, []).append(place)
    firsts = sorted(begun)
    found: dict[int, list[int]] = {}
    for number, use in enumerate(note.uses):
        at = bisect_right(firsts, number) - 1
        if use is LineUse.MEMORY and at >= 0 and all(one in _OF_CARD for one in note.uses[firsts[at] : number]):
            found.setdefault(firsts[at], []).append(number)
    for first, of_card in found.items():
        yield _Cards(places=begun[first], lines=of_card)


def _states(cards: _Cards, lines: Sequence[str]) -> Mapping[int, StateElsewhere] | None:
    """The states of the cards of one line by their places; None for what cannot be read."""
    texts = [lines[number] for number in cards.lines]
    properties = {found[1]: found[2].strip() for text in texts if (found := _PROPERTY.match(text))}
    try:
        if properties:
            state = _logseq(properties)
            return {} if state is None else dict.fromkeys(cards.places, state)
        parts = [part for text in texts for found in _COMMENT.findall(text) for part in found.split("!")[1:]]
        read = ((place, _obsidian(part)) for place, part in zip(cards.places, parts, strict=False))
        return {place: state for place, state in read if state is not None}
    except (ValueError, IndexError):
        return None


def _obsidian(part: str) -> StateElsewhere | None:
    """The state of one card; None for a new one. Raises ValueError and IndexError."""
    fields = [field.strip() for field in part.split(",")]
    if fields[0] == "fsrs":
        due, interval, stability, difficulty = _due(fields[1]), *map(float, fields[2:5])
        state = fsrs_state(due=due, interval=interval, stability=stability, difficulty=difficulty)
        is_new = fields[5] == "0"
    else:
        state = sm2_state(due=_due(fields[0]), interval=float(fields[1]), ease=float(fields[2]) / 100)
        is_new = fields[0] == _NEW
    if state is None and not is_new:
        raise ValueError
    return None if is_new else state


def _logseq(properties: Mapping[str, str]) -> StateElsewhere | None:
    """The state that a card's properties say; None for a card that was never reviewed. Raises ValueError."""
    wanted = [properties.get(f"card-{name}") for name in ("next-schedule", "last-interval", "ease-factor")]
    if None in wanted or properties.get("card-repeats") == "0":
        return None
    due, interval, ease = (value or "" for value in wanted)
    state = sm2_state(due=_due(due), interval=max(0.0, float(interval)), ease=float(ease))
    if state is None:
        raise ValueError
    return state


def _due(text: str) -> date:
    return date.fromisoformat(text[:10])
