"""A machine's clock that is set to and fro while hosts run: no lease ends sooner or later for it."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from quizapp.clock import SteadyClock
from quizapp.sandboxes.client import SandboxGone, SandboxState
from quizapp.sandboxes.pool.pool import Pool
from quizapp.sandboxes.recipe.template import USERNS
from tests.unit.sandboxes.engines import FakeEngine
from tests.unit.sandboxes.pools import LIMITS, SIGNER, Clock, ready

STEPS = [timedelta(seconds=-3), timedelta(days=365), timedelta(days=-365)]


class Passing:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def passing() -> Passing:
    return Passing()


@pytest.fixture
def pool(engine: FakeEngine, clock: Clock, passing: Passing) -> Iterator[Pool]:
    steady = SteadyClock(wall=clock, elapsed=passing)
    made = Pool(
        engine,
        SIGNER,
        (USERNS,),
        LIMITS,
        now=steady,
        new_id=lambda: "id",
        lacking=lambda *_: (),
        told=steady.told,
    )
    yield made
    engine.go.set()
    made.stop()


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_a_lease_is_as_long_as_it_is_whatever_is_done_to_the_clock(
    pool: Pool, clock: Clock, passing: Passing, step: timedelta
) -> None:
    before = ready(pool)
    assert before.deadline is not None
    clock.turn(step)
    pool.tick()
    now = pool.get(before.id)
    assert now.state is SandboxState.CLAIMED
    assert now.deadline == before.deadline + step, "the page counts the minutes by the machine's clock"
    passing.s += LIMITS.lease.total_seconds() + 1
    pool.tick()
    with suppress(SandboxGone):
        assert pool.get(before.id).state is not SandboxState.CLAIMED


def test_a_clock_that_is_not_set_is_told_as_it_is(clock: Clock, passing: Passing) -> None:
    steady = SteadyClock(wall=clock, elapsed=passing)
    passing.s += 60
    clock.turn(timedelta(seconds=60, milliseconds=5))
    assert (steady(), steady.told(steady())) == (clock() - timedelta(milliseconds=5),) * 2
