"""From how an answer went to a rating. Knows the marks, not the question, the card or the schedule."""

from quizapp.confidence import Confidence
from quizapp.quiz.marking import Marked
from quizapp.review.memory import Rating
from quizapp.verdicts import Verdict

FULL_SCORE = 0.9  # a many-part answer below this is right, but hard


def rating_of(marked: Marked, *, confidence: Confidence | None) -> Rating | None:
    """The rating that a quiz answer stands for; None where the answer says nothing about memory.

    A quiz never earns Easy: with the options in sight, or marked by oneself, one cannot tell ease from luck.
    """
    if marked.verdict is Verdict.COULD_NOT_CHECK:
        return None
    if marked.verdict is Verdict.FAIL:
        return Rating.AGAIN
    if marked.score < FULL_SCORE or confidence is Confidence.GUESS:
        return Rating.HARD
    return Rating.GOOD
