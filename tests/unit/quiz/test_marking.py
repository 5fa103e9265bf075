"""Marks of choice and open answers, and the ratings they stand for."""

import pytest

from quizapp.confidence import Confidence
from quizapp.errors import Invalid
from quizapp.quiz.marking import Guide, Marked, SaidPoints, mark_choices, mark_open, with_hints
from quizapp.quiz.rating import rating_of
from quizapp.review.memory import Rating
from quizapp.verdicts import Verdict


@pytest.mark.parametrize(
    ("right", "chosen", "verdict", "score"),
    [
        ({1}, {1}, Verdict.PASS, 1.0),
        ({1}, {2}, Verdict.FAIL, 0.0),
        ({1, 2}, {1, 2}, Verdict.PASS, 1.0),
        ({1, 2}, {1}, Verdict.FAIL, 0.5),
        ({1, 2}, {1, 3}, Verdict.FAIL, 0.0),
        ({1, 2}, {1, 2, 3, 4}, Verdict.FAIL, 0.0),
        ({1, 2, 3}, {1, 2, 4}, Verdict.FAIL, pytest.approx(1 / 3)),
    ],
)
def test_only_exactly_the_right_options_pass(right: set[int], chosen: set[int], verdict: Verdict, score: float) -> None:
    assert mark_choices(right=right, offered={1, 2, 3, 4}, chosen=chosen) == Marked(verdict=verdict, score=score)


def test_without_a_right_option_nothing_can_be_checked() -> None:
    marked = mark_choices(right=set(), offered={1, 2}, chosen={1})
    assert marked == Marked(verdict=Verdict.COULD_NOT_CHECK, score=0.0)


@pytest.mark.parametrize("chosen", [set(), {9}, {1, 9}])
def test_no_option_and_a_foreign_option_are_refused(chosen: set[int]) -> None:
    with pytest.raises(Invalid):
        mark_choices(right={1}, offered={1, 2}, chosen=chosen)


@pytest.mark.parametrize(
    ("points", "said", "verdict", "score"),
    [
        (3, [], Verdict.FAIL, 0.0),
        (3, [0], Verdict.FAIL, pytest.approx(1 / 3)),
        (3, [0, 2], Verdict.PASS, pytest.approx(2 / 3)),
        (3, [0, 1, 2], Verdict.PASS, 1.0),
        (3, [1, 1, 1], Verdict.FAIL, pytest.approx(1 / 3)),
        (5, [0, 1, 2], Verdict.PASS, 0.6),
    ],
)
def test_an_open_answer_is_worth_the_points_it_made(
    points: int, said: list[int], verdict: Verdict, score: float
) -> None:
    assert mark_open(Guide(must=points), SaidPoints(points=said)) == Marked(verdict=verdict, score=score)


@pytest.mark.parametrize("said", [[3], [-1], [0, 99]])
def test_a_point_that_the_guide_does_not_have_is_refused(said: list[int]) -> None:
    with pytest.raises(Invalid):
        mark_open(Guide(must=3), SaidPoints(points=said))


@pytest.mark.parametrize(
    ("verdict", "score", "confidence", "rating"),
    [
        (Verdict.FAIL, 0.5, Confidence.SURE, Rating.AGAIN),
        (Verdict.PASS, 0.7, Confidence.SURE, Rating.HARD),
        (Verdict.PASS, 1.0, Confidence.GUESS, Rating.HARD),
        (Verdict.PASS, 1.0, Confidence.THINK_SO, Rating.GOOD),
        (Verdict.PASS, 1.0, None, Rating.GOOD),
        (Verdict.PASS, 0.9, Confidence.SURE, Rating.GOOD),
        (Verdict.COULD_NOT_CHECK, 0.0, Confidence.SURE, None),
    ],
)
def test_the_rating_follows_from_the_marks(
    verdict: Verdict, score: float, confidence: Confidence | None, rating: Rating | None
) -> None:
    assert rating_of(Marked(verdict=verdict, score=score), confidence=confidence) is rating


@pytest.mark.parametrize(
    ("said", "score"),
    [
        (SaidPoints(points=[0, 1], bonus=[0]), 0.625),
        (SaidPoints(points=[0, 1], red_flags=[0]), 0.25),
        (SaidPoints(points=[0, 1, 2, 3], bonus=[0, 1]), 1.0),
        (SaidPoints(points=[], bonus=[0]), 0.125),
        (SaidPoints(points=[], red_flags=[0]), 0.0),
    ],
)
def test_a_bonus_makes_up_for_half_a_point_and_a_red_flag_takes_one(said: SaidPoints, score: float) -> None:
    assert mark_open(Guide(must=4, bonus=2, red_flags=1), said).score == score


@pytest.mark.parametrize("said", [SaidPoints(points=[], bonus=[2]), SaidPoints(points=[], red_flags=[1])])
def test_a_bonus_or_red_flag_that_the_guide_does_not_have_is_refused(said: SaidPoints) -> None:
    with pytest.raises(Invalid):
        mark_open(Guide(must=4, bonus=2, red_flags=1), said)


def test_hints_cost_points_and_no_verdict() -> None:
    right = Marked(verdict=Verdict.PASS, score=1.0)
    assert [with_hints(right, taken=taken).score for taken in (0, 1, 2, 5)] == [1.0, 0.75, 0.5, 0.0]
    assert with_hints(right, taken=5).verdict is Verdict.PASS
