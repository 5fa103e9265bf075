"""A learner's reviews as FSRS counts them: a history for each card, and the reviews that can be foretold.

Knows no database, and no library that fits. Answers, entries and items are tuples, as a log has thousands of them: a
frozen dataclass takes four times as long to make.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from quizapp.review.memory import Rating
from quizapp.study_day import StudyDay


class Answer(NamedTuple):
    """One review of a log that is in the order of time."""

    card: str
    """Names the card; any text."""
    rating: Rating
    day: StudyDay
    is_repeat: bool = False
    """Whether it counts as on the day of its card's review before, whatever day that was: see `scheduler.as_found`."""


class HistoryEntry(NamedTuple):
    """One review in its card's history."""

    rating: Rating
    gap: int
    """The study days since the card's review before, 0 for its first one."""


class Item(NamedTuple):
    """A review on a later study day than the card's review before, which FSRS can foretell."""

    card: int
    """The place of its history in `Histories.cards`."""
    place: int
    """Its own place in that history, at least 1."""


@dataclass(frozen=True, kw_only=True)
class Histories:
    """The cards' histories, and all items in the order of time: a fit depends on their order."""

    cards: Sequence[Sequence[HistoryEntry]]
    items: Sequence[Item]

    def step(self, item: Item) -> HistoryEntry:
        """The review that the item is."""
        return self.cards[item.card][item.place]

    def remembered(self, item: Item) -> bool:
        """Whether it was rated above Again."""
        return self.step(item).rating is not Rating.AGAIN


def histories_of(answers: Iterable[Answer]) -> Histories:
    """The histories of reviews that are given in the order of time.

    A day before the card's last one, after a flight west, counts as that one.
    """
    cards: list[list[HistoryEntry]] = []
    items: list[Item] = []
    numbers: dict[str, int] = {}
    last_days: list[StudyDay] = []
    for answer in answers:
        number = numbers.setdefault(answer.card, len(cards))
        if number == len(cards):
            cards.append([])
            last_days.append(answer.day)
        if answer.is_repeat:
            last_days[number] = max(answer.day, last_days[number])
        card, gap = cards[number], max(answer.day - last_days[number], 0)
        if gap:
            items.append(Item(number, len(card)))
            last_days[number] = answer.day
        card.append(HistoryEntry(answer.rating, gap))
    return Histories(cards=cards, items=items)
