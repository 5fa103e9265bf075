"""Warm sandboxes, and what is begun ahead in any: whose they are, what waits in them, and what becomes of both."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from quizapp.sandboxes.client import (
    EngineOff,
    SandboxNotReady,
    SandboxState,
    TooManyStarts,
)
from quizapp.sandboxes.pool.admission import SPARED
from quizapp.sandboxes.pool.pool import Pool
from quizapp.sandboxes.pool.record import STALE
from quizapp.sandboxes.pool.registry import WARM_RETRY
from quizapp.sandboxes.recipe.template import GO, LEASE
from tests.unit.sandboxes.engines import EPOCH, FakeEngine
from tests.unit.sandboxes.pools import LIMITS, SIGNER, Clock, MakePool, eventually, ready, warmed


def test_a_warm_one_is_claimed_at_once(make_pool: MakePool, engine: FakeEngine, clock: Clock) -> None:
    pool = make_pool(replace(LIMITS, warm=1))
    warm = warmed(pool)
    clock.turn(timedelta(minutes=10))
    claimed = pool.ask(owner="ada", template="userns")
    assert (claimed.id, claimed.state, claimed.owner) == (warm.id, SandboxState.CLAIMED, "ada")
    assert claimed.deadline == clock() + LIMITS.lease
    assert [found.name for found in engine.containers.values()] == [SIGNER.name("ada")]
    eventually(lambda: engine.execs == [(LEASE, str(40 * 60))])  # from its start on: ten minutes and the lease
    assert warmed(pool).id != warm.id


def test_the_first_terminal_of_a_warm_one_waits_for_it(make_pool: MakePool, engine: FakeEngine) -> None:
    pool = make_pool(replace(LIMITS, warm=1))
    warmed(pool)
    eventually(lambda: len(engine.shells) == 1 and engine.shells[0].answers())
    claimed = pool.ask(owner="ada", template="userns")
    first = pool.terminal(claimed.id, rows=30, columns=90)
    assert first.receive() == GO + b"\n"  # all that it needs, and nothing of what it said before
    assert (len(engine.shells), engine.shells[0].sizes) == (1, [(30, 90)])
    pool.terminal(claimed.id, rows=24, columns=80)
    assert len(engine.shells) == 2


def test_a_terminal_that_ended_while_it_waited_is_none(make_pool: MakePool, engine: FakeEngine) -> None:
    pool = make_pool(replace(LIMITS, warm=1))
    warmed(pool)
    eventually(lambda: len(engine.shells) == 1 and engine.shells[0].answers())
    engine.shells[0].output.put(None)
    claimed = pool.ask(owner="ada", template="userns")
    pool.terminal(claimed.id, rows=30, columns=90)
    assert len(engine.shells) == 2
    assert engine.shells[0].closed.is_set()


def test_a_warm_one_of_the_keeper_before_gets_a_shell_anew(
    make_pool: MakePool, engine: FakeEngine, clock: Clock
) -> None:
    clock.moment = EPOCH  # when the engine's containers were made
    warmed(make_pool(replace(LIMITS, warm=1)))
    eventually(lambda: len(engine.shells) == 1)
    heir = make_pool(replace(LIMITS, warm=1))
    warmed(heir)

    def has_its_own() -> bool:
        heir.tick()
        return len(engine.shells) == 2

    eventually(has_its_own)
    assert engine.shells_ended == list(engine.containers)


def test_the_next_commands_are_begun_before_they_are_known(pool: Pool, engine: FakeEngine) -> None:
    sandbox = ready(pool)
    eventually(lambda: len(engine.opened) == 1)
    engine.answer = b"0 0 1 0 \n"
    pool.run(sandbox.id, ["true"], learner=False, each_s=1, output_bytes=10)
    assert len(engine.execs) == 1
    eventually(lambda: len(engine.opened) == 2)
    engine.opened[1].ended = True
    pool.run(sandbox.id, ["true"], learner=False, each_s=1, output_bytes=10)
    assert engine.opened[1].closed.is_set()
    assert len(engine.execs) == 2


def test_what_waits_in_a_sandbox_ends_with_it(make_pool: MakePool, engine: FakeEngine, clock: Clock) -> None:
    pool = make_pool(replace(LIMITS, warm=1))
    warmed(pool)
    eventually(lambda: len(engine.opened) == 1)
    clock.turn(LIMITS.warm_age + timedelta(seconds=1))
    pool.tick()
    eventually(lambda: engine.shells[0].closed.is_set() and engine.opened[0].closed.is_set())


def test_a_warm_one_is_nobodys(make_pool: MakePool) -> None:
    pool = make_pool(replace(LIMITS, warm=1))
    warm = warmed(pool)
    with pytest.raises(SandboxNotReady):
        pool.run(warm.id, ["true"], learner=True, each_s=1, output_bytes=10)


def test_racing_owners_share_no_warm_one(make_pool: MakePool, engine: FakeEngine) -> None:
    pool = make_pool(replace(LIMITS, warm=1, most=20))
    warm = warmed(pool)
    owners = [f"owner {number % 10}" for number in range(20)]
    with ThreadPoolExecutor(20) as threads:
        asked = list(threads.map(lambda owner: pool.ask(owner=owner, template="userns"), owners))
    assert sorted(sandbox.owner or "" for sandbox in asked) == sorted(owners)
    assert len({sandbox.id for sandbox in asked}) == 10
    assert warm.id in {sandbox.id for sandbox in asked}


def test_a_warm_one_that_cannot_be_claimed_costs_only_itself(make_pool: MakePool, engine: FakeEngine) -> None:
    pool = make_pool(replace(LIMITS, warm=1))
    warm = warmed(pool)
    engine.stop(next(iter(engine.containers)))
    sandbox = ready(pool)
    assert sandbox.id != warm.id
    assert pool.get(warm.id).state is SandboxState.LOST


def test_a_warm_one_that_may_or_may_not_be_claimed_is_given_to_nobody(make_pool: MakePool, engine: FakeEngine) -> None:
    pool = make_pool(replace(LIMITS, warm=1))
    warm = warmed(pool)
    engine.claim_fault = EngineOff("It did not answer in time.", retry_after_s=1)
    with pytest.raises(EngineOff):
        pool.ask(owner="ada", template="userns")
    engine.claim_fault = None
    assert pool.get(warm.id).state is SandboxState.LOST
    assert ready(pool).id != warm.id


def test_a_warm_one_that_cannot_be_claimed_is_no_start_of_its_owner(make_pool: MakePool, engine: FakeEngine) -> None:
    pool = make_pool(replace(LIMITS, warm=1, starts_an_hour=1))
    warmed(pool)
    engine.stop(next(iter(engine.containers)))
    pool.end(ready(pool).id)
    with pytest.raises(TooManyStarts):
        pool.ask(owner="ada", template="userns")


def test_who_got_nothing_because_of_a_fault_has_started_nothing(
    make_pool: MakePool, engine: FakeEngine, clock: Clock
) -> None:
    pool = make_pool(replace(LIMITS, warm=1, starts_an_hour=1))
    for _ in range(3):
        warmed(pool)
        engine.claim_fault = EngineOff("It did not answer in time.", retry_after_s=1)
        with pytest.raises(EngineOff):
            pool.ask(owner="ada", template="userns")
        engine.claim_fault = None
        clock.turn(WARM_RETRY)
    warm = warmed(pool)
    assert pool.ask(owner="ada", template="userns").id == warm.id


def test_a_claimed_one_is_a_start_as_any_other(make_pool: MakePool) -> None:
    pool = make_pool(replace(LIMITS, warm=1, starts_an_hour=1))
    warmed(pool)
    pool.end(pool.ask(owner="ada", template="userns").id)
    warm = warmed(pool)
    eventually(lambda: [sandbox.id for sandbox in pool.list()] == [warm.id])
    with pytest.raises(TooManyStarts):
        pool.ask(owner="ada", template="userns")
    assert pool.get(warm.id).state is SandboxState.READY, "nothing was claimed for who may not have it"


def test_the_next_keeper_knows_warm_from_claimed(make_pool: MakePool, engine: FakeEngine) -> None:
    limits = replace(LIMITS, warm=1)
    pool = make_pool(limits)
    warmed(pool)
    claimed = pool.ask(owner="ada", template="userns")
    warm = warmed(pool)
    heir = make_pool(limits)
    heir.tick()
    eventually(lambda: heir.get(claimed.id).state is SandboxState.CLAIMED)
    eventually(lambda: heir.get(warm.id).state is SandboxState.READY)
    assert heir.ask(owner="ada", template="userns").id == claimed.id
    assert engine.creates == 2  # before the warm one is gone, since a thread may then be making the next at any moment
    assert heir.ask(owner="bob", template="userns").id == warm.id


def test_a_warm_one_makes_room(make_pool: MakePool) -> None:
    pool = make_pool(replace(LIMITS, warm=1, most=1))
    warm = warmed(pool)
    pool.end(ready(pool, "ada").id)
    eventually(lambda: pool.list() == ())
    assert pool.get(warm.id).owner == "ada"
    second = warmed(pool)
    left = threading.Event()
    pool._registry.leaving_of = lambda owner: left  # type: ignore[method-assign]  # an old one is in the way
    left.set()
    ready(pool, "bob")
    assert pool.get(second.id).reason == SPARED


def test_a_warm_one_is_fresh(make_pool: MakePool, clock: Clock) -> None:
    pool = make_pool(replace(LIMITS, warm=1))
    warm = warmed(pool)
    clock.turn(LIMITS.warm_age + timedelta(seconds=1))
    pool.tick()
    eventually(lambda: pool.get(warm.id).state is SandboxState.GONE)
    assert pool.get(warm.id).reason == STALE
    assert warmed(pool).id != warm.id


def test_a_warm_one_that_does_not_start_is_not_tried_again_at_once(
    make_pool: MakePool, engine: FakeEngine, clock: Clock
) -> None:
    pool = make_pool(replace(LIMITS, warm=1))
    engine.prints = ("@failed It is not to be.",)
    pool.tick()
    eventually(lambda: pool.list() == () and engine.creates == 1)
    pool.tick()
    assert engine.creates == 1
    clock.turn(timedelta(minutes=1))
    pool.tick()
    eventually(lambda: engine.creates == 2)
