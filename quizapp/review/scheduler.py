"""When to see a card again: FSRS-6 on whole study days; AGAIN_STEP after Again. Knows no clock, learner or database.

py-fsrs counts a day as 24 hours: a card answered in the evening and again the next afternoon counts as a repeat on the
same day, and half of all intervals become shorter. So py-fsrs gets no real time: each study day stands for one instant,
24 hours after that of the day before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import fsrs

from quizapp.review.memory import Memory, Phase, Rating
from quizapp.review.study_day import StudyDay
from quizapp.review.wording import days_text, minutes_text

DEFAULT_PARAMETERS: tuple[float, ...] = tuple(fsrs.scheduler.DEFAULT_PARAMETERS)  # FSRS-6's 21, fitted to many learners
DEFAULT_RETENTION = 0.90  # Anki's default; with it, a card's interval equals its stability
AGAIN_STEP = timedelta(minutes=10)  # Anki's relearning step: longer than working memory, shorter than a session
MAX_INTERVAL_DAYS = 36_500  # FSRS's own maximum, 100 years
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CARD_ID = 0  # without an id, py-fsrs makes one and sleeps for a millisecond


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """A card's state after a rating."""

    memory: Memory
    due_day: StudyDay
    comes_back_in: timedelta | None
    """The wait until the card is due within the study day; None if it is due on a later one."""
    retrievability: float | None
    """The chance of recall just before the rating, 0 to 1, as FSRS computes it; None for a new card."""


@dataclass(frozen=True, kw_only=True)
class Scheduler:
    """FSRS-6 with its parameters.

    Raises ValueError for weights out of the ranges that py-fsrs allows, and for a chance that is not between 0 and 1.
    """

    parameters: tuple[float, ...] = DEFAULT_PARAMETERS
    """FSRS-6's 21 weights."""
    desired_retention: float = DEFAULT_RETENTION
    """The chance of recall, above 0 and below 1, at which a card is due."""

    def __post_init__(self) -> None:
        if not 0 < self.desired_retention < 1:
            raise ValueError(f"desired retention is {self.desired_retention}; it must be above 0 and below 1")
        _ = self._fsrs  # so that wrong weights raise here and not at the first review

    def review(self, memory: Memory, rating: Rating, *, day: StudyDay) -> Reviewed:
        """Rate a card on a study day.

        After Again the card is due after AGAIN_STEP. After another rating it is due after FSRS's interval of at least a
        day, and at least a day later than after the next lower rating. Raises ValueError for a day before the card's
        last one.
        """
        card, at = _card(memory, day=day), _instant(day)
        retrievability = None if memory.stability is None else self._fsrs.get_card_retrievability(card, at)
        again = rating is Rating.AGAIN
        if again:
            rated, days = self._fsrs.review_card(card, fsrs.Rating.Again, at)[0], 0
        else:
            rated, days = next((rated, days) for passing, rated, days in self._passed(card, at) if passing is rating)
        return Reviewed(
            memory=Memory(
                phase=_phase_after(memory.phase, again=again),
                stability=rated.stability,
                difficulty=rated.difficulty,
                last_day=day,
                reps=memory.reps + 1,
                lapses=memory.lapses + (again and memory.phase is Phase.REVIEW),
            ),
            due_day=day + days,
            comes_back_in=AGAIN_STEP if again else None,
            retrievability=retrievability,
        )

    def preview(self, memory: Memory, *, day: StudyDay) -> Mapping[Rating, str]:
        """How long after each rating the card would be due, as short text: "10 min", "1 d", "4 d", "1.2 mo"."""
        passed = self._passed(_card(memory, day=day), _instant(day))
        waits = {rating: days_text(days) for rating, _, days in passed}
        return {Rating.AGAIN: minutes_text(AGAIN_STEP), **waits}

    def _passed(self, card: fsrs.Card, at: datetime) -> Iterator[tuple[Rating, fsrs.Card, int]]:
        """Each rating above Again, in order, with the card after it and the days until it is due.

        These are FSRS's interval, raised if needed: a better rating is due on a later day.
        """
        days = 0
        for rating in (Rating.HARD, Rating.GOOD, Rating.EASY):
            rated, _ = self._fsrs.review_card(card, fsrs.Rating(rating), at)
            days = min(max((rated.due - at).days, days + 1), MAX_INTERVAL_DAYS)
            yield rating, rated, days

    @cached_property
    def _fsrs(self) -> fsrs.Scheduler:
        return fsrs.Scheduler(
            parameters=self.parameters,
            desired_retention=self.desired_retention,
            learning_steps=(),
            relearning_steps=(),
            maximum_interval=MAX_INTERVAL_DAYS,
            enable_fuzzing=False,
        )


USUAL = Scheduler()


def _phase_after(phase: Phase, *, again: bool) -> Phase:
    if not again:
        return Phase.REVIEW
    return Phase.LEARNING if phase in (Phase.NEW, Phase.LEARNING) else Phase.RELEARNING


def _card(memory: Memory, *, day: StudyDay) -> fsrs.Card:
    if memory.last_day is None:
        return fsrs.Card(card_id=_CARD_ID, due=_instant(day))
    if day < memory.last_day:
        raise ValueError(f"study day {day} is before the card's last one, {memory.last_day}")
    return fsrs.Card(
        card_id=_CARD_ID,
        state=fsrs.State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=_instant(day),
        last_review=_instant(memory.last_day),
    )


def _instant(day: StudyDay) -> datetime:
    """The instant that stands for a study day. Only the distance counts: two successive days are 24 hours apart."""
    return _EPOCH + timedelta(days=day)
