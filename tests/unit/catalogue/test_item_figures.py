"""What first answers tell an author: gates, facility, discrimination, options, flags."""

from random import Random
from statistics import correlation

import pytest

from quizapp.catalogue.item_figures import FLAGGED_FROM, SHOWN_FROM, Flag, Sums, by_options, flags_of


def sums(pairs: list[tuple[float, float]]) -> Sums:
    return Sums(
        answers=len(pairs), score=sum(x for x, _ in pairs), pairs=len(pairs), x=sum(x for x, _ in pairs),
        y=sum(y for _, y in pairs), xx=sum(x * x for x, _ in pairs), yy=sum(y * y for _, y in pairs),
        xy=sum(x * y for x, y in pairs),
    )  # fmt: skip


def test_discrimination_is_the_correlation() -> None:
    rng = Random(1)
    pairs = [(float(rng.random() < 0.6), rng.gauss(0, 1)) for _ in range(40)]
    assert sums(pairs).discrimination == pytest.approx(correlation(*zip(*pairs, strict=True)))


def test_nothing_is_shown_of_few_and_nothing_flagged_of_some() -> None:
    few = sums([(1.0, -1.0), (0.0, 1.0)] * (SHOWN_FROM // 2 - 1))
    assert (few.facility, few.discrimination) == (None, None)
    some = sums([(1.0, -1.0), (0.0, 1.0)] * (FLAGGED_FROM // 2 - 1))
    assert (some.facility, some.discrimination, flags_of(some)) == (0.5, -1.0, ())
    assert flags_of(sums([(1.0, -1.0), (0.0, 1.0)] * (FLAGGED_FROM // 2))) == [Flag.NEGATIVE]


def test_all_right_discriminates_nothing_and_is_too_easy() -> None:
    found = sums([(1.0, float(number)) for number in range(FLAGGED_FROM)])
    assert (found.discrimination, flags_of(found)) == (None, [Flag.TOO_EASY])


def test_a_wrong_option_that_draws_the_good_and_one_that_nobody_takes_are_flagged() -> None:
    answers = [([2 if number >= 20 else 1], float(number)) for number in range(40)]
    options = by_options([(1, "key", True), (2, "trap", False), (3, "never", False)], answers)
    assert [(one.chosen, one.of_good, one.of_poor) for one in options] == [
        (20, 0.0, 1.0),
        (20, 1.0, 0.0),
        (0, 0.0, 0.0),
    ]
    found = flags_of(sums([(float(number < 20), float(number)) for number in range(40)]), options)
    assert found == [Flag.NEGATIVE, Flag.DISTRACTS_THE_GOOD, Flag.UNUSED_OPTION]
