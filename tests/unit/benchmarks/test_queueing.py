"""The simulation of queues, beside what queueing theory says of the queues that it knows."""

import statistics
from random import Random

import pytest

from benchmarks.queueing import EXPONENTIAL, Kind, Outcome, Step, demand, simulate


def one_queue(*, load: float, servers: int = 1, seed: int = 1, shape: float = EXPONENTIAL) -> Outcome:
    """Requests of a second each on average."""
    kind = Kind(name="asked", each_second=load * servers, steps=(Step(station="web", seconds=1.0),))
    return simulate([kind], {"web": servers}, seconds=60_000, warm_s=1_000, chance=Random(seed), shape=shape)


@pytest.mark.parametrize("load", [0.3, 0.7])
def test_one_server_takes_as_long_as_theory_says(load: float) -> None:
    """M/M/1: the mean time in the system is the work's mean over what is left of the server."""
    outcome = one_queue(load=load)
    assert statistics.fmean(outcome.taken_s["asked"]) == pytest.approx(1 / (1 - load), rel=0.1)
    assert outcome.used["web"] == pytest.approx(load, rel=0.05)


def test_work_that_varies_less_waits_less() -> None:
    """M/G/1, Pollaczek and Khinchine: the wait is load (1 + 1 / shape) / (2 (1 - load)) of the work's mean."""
    outcome = one_queue(load=0.7, shape=4.0)
    assert statistics.fmean(outcome.taken_s["asked"]) == pytest.approx(1 + 0.7 * 1.25 / (2 * 0.3), rel=0.1)


def test_two_servers_take_as_long_as_theory_says() -> None:
    """M/M/2 at a load of a half: 4/3 of the work's mean."""
    assert statistics.fmean(one_queue(load=0.5, servers=2).taken_s["asked"]) == pytest.approx(4 / 3, rel=0.05)


def test_steps_come_one_after_the_other() -> None:
    """In a row of M/M/1 queues each is one of its own (Burke's theorem)."""
    steps = (Step(station="web", seconds=1.0), Step(station="writer", seconds=0.5))
    kind = Kind(name="rated", each_second=0.5, steps=steps)
    outcome = simulate(
        [kind], {"web": 1, "writer": 1}, seconds=60_000, warm_s=1_000, chance=Random(2), shape=EXPONENTIAL
    )
    assert statistics.fmean(outcome.taken_s["rated"]) == pytest.approx(2 + 0.5 / 0.75, rel=0.1)


def test_the_same_chance_gives_the_same_times() -> None:
    assert one_queue(load=0.5, seed=3) == one_queue(load=0.5, seed=3)


def test_what_is_wanted_of_a_station_is_the_sum_over_all_kinds() -> None:
    web = Step(station="web", seconds=0.01)
    kinds = [Kind(name="a", each_second=20, steps=(web, web)), Kind(name="b", each_second=10, steps=(web,))]
    assert demand(kinds) == {"web": pytest.approx(0.5)}
    assert demand([]) == {}
