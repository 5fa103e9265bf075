"""A pool on an engine in memory and a clock that the test turns."""

import itertools
from collections.abc import Iterator

import pytest

from quizapp.sandboxes.pool.pool import Pool
from quizapp.sandboxes.pool.record import Limits
from quizapp.sandboxes.recipe.template import USERNS
from tests.unit.sandboxes.engines import FakeEngine
from tests.unit.sandboxes.pools import LIMITS, SIGNER, Clock, Lacking, MakePool


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def make_pool(engine: FakeEngine, clock: Clock) -> Iterator[MakePool]:
    """Makes a pool as a fresh sandboxd would: it remembers nothing."""
    ids = (f"id-{number}" for number in itertools.count())
    made: list[Pool] = []

    def make(limits: Limits = LIMITS, lacking: Lacking = lambda *_: ()) -> Pool:
        made.append(Pool(engine, SIGNER, (USERNS,), limits, now=clock, new_id=lambda: next(ids), lacking=lacking))
        return made[-1]

    yield make
    engine.go.set()
    for pool in made:
        pool.stop()


@pytest.fixture
def pool(make_pool: MakePool) -> Pool:
    return make_pool()
