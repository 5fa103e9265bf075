"""The order of new cards: which of them come first, and where they come among the reviews. Knows no database."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

MIXED_MAX = 80  # cards of a pile that count for the mix, four days of new ones: to count more takes as long as all else

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A question with its place in its note."""

    id: int
    hidden: bool
    note_id: int | None
    section_id: int | None
    concept_id: int | None
    position: int


def spread(questions: Iterable[Placed]) -> Sequence[Placed]:
    """The questions in the order in which they are met as new cards: note after note, mixed over sections and concepts.

    One of each section comes before a second one of any, and within a section one of each concept. So nobody meets
    fifteen cards of one section in a row, and two of one concept are as far apart as they can be.
    """
    in_note = sorted(questions, key=lambda one: (one.note_id or 0, one.position, one.id))
    earlier: Counter[int] = Counter()
    of_concept: dict[int, int] = {}
    for one in in_note:
        of_concept[one.id] = earlier[one.concept_id] if one.concept_id is not None else 0
        earlier[one.concept_id or 0] += 1
    of_section: Counter[tuple[int | None, int | None]] = Counter()
    placed: dict[int, int] = {}
    for one in sorted(in_note, key=lambda one: of_concept[one.id]):  # stable: within a round the note's order stays
        section = one.note_id, one.section_id
        placed[one.id] = of_section[section]
        of_section[section] += 1
    return sorted(in_note, key=lambda one: (one.note_id or 0, placed[one.id]))


def is_turn_of_new(*, begun: Any, reviewed: Any, new: Any, due: Any) -> Any:
    """Whether a new card comes next, so that new ones are spread evenly over the reviews of the day.

    `begun` and `reviewed` were done today, `new` and `due` are left: numbers, or columns of a statement. Each new card
    stands after its share of the reviews: with 4 and 2 the day is R N R R N R, as in Anki 26.9.
    """
    return (begun + 1) * (reviewed + due + 1) < (reviewed + 1) * (begun + new + 1)


def mixed(new: Sequence[T], due: Sequence[T], *, begun: int, reviewed: int, new_left: int, due_left: int) -> list[T]:
    """All of them, as they come one after another by `is_turn_of_new`.

    `new_left` and `due_left` are all that are left of the day, of which `new` and `due` are the first.
    """
    found: list[T] = []
    all_new, all_due = begun + new_left, reviewed + due_left
    news, dues = iter(new), iter(due)
    while len(found) < len(new) + len(due):
        left = {"new": min(all_new - begun, MIXED_MAX), "due": min(all_due - reviewed, MIXED_MAX)}
        is_new = is_turn_of_new(begun=begun, reviewed=reviewed, **left)
        first, second = (news, dues) if is_new else (dues, news)
        chosen = first
        card = next(first, None)
        if card is None:
            chosen, card = second, next(second)
        begun, reviewed = (begun + 1, reviewed) if chosen is news else (begun, reviewed + 1)
        found.append(card)
    return found
