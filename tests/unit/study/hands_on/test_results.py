"""From how a lab went to a rating."""

from datetime import timedelta

import pytest

from quizapp.review.memory import Rating
from quizapp.study.hands_on.results import rating_for
from quizapp.verdicts import Verdict

MINUTES = 4


def rate(
    verdict: Verdict | None, *, checks: int = 1, hints: int = 0, shown: bool = False, seconds: int | None = 150
) -> Rating | None:
    took = None if seconds is None else timedelta(seconds=seconds)
    return rating_for(verdict, checks=checks, hints=hints, solution_shown=shown, took=took, minutes=MINUTES)


@pytest.mark.parametrize(
    ("how", "rating"),
    [
        ({}, Rating.GOOD),
        ({"seconds": None}, Rating.GOOD),
        ({"seconds": 120}, Rating.GOOD),
        ({"seconds": 119}, Rating.EASY),
        ({"seconds": 30, "hints": 1}, Rating.HARD),
        ({"seconds": 30, "checks": 2}, Rating.HARD),
        ({"shown": True}, Rating.AGAIN),
    ],
)
def test_a_pass(how: dict[str, int], rating: Rating) -> None:
    assert rate(Verdict.PASS, **how) is rating  # type: ignore[arg-type]


@pytest.mark.parametrize("verdict", [None, Verdict.FAIL, Verdict.COULD_NOT_CHECK])
def test_only_giving_up_counts_without_a_pass(verdict: Verdict | None) -> None:
    assert rate(verdict, checks=5, hints=3) is None
    assert rate(verdict, shown=True) is Rating.AGAIN
