"""Weights within both libraries' ranges, drawn towards the defaults, and as they are stored."""

import pytest

from quizapp.review.fitting.weights import from_json, shrunk, to_json, within_ranges
from quizapp.review.scheduler import DEFAULT_PARAMETERS, Scheduler

FAST = (*DEFAULT_PARAMETERS[:20], 0.800000011920929)  # 0.8 in 32 bits


def test_the_32_bit_decay_is_refused_by_py_fsrs_6_3_2_and_taken_once_it_is_put_into_its_range() -> None:
    with pytest.raises(ValueError, match=r"0\.8"):
        Scheduler(parameters=FAST)
    assert Scheduler(parameters=within_ranges(FAST)).parameters[20] == 0.8


def test_nothing_is_fitted_from_no_reviews_and_half_from_a_thousand() -> None:
    own = tuple(2 * weight for weight in DEFAULT_PARAMETERS)
    assert shrunk(own, reviews=0) == pytest.approx(DEFAULT_PARAMETERS)
    half = shrunk(own, reviews=1_000)
    assert half[0] == pytest.approx(DEFAULT_PARAMETERS[0] * 2**0.5)  # a stability: the mean of the logarithms
    assert half[4] == pytest.approx(DEFAULT_PARAMETERS[4] * 1.5)


def test_stored_weights_come_back_and_those_of_another_algorithm_do_not() -> None:
    assert from_json(to_json(DEFAULT_PARAMETERS)) == DEFAULT_PARAMETERS
    assert from_json({"version": "fsrs-7", "weights": [0.1] * 35}) is None
