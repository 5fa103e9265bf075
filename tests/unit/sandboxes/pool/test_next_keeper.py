"""What a pool that begins anew makes of the sandboxes that are there, and what it clears away."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.sandboxes.client import (
    EngineOff,
    NoClearAnswer,
    SandboxNotReady,
    SandboxState,
)
from quizapp.sandboxes.pool.ownership import Ownership
from quizapp.sandboxes.pool.pool import Pool
from quizapp.sandboxes.recipe.template import LEASE
from tests.unit.sandboxes.engines import FakeEngine
from tests.unit.sandboxes.pools import LIMITS, SIGNER, Clock, MakePool, eventually, ready


def test_the_next_keeper_finds_a_running_sandbox(make_pool: MakePool, clock: Clock) -> None:
    sandbox = ready(make_pool())
    clock.turn(timedelta(minutes=45))
    heir = make_pool()
    heir.tick()
    eventually(lambda: heir.get(sandbox.id).state is SandboxState.CLAIMED)
    found = heir.get(sandbox.id)
    assert found.deadline == sandbox.created_at + LIMITS.life  # a new lease would end later than its container
    assert heir.ask(owner="ada", template="userns").id == sandbox.id


def test_a_found_sandbox_is_told_its_new_lease_or_lives_on_without(make_pool: MakePool, engine: FakeEngine) -> None:
    sandbox = ready(make_pool())
    engine.exec_fault = NoClearAnswer("too busy", retry_after_s=1)
    heir = make_pool()
    heir.tick()
    eventually(lambda: [command[0] for command in engine.execs] == [LEASE])
    heir.stop()
    assert heir.get(sandbox.id).state is SandboxState.CLAIMED


def test_a_start_that_ends_while_the_process_does_is_left_to_the_next(make_pool: MakePool, engine: FakeEngine) -> None:
    """Python then takes no new tasks, whoever has them: a host that was there was told broken, and removed."""
    engine.go.clear()
    pool = make_pool()
    asked = pool.ask(owner="ada", template="userns")
    pool._lifecycle._small_tasks.shutdown()
    engine.go.set()
    eventually(lambda: pool.get(asked.id).state is SandboxState.CLAIMED)
    pool.stop()
    assert pool.get(asked.id).state is SandboxState.CLAIMED


def test_the_next_keeper_takes_a_start_further(make_pool: MakePool, engine: FakeEngine) -> None:
    ownership = Ownership(id="left", owner="ada", template="userns", ends_at=datetime(2026, 1, 1, 13, tzinfo=UTC))
    engine.put(SIGNER.name("ada"), SIGNER.sign(ownership), running=False, fresh=True)
    heir = make_pool()
    assert heir.ask(owner="ada", template="userns").id == "left"
    eventually(lambda: heir.get("left").state is SandboxState.CLAIMED)
    assert engine.creates == 0


def test_the_next_keeper_knows_a_sandbox_whatever_it_is_asked_first(make_pool: MakePool, engine: FakeEngine) -> None:
    sandbox = ready(make_pool())
    assert make_pool().get(sandbox.id).state.is_live
    engine.go.clear()
    with pytest.raises(SandboxNotReady):  # its start is looked at anew first
        make_pool().run(sandbox.id, ["true"], each_s=1, output_bytes=10)
    engine.go.set()
    engine.is_off = True
    with pytest.raises(EngineOff):
        make_pool().get(sandbox.id)
    engine.is_off = False
    heir = make_pool()
    heir.end(sandbox.id)
    eventually(lambda: not engine.containers)


def test_one_that_was_half_made_when_sandboxd_was_killed_makes_room(pool: Pool, engine: FakeEngine) -> None:
    pool.tick()
    left = Ownership(id="left", owner="ada", template="userns", ends_at=datetime(2026, 1, 1, 13, tzinfo=UTC))
    ref = engine.put(SIGNER.name("ada"), SIGNER.sign(left), running=False, fresh=True)
    sandbox = ready(pool)
    assert sandbox.id != "left"
    assert ref not in engine.containers
    assert len(engine.containers) == 1


def test_what_has_ended_is_removed_and_what_is_not_ours_is_not(pool: Pool, engine: FakeEngine) -> None:
    ownership = Ownership(id="left", owner="ada", template="userns", ends_at=datetime(2026, 1, 1, 13, tzinfo=UTC))
    engine.put(SIGNER.name("ada"), SIGNER.sign(ownership), running=False)
    forged = engine.put("forged", SIGNER.sign(ownership), running=False)
    pool.tick()
    assert list(engine.containers) == [forged]
    assert pool.list() == ()


def test_a_template_of_another_version_is_left_to_end_by_itself(pool: Pool, engine: FakeEngine) -> None:
    ownership = Ownership(id="old", owner="ada", template="vm", ends_at=datetime(2026, 1, 1, 13, tzinfo=UTC))
    engine.put(SIGNER.name("ada"), SIGNER.sign(ownership), running=True)
    pool.tick()
    assert len(engine.containers) == 1
    assert pool.list() == ()


def test_a_removal_that_fails_is_tried_again(pool: Pool, engine: FakeEngine) -> None:
    sandbox = ready(pool)
    engine.is_off = True
    pool.end(sandbox.id)
    with pytest.raises(EngineOff):
        pool.tick()
    assert pool.get(sandbox.id).state is SandboxState.ENDING
    engine.is_off = False
    pool.tick()
    eventually(lambda: pool.get(sandbox.id).state is SandboxState.GONE)
    assert engine.containers == {}
