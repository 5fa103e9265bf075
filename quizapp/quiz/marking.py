"""Mark an answer. Knows nothing of quiz sessions, the database or Docker."""

from collections.abc import Collection
from dataclasses import dataclass

from quizapp.errors import Invalid
from quizapp.verdicts import Verdict

PASS_SCORE = 0.6  # below this a many-part answer counts as not known; the map from marks to ratings starts here


@dataclass(frozen=True, kw_only=True)
class Marked:
    """An answer's verdict and its score from 0 to 1."""

    verdict: Verdict
    score: float


def mark_choices(*, right: Collection[int], offered: Collection[int], chosen: Collection[int]) -> Marked:
    """Mark the chosen options of a single or multiple choice question, all given as ids.

    Only exactly the right ones pass. The score of the rest is (hits - mistakes) / right ones, never below 0, so that
    ticking everything earns nothing. Without a right one there is nothing to check by. Raises Invalid for no choice or
    one that was not offered.
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
    """Mark an open answer by how many of the guide's `points` the learner says they made; `said` has their numbers.

    Raises Invalid for a point that the guide does not have.
    """
    if not all(0 <= number < points for number in said):
        raise Invalid("That point is not in the guide any more. Reload the page and mark again.")
    score = len(set(said)) / points if points else 0.0
    return Marked(verdict=Verdict.PASS if score >= PASS_SCORE else Verdict.FAIL, score=score)
