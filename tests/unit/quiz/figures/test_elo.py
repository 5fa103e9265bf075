"""How able learners are and how hard questions are, by their first answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.adaptive import R_OF_ONE_BY_ONE, simulate
from quizapp.quiz.figures.elo import LEARNER_STEP_MIN, UNKNOWN, Estimate, after_answer, expected

logits = st.floats(-8, 8)
estimates = st.builds(Estimate, value=logits, answers=st.integers(0, 10_000))


def test_as_able_as_it_is_hard_is_right_in_half_of_all_cases_and_more_where_one_can_guess() -> None:
    assert expected(ability=1.0, difficulty=1.0) == 0.5
    assert expected(ability=1.0, difficulty=1.0, guess=0.25) == 0.625


@given(logits, logits, st.floats(0, 1))
def test_nothing_is_expected_below_a_guess_nor_above_all(ability: float, difficulty: float, guess: float) -> None:
    assert guess <= expected(ability=ability, difficulty=difficulty, guess=guess) <= 1


@given(estimates, estimates, st.sampled_from([0.0, 0.25, 0.5]))
def test_a_right_answer_makes_the_learner_abler_and_the_question_easier(
    learner: Estimate, question: Estimate, guess: float
) -> None:
    abler, easier = after_answer(learner, question, score=1.0, guess=guess)
    assert (abler.value >= learner.value, easier.value <= question.value) == (True, True)
    weaker, harder = after_answer(learner, question, score=0.0, guess=guess)
    assert (weaker.value <= learner.value, harder.value >= question.value) == (True, True)
    assert (abler.answers, harder.answers) == (learner.answers + 1, question.answers + 1)


def test_what_is_known_from_many_answers_moves_less_and_a_learner_never_stands_still() -> None:
    many = Estimate(value=0.0, answers=1_000)
    learner, question = after_answer(many, many, score=1.0)
    assert learner.value == pytest.approx(LEARNER_STEP_MIN / 2)
    assert -0.01 < question.value < 0
    assert after_answer(UNKNOWN, UNKNOWN, score=1.0)[1].value == -0.5


def test_in_quizzes_that_suit_their_learners_it_tells_how_hard_questions_are_as_shares_do_not() -> None:
    found = simulate(1)
    assert found.r >= R_OF_ONE_BY_ONE
    assert found.r > found.r_of_shares + 0.05
    assert 0.68 <= found.success <= 0.82
