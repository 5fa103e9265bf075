"""When to see a card again: FSRS-6 on whole study days; AGAIN_STEP after Again. Knows no clock, learner or database.

py-fsrs counts a day as 24 hours: a card answered in the evening and again the next afternoon counts as a repeat on the
same day, and half of all intervals become shorter. So py-fsrs gets no time at all: only its formulas are called, which
take a number of days. They are inside its `review_card`, whose cards, copies and datetimes take five times as long; the
tests hold both against each other, to the last bit.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache

import fsrs

from quizapp.review.memory import Memory, Phase, Rating
from quizapp.review.wording import days_text, minutes_text
from quizapp.study_day import StudyDay

DEFAULT_RETENTION = 0.90  # Anki's default; with it, a card's interval equals its stability
DEFAULT_PARAMETERS: tuple[float, ...] = tuple(fsrs.scheduler.DEFAULT_PARAMETERS)  # FSRS-6's 21, fitted to many learners
AGAIN_STEP = timedelta(minutes=10)  # Anki's relearning step: longer than working memory, shorter than a session
SCHEDULERS_KEPT = 1_024  # more learners than review in the same hour
LEAST_APART = timedelta(hours=1)  # nobody sleeps in less; the Again of 03:55 comes back at 04:05, over a rollover at 4
MAX_INTERVAL_DAYS = 36_500  # FSRS's own maximum, 100 years
DIFFICULTIES = (1.0, 10.0)  # FSRS's least and greatest
STEPS = (Phase.LEARNING, Phase.RELEARNING)  # of a card whose last rating was Again
PASSING = (Rating.HARD, Rating.GOOD, Rating.EASY)
_RATINGS = {rating: fsrs.Rating(rating) for rating in Rating}

Place = Callable[[Sequence[int], StudyDay], int]
"""After how many days a card comes back that is reviewed on a study day and has these `Reviewed.intervals`."""


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """A card's state after a rating."""

    memory: Memory
    due_day: StudyDay
    comes_back_in: timedelta | None
    """The wait until the card is due within the study day; None if it is due on a later one."""
    intervals: Sequence[int]
    """In days, of the passing ratings up to this one, which is the last; empty after Again."""
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
        day, and at least a day later than after the next lower rating; but where the last rating was Again, Good may be
        due as soon as Hard: what holds for half a day is not put off for two. Raises ValueError for a day before the
        card's last one.
        """
        elapsed = _elapsed(memory, day)
        chance = self._retrievability(memory, elapsed)
        again = rating is Rating.AGAIN
        days: Sequence[int] = ()
        if again:
            stability = self._stability(memory, rating, elapsed, chance)
        else:
            stability, days = self._passed(memory, rating, elapsed, chance)
        return Reviewed(
            memory=self._memory_after(memory, rating, stability, day=day),
            due_day=day + (days[-1] if days else 0),
            comes_back_in=AGAIN_STEP if again else None,
            intervals=days,
            retrievability=chance,
        )

    def remember(self, memory: Memory, rating: Rating, *, day: StudyDay) -> Memory:
        """The memory that `review` leaves, without when the card is due, which takes half of its time."""
        elapsed = _elapsed(memory, day)
        stability = self._stability(memory, rating, elapsed, self._retrievability(memory, elapsed))
        return self._memory_after(memory, rating, stability, day=day)

    def preview(self, memory: Memory, *, day: StudyDay, place: Place | None = None) -> Mapping[Rating, str]:
        """How long after each rating the card would be due, as short text: "10 min", "1 d", "4 d", "1.2 mo".

        With `place` after as many days as that says.
        """
        elapsed = _elapsed(memory, day)
        _, intervals = self._passed(memory, Rating.EASY, elapsed, self._retrievability(memory, elapsed))
        found = intervals if place is None else [place(intervals[: n + 1], day) for n in range(len(intervals))]
        return {Rating.AGAIN: minutes_text(AGAIN_STEP), **dict(zip(PASSING, map(days_text, found), strict=True))}

    def memory_from_sm2(self, *, ease: float, interval_days: float, recalled: float) -> tuple[float, float]:
        """Stability and difficulty of a card that SM-2 left with this ease and interval, at this chance of recall.

        The formula of `memory_state_from_sm2` of fsrs-rs: the interval is the time until the chance falls to
        `recalled`, and the difficulty that for which FSRS too would lengthen it by the ease after Good.
        """
        stability = max(interval_days, fsrs.scheduler.STABILITY_MIN) / self.stabilities_to(recalled)
        growth: float = math.exp(self.parameters[8]) * stability ** -self.parameters[9]
        growth *= math.expm1((1 - recalled) * self.parameters[10])
        return stability, min(max(11 - (ease - 1) / growth, DIFFICULTIES[0]), DIFFICULTIES[1])

    def stabilities_to(self, chance: float) -> float:
        """After how many times its stability, in days, a card's chance of recall is this; below 0 for more than 1."""
        if chance <= 0:
            return math.inf
        try:
            since: float = (chance ** (1 / self._fsrs._DECAY) - 1) / self._fsrs._FACTOR
        except OverflowError:  # of a chance as small as 1e-60
            return math.inf
        return since

    def chance(self, memory: Memory, *, day: StudyDay) -> float | None:
        """The chance of recall on a study day, 0 to 1; None for a new card."""
        return self._retrievability(memory, _elapsed(memory, day))

    def _memory_after(self, memory: Memory, rating: Rating, stability: float, *, day: StudyDay) -> Memory:
        again = rating is Rating.AGAIN
        return Memory(
            phase=_phase_after(memory.phase, again=again),
            stability=stability,
            difficulty=self._difficulty(memory, rating),
            last_day=day,
            reps=memory.reps + 1,
            lapses=memory.lapses + (again and memory.phase is Phase.REVIEW),
        )

    def _passed(
        self, memory: Memory, rating: Rating, elapsed: int, chance: float | None
    ) -> tuple[float, Sequence[int]]:
        """A card's stability after a rating of PASSING, and the days until it is due after each of them up to that one.

        These are FSRS's intervals, raised if needed: a better rating is due on a later day, but for Good after Hard
        in the steps.
        """
        intervals: list[int] = []
        stability = 0.0
        for passing in PASSING[: rating - 1]:
            stability = self._stability(memory, passing, elapsed, chance)
            least = _least(passing, intervals, phase=memory.phase)
            intervals.append(min(max(self._fsrs._next_interval(stability=stability), least), MAX_INTERVAL_DAYS))
        return stability, intervals

    def _retrievability(self, memory: Memory, elapsed: int) -> float | None:
        """As `fsrs.Scheduler.get_card_retrievability`; None for a new card."""
        if memory.stability is None:
            return None
        chance: float = (1 + self._fsrs._FACTOR * elapsed / memory.stability) ** self._fsrs._DECAY
        return chance

    def _stability(self, memory: Memory, rating: Rating, elapsed: int, chance: float | None) -> float:
        """A card's stability after a rating, as `fsrs.Scheduler.review_card` has it."""
        given = _RATINGS[rating]
        if memory.stability is None or memory.difficulty is None or chance is None:
            return self._fsrs._initial_stability(rating=given)
        if elapsed < 1:
            return self._fsrs._short_term_stability(stability=memory.stability, rating=given)
        return self._fsrs._next_stability(
            difficulty=memory.difficulty, stability=memory.stability, retrievability=chance, rating=given
        )

    def _difficulty(self, memory: Memory, rating: Rating) -> float:
        """A card's difficulty after a rating, as `fsrs.Scheduler.review_card` has it."""
        if memory.difficulty is None:
            return self._fsrs._initial_difficulty(rating=_RATINGS[rating], clamp=True)
        return self._fsrs._next_difficulty(difficulty=memory.difficulty, rating=_RATINGS[rating])

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


