"""Mark an answer. Knows nothing of quiz sessions, the database or Docker."""

from collections.abc import Collection
from dataclasses import dataclass

from quizapp.errors import Invalid
from quizapp.verdicts import Verdict

PASS_SCORE = 0.6  # a many-part answer with a lower score fails, and its rating is Again


@dataclass(frozen=True, kw_only=True)
class Marked:
    """An answer's verdict and its score from 0 to 1."""

    verdict: Verdict
    score: float


def marked_by_share(hits: int, *, of: int) -> Marked:
    """The marks of an answer in parts: PASS if all of them are right, and the share that is right as its score."""
    return Marked(verdict=Verdict.PASS if hits == of else Verdict.FAIL, score=hits / of)


def mark_choices(*, right: Collection[int], offered: Collection[int], chosen: Collection[int]) -> Marked:
    """Mark the chosen options of a single or multiple choice question, all given as ids.

    The verdict is PASS if exactly the right options are chosen. Otherwise the score is (hits - mistakes) / right
    options, never below 0, so that choosing all options does not pay. Without a right option the verdict is
    COULD_NOT_CHECK. Raises Invalid if no option is chosen, or one that was not offered.
    """
    if not chosen:
        raise Invalid("Choose an answer first.")
    if not set(chosen) <= set(offered):
        raise Invalid("That answer is not among the options. Reload the page and choose again.")
    if not right:
        return Marked(verdict=Verdict.COULD_NOT_CHECK, score=0.0)
    hits = len(set(chosen) & set(right))
    mistakes = len(set(chosen) - set(right))
    if hits == len(set(right)) and not mistakes:
        return Marked(verdict=Verdict.PASS, score=1.0)
    return Marked(verdict=Verdict.FAIL, score=max(0.0, (hits - mistakes) / len(set(right))))


def mark_open(*, points: int, said: Collection[int]) -> Marked:
    """Mark an open answer: `points` is the number of the guide's points, `said` has the numbers, from 0, of those made.

    Raises Invalid for a point that the guide does not have.
    """
    if not all(0 <= number < points for number in said):
        raise Invalid("That point is not in the guide any more. Reload the page and mark again.")
    score = len(set(said)) / points if points else 0.0
    return Marked(verdict=Verdict.PASS if score >= PASS_SCORE else Verdict.FAIL, score=score)
