"""A card's memory state, its phases and its ratings. Knows no algorithm, no learner and no database."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from quizapp.study_day import StudyDay


class Rating(IntEnum):
    """How well a question was remembered: Anki's four buttons, with FSRS's numbers."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Phase(StrEnum):
    """A card's phase. LEARNING and RELEARNING cards come back within the study day."""

    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


@dataclass(frozen=True, kw_only=True)
class Memory:
    """A card's state after a review, which the next review begins with. `Memory()` is the state of a new card."""

    phase: Phase = Phase.NEW
    stability: float | None = None
    """Days until the chance of recall falls to 90 %. None only while new."""
    difficulty: float | None = None
    """From 1, easy, to 10. None only while new."""
    last_day: StudyDay | None = None
    """The study day of the last review. None only while new."""
    reps: int = 0
    """The number of reviews."""
    lapses: int = 0
    """How many times the card was rated Again in the REVIEW phase."""