@lru_cache(maxsize=SCHEDULERS_KEPT)
def scheduler_with(parameters: tuple[float, ...], desired_retention: float) -> Scheduler:
    """A scheduler, the same one for the same numbers: it takes as long to make as ten reviews."""
    return Scheduler(parameters=parameters, desired_retention=desired_retention)


def as_found(memory: Memory, *, on: StudyDay, at: datetime, last_review_at: datetime | None) -> Memory:
    """The state that a review on a study day finds: one less than LEAST_APART after the last repeats it.

    Then the last one counts as on that day too, even if the rollover, or a flight, lies between them.
    """
    if memory.last_day is None or memory.last_day >= on or last_review_at is None:
        return memory
    return memory if at - last_review_at >= LEAST_APART else replace(memory, last_day=on)


def _least(passing: Rating, intervals: Sequence[int], *, phase: Phase) -> int:
    """The least interval of a rating of PASSING, given those of the ones before it."""
    if not intervals:
        return 1
    return intervals[-1] + (0 if passing is Rating.GOOD and phase in STEPS else 1)


def _phase_after(phase: Phase, *, again: bool) -> Phase:
    if not again:
        return Phase.REVIEW
    return Phase.LEARNING if phase in (Phase.NEW, Phase.LEARNING) else Phase.RELEARNING


def _elapsed(memory: Memory, day: StudyDay) -> int:
    """The study days since the card's last review, 0 for a new card. Raises ValueError if there are less than none."""
    if memory.last_day is None:
        return 0
    if day < memory.last_day:
        raise ValueError(f"study day {day} is before the card's last one, {memory.last_day}")
    return day - memory.last_day
