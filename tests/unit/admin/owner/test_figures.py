"""Figures in words."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.admin.owner.figures import END_WORDS, FAULTS_SHOWN, age_in_words, day_of_hosts, web_figures
from quizapp.process_figures import Counted, LoggedFault, Measures
from quizapp.sandboxes.client import EndCause, PoolFigures
from quizapp.web.request_times import RequestTimes

SINCE = datetime(2026, 11, 30, tzinfo=UTC)


def pool_figures(*, warm: int, cold: int, refused: int = 0) -> PoolFigures:
    ended = {EndCause.LEFT: 1, EndCause.ASKED: 3}
    return PoolFigures(since=SINCE, most=3, warm=warm, cold=cold, refused=refused, phases=(), ended=ended)


def test_every_cause_has_its_words() -> None:
    assert END_WORDS.keys() == set(EndCause)


def test_what_pages_took_is_told_to_the_bound_of_a_bucket() -> None:
    times, measures = RequestTimes(["health", "today.show"]), Measures()
    for seconds in (0.004, 0.004, 0.15, 0.6):
        times.note("today.show", 200, seconds)
    times.note("today.show", 503, 60)
    times.note("health", 503, 0.3)  # while a start migrates
    measures.count(Counted.WRONG_GUESS)
    said = {fact.name: fact.value for fact in web_figures(measures, times.found()).facts}
    assert said == {
        "Answers": "6, 1 of them faults",
        "Took": "half within 200 ms, 95 % longer than that, 99 % longer than that",
        "Writers waited": "none yet",
        "Reviews": "0",
        "Sign-ins": "0, and 1 wrong passwords",
    }


def test_before_the_first_request_there_is_nothing_to_tell() -> None:
    assert web_figures(Measures(), ()).facts[0].value == "0, 0 of them faults"


def test_the_newest_faults_come_first_and_not_all_of_them() -> None:
    measures = Measures()
    for number in range(FAULTS_SHOWN + 2):
        measures.note(LoggedFault(at=number * 60.0, reference=str(number), endpoint="today.show", kind="KeyError"))
    faults = web_figures(measures, ()).faults
    assert [fault.reference for fault in faults] == [str(number) for number in range(FAULTS_SHOWN + 1, 1, -1)]
    assert faults[-1].at == datetime(1970, 1, 1, 0, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (pool_figures(warm=0, cold=0), "Nobody asked for one."),
        (pool_figures(warm=3, cold=1), "3 of 4 got one that was ready (75%)."),
        (pool_figures(warm=0, cold=2, refused=1), "0 of 2 got one that was ready (0%), 1 were refused."),
    ],
)
def test_who_got_a_warm_one(figures: PoolFigures, said: str) -> None:
    day = day_of_hosts(figures)
    assert day.asked == said
    assert [(fact.name, fact.value) for fact in day.ended] == [("Ended by the learner", "3"), ("Page was closed", "1")]


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(seconds=-5), "less than a minute old"),
        (timedelta(seconds=59), "less than a minute old"),
        (timedelta(minutes=1), "1 minute old"),
        (timedelta(hours=5, minutes=50), "5 hours old"),
        (timedelta(days=1, hours=23), "1 day old"),
        (timedelta(days=1200), "1,200 days old"),
    ],
)
def test_an_age_is_told_to_the_unit_that_matters(age: timedelta, said: str) -> None:
    assert age_in_words(age) == said
