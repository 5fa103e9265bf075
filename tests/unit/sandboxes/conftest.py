"""A keeper on an engine in memory and a clock that the test turns."""

import itertools
from collections.abc import Iterator

import pytest

from quizapp.sandboxes.pool.pool import Keeper
from quizapp.sandboxes.pool.record import Limits
from quizapp.sandboxes.recipe.template import USERNS
from tests.unit.sandboxes.engines import FakeEngine
from tests.unit.sandboxes.keepers import LIMITS, SIGNER, Clock, Lacking, MakeKeeper


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def make_keeper(engine: FakeEngine, clock: Clock) -> Iterator[MakeKeeper]:
    """Makes a keeper as a fresh sandboxd would: it remembers nothing."""
    ids = (f"id-{number}" for number in itertools.count())
    made: list[Keeper] = []

    def make(limits: Limits = LIMITS, lacking: Lacking = lambda *_: ()) -> Keeper:
        made.append(Keeper(engine, SIGNER, (USERNS,), limits, now=clock, new_id=lambda: next(ids), lacking=lacking))
        return made[-1]

    yield make
    engine.go.set()
    for keeper in made:
        keeper.stop()


@pytest.fixture
def keeper(make_keeper: MakeKeeper) -> Keeper:
    return make_keeper()
