"""From how a lab went to a rating of its card. Knows no sandbox, no run and no schedule."""

from datetime import timedelta

from quizapp.review.memory import Rating
from quizapp.verdicts import Verdict

FAST = 0.5  # of the lab's own estimate: whoever needs less did not have to look anything up


def rating_for(
    verdict: Verdict | None,
    *,
    checks: int,
    hints: int,
    solution_shown: bool,
    took: timedelta | None,
    minutes: int,
) -> Rating | None:
    """The rating that a run of a lab stands for, None while it says nothing about what is remembered.

    `checks` are those that ended in pass or fail, the last one included; `took` runs from when the task could begin,
    `minutes` is the lab's own estimate. Could-not-check never counts, and a fail does not yet: the next try may pass.
    """
    if solution_shown:
        return Rating.AGAIN
    if verdict is not Verdict.PASS:
        return None
    if hints or checks > 1:
        return Rating.HARD
    if took is not None and took < timedelta(minutes=minutes) * FAST:
        return Rating.EASY
    return Rating.GOOD
