"""The pool's promises, on an engine in memory and a clock that the test turns."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from quizapp.sandboxes.client import (
    BadSandboxRequest,
    EndCause,
    EngineOff,
    NoClearAnswer,
    Resume,
    SandboxGone,
    SandboxNotReady,
    SandboxState,
    StepState,
    TerminalGone,
    TooManySandboxes,
    TooManyStarts,
)
from quizapp.sandboxes.pool.lifecycle import STILL_ENDING
from quizapp.sandboxes.pool.pool import ASKED, SHELL_ENDED, SILENT, STOPPED, Pool
from quizapp.sandboxes.pool.record import NOT_AWAITED
from quizapp.sandboxes.recipe.template import USERNS
from tests.unit.sandboxes.engines import FakeEngine
from tests.unit.sandboxes.pools import LIMITS, SIGNER, Clock, MakePool, eventually, ready


def test_a_start_goes_through_its_steps_to_ready(pool: Pool, clock: Clock) -> None:
    sandbox = ready(pool)
    assert [step.name for step in sandbox.steps] == ["create", *(step.name for step in USERNS.steps)]
    assert {step.state for step in sandbox.steps} == {StepState.DONE}
    assert sandbox.deadline == clock() + LIMITS.lease


def test_asking_never_waits_for_the_start(pool: Pool, engine: FakeEngine) -> None:
    engine.go.clear()
    asked = pool.ask(owner="ada", template="userns")
    assert asked.state in (SandboxState.QUEUED, SandboxState.STARTING)
    assert asked.deadline is None
    with pytest.raises(SandboxNotReady):
        pool.extend(asked.id)


def test_racing_threads_share_one_sandbox(pool: Pool, engine: FakeEngine) -> None:
    engine.require_s = 0.02  # all of them look before the first one has made a record
    with ThreadPoolExecutor(20) as threads:
        asked = list(threads.map(lambda _: pool.ask(owner="ada", template="userns"), range(20)))
    assert len({sandbox.id for sandbox in asked}) == 1
    eventually(lambda: pool.get(asked[0].id).state is SandboxState.CLAIMED)
    assert engine.creates == 1


def test_no_more_than_the_cap_and_the_queue(pool: Pool, engine: FakeEngine) -> None:
    for owner in ("ada", "bob", "cyd", "dan"):
        pool.ask(owner=owner, template="userns")
    with pytest.raises(TooManySandboxes) as refused:
        pool.ask(owner="eve", template="userns")
    assert refused.value.retry_after_s > 0
    assert pool.ask(owner="ada", template="userns").owner == "ada"
    eventually(lambda: len(pool.list()) == 4 and engine.creates == 3)


def test_one_that_ended_makes_room(pool: Pool, engine: FakeEngine) -> None:
    sandboxes = [ready(pool, owner) for owner in ("ada", "bob", "cyd")]
    waiting = pool.ask(owner="dan", template="userns")
    assert (waiting.state, waiting.position) == (SandboxState.QUEUED, 1)
    pool.tick()
    assert pool.get(waiting.id).state is SandboxState.QUEUED
    pool.end(sandboxes[0].id)
    eventually(lambda: pool.get(waiting.id).state is SandboxState.CLAIMED)
    assert pool.get(waiting.id).position is None
    assert len(engine.containers) == 3


def test_whoever_goes_away_loses_the_place_in_the_queue(pool: Pool, clock: Clock) -> None:
    for owner in ("ada", "bob", "cyd"):
        ready(pool, owner)
    waiting = pool.ask(owner="dan", template="userns")
    clock.turn(LIMITS.waiting + timedelta(seconds=1))
    pool.tick()
    eventually(lambda: pool.get(waiting.id).state is SandboxState.GONE)
    assert pool.get(waiting.id).reason == NOT_AWAITED


def test_so_many_starts_an_hour_and_no_more(make_pool: MakePool) -> None:
    pool = make_pool(replace(LIMITS, starts_an_hour=2))
    for _ in range(2):
        pool.end(ready(pool).id)
    with pytest.raises(TooManyStarts) as refused:
        pool.ask(owner="ada", template="userns")
    assert 0 < refused.value.retry_after_s <= 3600
    assert ready(pool, "bob").owner == "bob"


def test_starts_while_the_clock_was_ahead_count_no_longer_once_it_is_right(
    make_pool: MakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, right = make_pool(replace(LIMITS, starts_an_hour=1)), time.time
    with monkeypatch.context() as ahead:
        ahead.setattr(time, "time", lambda: right() + 365 * 86_400)
        pool.end(ready(pool).id)
        with pytest.raises(TooManyStarts):
            pool.ask(owner="ada", template="userns")
    pool.end(ready(pool).id)
    with pytest.raises(TooManyStarts) as refused:
        pool.ask(owner="ada", template="userns")
    assert refused.value.retry_after_s <= 3600


def test_every_change_is_a_line_in_the_log_and_a_figure(pool: Pool, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="quizapp.sandboxes.pool.admission")
    sandbox = ready(pool)
    pool.end(sandbox.id)
    eventually(lambda: pool.get(sandbox.id).state is SandboxState.GONE)
    assert [record.getMessage() for record in caplog.records] == [
        f"sandbox {sandbox.id}: queued",
        f"sandbox {sandbox.id}: queued -> starting",
        f"sandbox {sandbox.id}: starting -> claimed",
        f"sandbox {sandbox.id}: claimed -> ending: {ASKED}",
        f"sandbox {sandbox.id}: ending -> gone: {ASKED}",
    ]
    figures = pool.metrics().decode()
    assert 'quizapp_sandbox_changes_total{after="claimed",before="starting"} 1.0' in figures
    assert "quizapp_sandbox_start_seconds_count 1.0" in figures
    assert 'quizapp_sandboxes{state="claimed"} 0.0' in figures
    assert 'quizapp_sandbox_asks_total{outcome="cold"} 1.0' in figures
    assert 'quizapp_sandbox_ends_total{cause="asked"} 1.0' in figures
    assert "quizapp_sandbox_queue_seconds_count 1.0" in figures
    recent = pool.figures()
    assert (recent.cold, recent.warm, recent.refused, recent.ended) == (1, 0, 0, {EndCause.ASKED: 1})
    assert [phase.name for phase in recent.phases][:2] == ["queue", "create"]


def test_ended_on_request_it_says_so_and_leaves_nothing(pool: Pool, engine: FakeEngine) -> None:
    sandbox = ready(pool)
    pool.end(sandbox.id)
    eventually(lambda: pool.get(sandbox.id).state is SandboxState.GONE)
    assert pool.get(sandbox.id).reason == ASKED
    assert engine.containers == {}
    assert pool.list() == ()
    with pytest.raises(SandboxGone, match=ASKED):
        pool.extend(sandbox.id)


def test_asking_again_after_the_end_gives_a_new_one(pool: Pool, engine: FakeEngine) -> None:
    first = ready(pool)
    pool.end(first.id)
    second = ready(pool)
    assert second.id != first.id
    assert len(engine.containers) == 1


def test_a_new_one_waits_until_the_old_one_has_left_its_name(pool: Pool, engine: FakeEngine) -> None:
    first = ready(pool)
    engine.may_remove.clear()
    pool.end(first.id)
    second = pool.ask(owner="ada", template="userns")
    time.sleep(0.05)
    assert pool.get(first.id).state is SandboxState.ENDING
    assert pool.get(second.id).state is SandboxState.QUEUED
    engine.may_remove.set()
    eventually(lambda: pool.get(second.id).state is SandboxState.CLAIMED)


def test_an_old_one_that_never_leaves_is_said(pool: Pool, engine: FakeEngine) -> None:
    first = ready(pool)
    engine.may_remove.clear()
    pool.end(first.id)
    second = pool.ask(owner="ada", template="userns")
    eventually(lambda: pool.get(second.id).state is SandboxState.LOST)
    assert pool.get(second.id).reason == STILL_ENDING
    engine.may_remove.set()


def test_ended_while_it_starts(pool: Pool, engine: FakeEngine) -> None:
    engine.go.clear()
    asked = pool.ask(owner="ada", template="userns")
    eventually(lambda: len(engine.containers) == 1)
    pool.end(asked.id)
    eventually(lambda: pool.get(asked.id).state is SandboxState.GONE)
    engine.go.set()
    assert engine.containers == {}


def test_ended_while_it_waits_for_its_turn(pool: Pool, engine: FakeEngine) -> None:
    engine.go.clear()
    asked = [pool.ask(owner=owner, template="userns") for owner in ("ada", "bob", "cyd")]
    pool.end(asked[2].id)
    eventually(lambda: pool.get(asked[2].id).state is SandboxState.GONE)
    engine.go.set()
    for sandbox in asked[:2]:
        eventually(lambda sandbox=sandbox: pool.get(sandbox.id).state is SandboxState.CLAIMED)  # type: ignore[misc]
    assert engine.creates == 2


def test_a_failed_start_says_why_and_leaves_nothing(pool: Pool, engine: FakeEngine) -> None:
    engine.prints = ("@step world", "@step lan", "@failed The sandbox could not build its network.")
    asked = pool.ask(owner="ada", template="userns")
    eventually(lambda: pool.get(asked.id).state is SandboxState.LOST)
    lost = pool.get(asked.id)
    assert lost.reason == "The sandbox could not build its network."
    assert [step.state for step in lost.steps[:3]] == [StepState.DONE, StepState.DONE, StepState.FAILED]
    eventually(lambda: engine.containers == {})


def test_a_start_that_never_gets_ready_is_given_up(pool: Pool, engine: FakeEngine) -> None:
    engine.go.clear()
    asked = pool.ask(owner="ada", template="userns")
    eventually(lambda: pool.get(asked.id).state is SandboxState.LOST)
    eventually(lambda: engine.containers == {})


def test_a_container_in_the_way_is_left_alone(pool: Pool, engine: FakeEngine) -> None:
    engine.put(SIGNER.name("ada"), {}, running=True)
    asked = pool.ask(owner="ada", template="userns")
    eventually(lambda: pool.get(asked.id).state is SandboxState.LOST)
    assert len(engine.containers) == 1


def test_a_terminal_is_resumed_in_its_own_sandbox_alone(pool: Pool, engine: FakeEngine) -> None:
    sandbox = ready(pool)
    first = pool.terminal(sandbox.id, rows=24, columns=80, resume=None)
    first.leave()
    resume = Resume(terminal_id=first.opened.terminal_id, have=0)
    again = pool.terminal(sandbox.id, rows=30, columns=90, resume=resume)
    assert again.opened.terminal_id == first.opened.terminal_id
    assert len(engine.shells) == 1
    other = ready(pool, owner="bob")
    with pytest.raises(TerminalGone):
        pool.terminal(other.id, rows=24, columns=80, resume=resume)


def test_why_a_shell_ended(pool: Pool, engine: FakeEngine) -> None:
    sandbox = ready(pool)
    assert pool.why_shell_ended(sandbox.id) == SHELL_ENDED
    engine.containers.clear()
    assert pool.why_shell_ended(sandbox.id) == STOPPED
    engine.is_off = True
    assert pool.why_shell_ended(sandbox.id) == "The engine is off."


def test_one_that_stopped_by_itself_is_lost(pool: Pool, engine: FakeEngine) -> None:
    sandbox = ready(pool)
    engine.containers.clear()
    pool.tick()
    lost = pool.get(sandbox.id)
    assert (lost.state, lost.reason) == (SandboxState.LOST, STOPPED)


def test_a_command_notices_that_it_stopped(pool: Pool, engine: FakeEngine) -> None:
    sandbox = ready(pool)
    engine.stop(next(iter(engine.containers)))
    with pytest.raises(SandboxGone, match=STOPPED):
        pool.run(sandbox.id, ["true"], learner=False, each_s=1, output_bytes=10)
    eventually(lambda: engine.containers == {})


def test_garbage_from_the_probe_is_no_clear_answer(pool: Pool, engine: FakeEngine) -> None:
    sandbox = ready(pool)
    engine.answer = b"0 0 1 0 aGk=\n"
    (result,) = pool.run(sandbox.id, ["echo hi"], learner=False, each_s=1, output_bytes=10)
    assert result.output == "hi"
    engine.answer = b"0 0 1 0 aGk=\nand more\n"
    with pytest.raises(NoClearAnswer):
        pool.run(sandbox.id, ["echo hi"], learner=False, each_s=1, output_bytes=10)


def test_what_sandboxes_lack_is_found_out_once_and_told(make_pool: MakePool) -> None:
    asked: list[str] = []

    def lacking(_: object, ref: str) -> tuple[str, ...]:
        asked.append(ref)
        if len(asked) == 1:
            raise NoClearAnswer("too busy", retry_after_s=1)
        return ("ipvlan",)

    pool = make_pool(lacking=lacking)
    pool.tick()
    assert asked == []
    ready(pool)
    pool.tick()
    assert pool.health().lacks == {}
    for _ in range(3):
        pool.tick()
    assert pool.health().lacks == {"userns": ("ipvlan",)}
    assert len(asked) == 2


def test_a_host_is_not_said_to_run_on_an_engine_that_is_silent(pool: Pool, engine: FakeEngine, clock: Clock) -> None:
    sandbox = ready(pool)
    engine.is_off = True
    with pytest.raises(EngineOff):
        pool.tick()
    assert pool.get(sandbox.id).state.is_live  # a busy machine, maybe
    clock.turn(SILENT)
    with pytest.raises(EngineOff, match="nobody knows how the host is"):
        pool.get(sandbox.id)
    engine.is_off = False
    pool.tick()
    assert pool.get(sandbox.id).state.is_live


def test_an_ended_one_is_forgotten_in_time(pool: Pool, clock: Clock) -> None:
    sandbox = ready(pool)
    pool.end(sandbox.id)
    eventually(lambda: pool.get(sandbox.id).state is SandboxState.GONE)
    clock.turn(LIMITS.seen_after + timedelta(seconds=1))
    pool.tick()
    with pytest.raises(SandboxGone):
        pool.get(sandbox.id)


def test_an_engine_that_is_off_says_so_at_once(pool: Pool, engine: FakeEngine) -> None:
    engine.is_off = True
    with pytest.raises(EngineOff):
        pool.ask(owner="ada", template="userns")
    assert pool.list() == ()


@pytest.mark.parametrize(("owner", "template"), [("", "userns"), ("x" * 101, "userns"), ("ada", "privileged")])
def test_an_owner_or_template_that_cannot_be(pool: Pool, owner: str, template: str) -> None:
    with pytest.raises(BadSandboxRequest):
        pool.ask(owner=owner, template=template)


def test_many_owners_at_once_leave_nothing(make_pool: MakePool, engine: FakeEngine) -> None:
    """Asked for and ended in every order by many threads, with a reaper in between."""
    pool = make_pool()
    stop = threading.Event()

    def live(owner: str) -> None:
        for _ in range(20):
            try:
                sandbox = pool.ask(owner=owner, template="userns")
            except TooManySandboxes:
                continue
            pool.end(sandbox.id)

    def reap() -> None:
        while not stop.is_set():
            pool.tick()

    with ThreadPoolExecutor(7) as threads:
        threads.submit(reap)
        lives = [threads.submit(live, f"owner {number % 3}") for number in range(6)]
        for one in lives:
            one.result()
        stop.set()
    eventually(lambda: pool.list() == ())
    assert engine.containers == {}
