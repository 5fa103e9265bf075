"""How long a sandbox lives: leases, extensions, ends that were asked for, and interest."""

from dataclasses import replace
from datetime import timedelta

from quizapp.sandboxes.client import (
    END_SOON,
    SandboxState,
)
from quizapp.sandboxes.pool.pool import ASKED, Pool
from quizapp.sandboxes.pool.record import LEFT, TIME_UP, UNUSED
from quizapp.sandboxes.recipe.template import LEASE
from tests.unit.sandboxes.engines import FakeEngine
from tests.unit.sandboxes.pools import LIMITS, Clock, MakePool, eventually, ready


def test_the_lease_ends_it(make_pool: MakePool, clock: Clock, engine: FakeEngine) -> None:
    pool = make_pool(replace(LIMITS, idle=LIMITS.life, orphaned=LIMITS.life))
    sandbox = ready(pool)
    clock.turn(LIMITS.lease - timedelta(seconds=1))
    pool.get(sandbox.id)
    pool.tick()
    assert pool.get(sandbox.id).state is SandboxState.CLAIMED
    clock.turn(timedelta(seconds=1))
    pool.tick()
    eventually(lambda: pool.get(sandbox.id).state is SandboxState.GONE)
    assert pool.get(sandbox.id).reason == TIME_UP
    assert engine.containers == {}


def test_extensions_stop_at_the_longest_life(pool: Pool) -> None:
    sandbox = ready(pool)
    assert sandbox.deadline is not None
    assert pool.extend(sandbox.id).deadline == sandbox.deadline + LIMITS.extension
    assert pool.extend(sandbox.id).deadline == sandbox.created_at + LIMITS.life


def test_an_end_that_was_asked_for_comes_in_a_minute_and_says_who_asked(
    pool: Pool, clock: Clock, engine: FakeEngine
) -> None:
    sandbox = ready(pool)
    ending = pool.end_soon(sandbox.id)
    assert (ending.ends_soon, ending.deadline) == (True, clock() + END_SOON)
    assert pool.end_soon(sandbox.id).deadline == clock() + END_SOON
    clock.turn(END_SOON)
    pool.tick()
    eventually(lambda: pool.get(sandbox.id).state is SandboxState.GONE)
    assert pool.get(sandbox.id).reason == ASKED


def test_an_end_that_is_taken_back_gives_the_lease_back_as_it_was(pool: Pool, clock: Clock, engine: FakeEngine) -> None:
    sandbox = ready(pool)
    pool.end_soon(sandbox.id)
    clock.turn(END_SOON / 2)
    pool.end_soon(sandbox.id)
    kept = pool.extend(sandbox.id)
    assert (kept.ends_soon, kept.deadline) == (False, sandbox.deadline)
    assert engine.execs[-1] == (LEASE, str(round((kept.deadline - sandbox.created_at).total_seconds())))
    assert pool.extend(sandbox.id).deadline > kept.deadline


def test_an_extension_is_told_to_the_container_itself(pool: Pool, engine: FakeEngine) -> None:
    sandbox = ready(pool)
    extended = pool.extend(sandbox.id).deadline
    assert extended is not None
    assert engine.execs == [(LEASE, str(round((extended - sandbox.created_at).total_seconds())))]


def test_one_that_nobody_looks_at_is_ended(pool: Pool, clock: Clock) -> None:
    sandbox = ready(pool)
    clock.turn(LIMITS.orphaned)
    pool.tick()
    assert pool.list()[0].state is SandboxState.CLAIMED
    clock.turn(timedelta(seconds=1))
    pool.tick()
    eventually(lambda: pool.get(sandbox.id).state is SandboxState.GONE)
    assert pool.get(sandbox.id).reason == LEFT


def test_one_that_is_only_looked_at_is_ended(make_pool: MakePool, clock: Clock, engine: FakeEngine) -> None:
    pool = make_pool(replace(LIMITS, lease=LIMITS.life))
    engine.answer = b"0 0 1 0 \n"
    sandbox = ready(pool)
    assert sandbox.idle_at == clock() + LIMITS.idle
    clock.turn(LIMITS.orphaned)
    pool.run(sandbox.id, ["true"], learner=True, each_s=1, output_bytes=10)
    for _ in range(2):
        clock.turn(LIMITS.orphaned)
        pool.tick()
        assert pool.get(sandbox.id).state is SandboxState.CLAIMED
    clock.turn(timedelta(seconds=1))
    pool.tick()
    eventually(lambda: pool.get(sandbox.id).state is SandboxState.GONE)
    assert pool.get(sandbox.id).reason == UNUSED


def test_an_open_terminal_is_interest(pool: Pool, clock: Clock) -> None:
    sandbox = ready(pool)
    terminal = pool.terminal(sandbox.id, rows=24, columns=80, resume=None)
    clock.turn(LIMITS.orphaned + timedelta(seconds=1))
    pool.tick()
    terminal.close()
    pool.tick()
    assert pool.list()[0].state is SandboxState.CLAIMED
