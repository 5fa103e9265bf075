"""What is remembered of one card, and the words for it. Knows no algorithm, no learner and no database."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from quizapp.review.study_day import StudyDay


class Rating(IntEnum):
    """How well it was remembered; Anki's four buttons, with FSRS's numbers."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Phase(StrEnum):
    """Where a card stands. In the (re)learning phases it comes back within the study day."""

    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


@dataclass(frozen=True, kw_only=True)
class Memory:
    """The state that one review hands to the next. `Memory()` is a card never seen.

    `stability` is in days until recall falls to 90 %, `difficulty` runs from 1 to 10; both are None only while new.
    `last_day` is the study day of the last review.
    """

    phase: Phase = Phase.NEW
    stability: float | None = None
    difficulty: float | None = None
    last_day: StudyDay | None = None
    reps: int = 0
    lapses: int = 0
