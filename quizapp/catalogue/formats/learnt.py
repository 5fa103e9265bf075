"""What a learner has learnt of questions in another program, as the file of that program says it. Pure."""

import math
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

INTERVAL_MAX_DAYS = 36_500  # FSRS's maximum, 100 years; what is longer is no interval
YEARS = range(2001, 2200)  # of a due date: 1 January 2000 is Obsidian's word for a card that is new
EASES = (1.0, 20.0)  # SM-2's factor: 2.5 at first, 1.3 at least, and 10 if somebody set it so


@dataclass(frozen=True, kw_only=True)
class ReviewElsewhere:
    """A review that was made in another program."""

    at_ms: int
    """When, in milliseconds since 1970."""
    rating: int
    """From 1 (again) to 4 (easy), as `review.memory.Rating`."""
    taken_ms: int


@dataclass(frozen=True, kw_only=True)
class Sm2Memory:
    """A card's memory in a program that schedules by SM-2."""

    ease: float
    """The factor by which an interval grows after Good, such as 2.5."""


@dataclass(frozen=True, kw_only=True)
class FsrsMemory:
    """A card's memory in a program that schedules by FSRS."""

    stability: float
    """Days."""
    difficulty: float
    """From 1 to 10."""


MemoryElsewhere: TypeAlias = Sm2Memory | FsrsMemory


@dataclass(frozen=True, kw_only=True)
class StateElsewhere:
    """The schedule of a card in another program, without the reviews that it comes from."""

    due: date
    interval_days: int
    """From the last review to the day on which it is due."""
    memory: MemoryElsewhere


@dataclass(frozen=True, kw_only=True)
class LearntElsewhere:
    """What was learnt of one question."""

    key: str
    """The question's id in the file."""
    reviews: tuple[ReviewElsewhere, ...] = ()
    """In the order of time; none for a card that was never seen."""
    suspended: bool = False
    """Whether the learner had put it away."""
    state: StateElsewhere | None = None
    """Its schedule, if the file has that and no reviews."""
    due: date | None = None
    """The day for which it was set due by hand after its last review."""
    flag: int = 0
    """From 1 to 7 as in Anki; 0 for none."""


def sm2_state(*, due: date, interval: float, ease: float) -> StateElsewhere | None:
    """The state of a card of an SM-2 program; None for numbers that are none of such a card."""
    if not EASES[0] < ease <= EASES[1]:
        return None
    return _state(due, interval, Sm2Memory(ease=ease))


def fsrs_state(*, due: date, interval: float, stability: float, difficulty: float) -> StateElsewhere | None:
    """The state of a card of an FSRS program; None for numbers that are none of such a card."""
    if not (0 < stability <= INTERVAL_MAX_DAYS and 1 <= difficulty <= 10):
        return None
    return _state(due, interval, FsrsMemory(stability=stability, difficulty=difficulty))


def _state(due: date, interval: float, memory: MemoryElsewhere) -> StateElsewhere | None:
    if due.year not in YEARS or not (math.isfinite(interval) and 0 <= interval <= INTERVAL_MAX_DAYS):
        return None
    return StateElsewhere(due=due, interval_days=round(interval), memory=memory)
