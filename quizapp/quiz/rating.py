"""Turns a marked answer into a rating. Knows no question, no card and no schedule."""

from quizapp.confidence import Confidence
from quizapp.quiz.marking import Marked
from quizapp.review.memory import Rating
from quizapp.verdicts import Verdict

FULL_SCORE = 0.9  # a passed many-part answer with a lower score is rated Hard


def rating_of(marked: Marked, *, confidence: Confidence | None) -> Rating | None:
    """The rating for a quiz answer; None for could-not-check, which says nothing about memory.

    Never Easy: an answer picked from shown options, or marked by the learner, does not show whether it was luck.
    """
    if marked.verdict is Verdict.COULD_NOT_CHECK:
        return None
    if marked.verdict is Verdict.FAIL:
        return Rating.AGAIN
    if marked.score < FULL_SCORE or confidence is Confidence.GUESS:
        return Rating.HARD
    return Rating.GOOD
