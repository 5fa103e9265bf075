"""The keeper's promises, on an engine in memory and a clock that the test turns."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from quizapp.sandboxes import keeper as keeper_module
from quizapp.sandboxes.client import (
    BadSandboxRequest,
    EngineOff,
    NoClearAnswer,
    Sandbox,
    SandboxGone,
    SandboxNotReady,
    SandboxState,
    StepState,
    TooManySandboxes,
)
from quizapp.sandboxes.entry import Limits
from quizapp.sandboxes.keeper import ASKED, SHELL_ENDED, STOPPED, TERMINALS_EACH, TIME_UP, UNUSED, Keeper
from quizapp.sandboxes.labels import Claim, Signer
from quizapp.sandboxes.lifecycle import STILL_ENDING
from quizapp.sandboxes.template import LEASE, USERNS
from tests.unit.sandboxes.engines import FakeEngine

SIGNER = Signer(b"only for tests")
LIMITS = Limits(
    most=3,
    lease=timedelta(minutes=30),
    extension=timedelta(minutes=20),
    life=timedelta(hours=1),
    idle=timedelta(minutes=15),
    ready_by=timedelta(seconds=0.2),
    removed_by=timedelta(seconds=0.5),
)


class Clock:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, by: timedelta) -> None:
        self.moment += by


def eventually(is_so: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    until = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.001)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def make_keeper(engine: FakeEngine, clock: Clock) -> Iterator[Callable[[], Keeper]]:
    """Makes a keeper as a fresh sandboxd would: it remembers nothing."""
    ids = (f"id-{number}" for number in itertools.count())
    made: list[Keeper] = []

    def make() -> Keeper:
        made.append(Keeper(engine, SIGNER, (USERNS,), LIMITS, now=clock, new_id=lambda: next(ids)))
        return made[-1]

    yield make
    engine.go.set()
    for keeper in made:
        keeper.stop()


@pytest.fixture
def keeper(make_keeper: Callable[[], Keeper]) -> Keeper:
    return make_keeper()


def ready(keeper: Keeper, owner: str = "ada") -> Sandbox:
    """The owner's sandbox, ready."""
    asked = keeper.ask(owner=owner, template="userns")
    eventually(lambda: keeper.get(asked.id).state is SandboxState.READY)
    return keeper.get(asked.id)


def test_a_start_goes_through_its_steps_to_ready(keeper: Keeper, clock: Clock) -> None:
    sandbox = ready(keeper)
    assert [step.name for step in sandbox.steps] == ["create", *(step.name for step in USERNS.steps)]
    assert {step.state for step in sandbox.steps} == {StepState.DONE}
    assert sandbox.deadline == clock() + LIMITS.lease


def test_asking_never_waits_for_the_start(keeper: Keeper, engine: FakeEngine) -> None:
    engine.go.clear()
    asked = keeper.ask(owner="ada", template="userns")
    assert asked.state is SandboxState.QUEUED
    assert asked.deadline is None
    with pytest.raises(SandboxNotReady):
        keeper.extend(asked.id)


def test_racing_threads_share_one_sandbox(keeper: Keeper, engine: FakeEngine) -> None:
    engine.require_s = 0.02  # all of them look before the first one has made an entry
    with ThreadPoolExecutor(20) as pool:
        asked = list(pool.map(lambda _: keeper.ask(owner="ada", template="userns"), range(20)))
    assert len({sandbox.id for sandbox in asked}) == 1
    eventually(lambda: keeper.get(asked[0].id).state is SandboxState.READY)
    assert engine.creates == 1


def test_no_more_than_the_cap(keeper: Keeper) -> None:
    for owner in ("ada", "bob", "cyd"):
        keeper.ask(owner=owner, template="userns")
    with pytest.raises(TooManySandboxes) as refused:
        keeper.ask(owner="dan", template="userns")
    assert refused.value.retry_after_s > 0
    assert keeper.ask(owner="ada", template="userns").owner == "ada"


def test_one_that_ended_makes_room(keeper: Keeper) -> None:
    sandboxes = [ready(keeper, owner) for owner in ("ada", "bob", "cyd")]
    keeper.end(sandboxes[0].id)
    eventually(lambda: keeper.get(sandboxes[0].id).state is SandboxState.GONE)
    ready(keeper, "dan")


def test_ended_on_request_it_says_so_and_leaves_nothing(keeper: Keeper, engine: FakeEngine) -> None:
    sandbox = ready(keeper)
    keeper.end(sandbox.id)
    eventually(lambda: keeper.get(sandbox.id).state is SandboxState.GONE)
    assert keeper.get(sandbox.id).reason == ASKED
    assert engine.containers == {}
    assert keeper.list() == ()
    with pytest.raises(SandboxGone, match=ASKED):
        keeper.extend(sandbox.id)


def test_asking_again_after_the_end_gives_a_new_one(keeper: Keeper, engine: FakeEngine) -> None:
    first = ready(keeper)
    keeper.end(first.id)
    second = ready(keeper)
    assert second.id != first.id
    assert len(engine.containers) == 1


def test_a_new_one_waits_until_the_old_one_has_left_its_name(keeper: Keeper, engine: FakeEngine) -> None:
    first = ready(keeper)
    engine.may_remove.clear()
    keeper.end(first.id)
    second = keeper.ask(owner="ada", template="userns")
    time.sleep(0.05)
    assert keeper.get(first.id).state is SandboxState.ENDING
    assert keeper.get(second.id).state is SandboxState.QUEUED
    engine.may_remove.set()
    eventually(lambda: keeper.get(second.id).state is SandboxState.READY)


def test_an_old_one_that_never_leaves_is_said(keeper: Keeper, engine: FakeEngine) -> None:
    first = ready(keeper)
    engine.may_remove.clear()
    keeper.end(first.id)
    second = keeper.ask(owner="ada", template="userns")
    eventually(lambda: keeper.get(second.id).state is SandboxState.LOST)
    assert keeper.get(second.id).reason == STILL_ENDING
    engine.may_remove.set()


def test_ended_while_it_starts(keeper: Keeper, engine: FakeEngine) -> None:
    engine.go.clear()
    asked = keeper.ask(owner="ada", template="userns")
    eventually(lambda: len(engine.containers) == 1)
    keeper.end(asked.id)
    eventually(lambda: keeper.get(asked.id).state is SandboxState.GONE)
    engine.go.set()
    assert engine.containers == {}


def test_ended_while_it_waits_for_its_turn(keeper: Keeper, engine: FakeEngine) -> None:
    engine.go.clear()
    asked = [keeper.ask(owner=owner, template="userns") for owner in ("ada", "bob", "cyd")]
    keeper.end(asked[2].id)
    eventually(lambda: keeper.get(asked[2].id).state is SandboxState.GONE)
    engine.go.set()
    for sandbox in asked[:2]:
        eventually(lambda sandbox=sandbox: keeper.get(sandbox.id).state is SandboxState.READY)  # type: ignore[misc]
    assert engine.creates == 2


def test_a_failed_start_says_why_and_leaves_nothing(keeper: Keeper, engine: FakeEngine) -> None:
    engine.prints = ("@step world", "@step lan", "@failed The sandbox could not build its network.")
    asked = keeper.ask(owner="ada", template="userns")
    eventually(lambda: keeper.get(asked.id).state is SandboxState.LOST)
    lost = keeper.get(asked.id)
    assert lost.reason == "The sandbox could not build its network."
    assert [step.state for step in lost.steps[:3]] == [StepState.DONE, StepState.DONE, StepState.FAILED]
    eventually(lambda: engine.containers == {})


def test_a_start_that_never_gets_ready_is_given_up(keeper: Keeper, engine: FakeEngine) -> None:
    engine.go.clear()
    asked = keeper.ask(owner="ada", template="userns")
    eventually(lambda: keeper.get(asked.id).state is SandboxState.LOST)
    eventually(lambda: engine.containers == {})


def test_a_container_in_the_way_is_left_alone(keeper: Keeper, engine: FakeEngine) -> None:
    engine.put(SIGNER.name("ada"), {}, running=True)
    asked = keeper.ask(owner="ada", template="userns")
    eventually(lambda: keeper.get(asked.id).state is SandboxState.LOST)
    assert len(engine.containers) == 1


def test_the_lease_ends_it(keeper: Keeper, clock: Clock, engine: FakeEngine) -> None:
    sandbox = ready(keeper)
    clock.turn(LIMITS.lease - timedelta(seconds=1))
    keeper.get(sandbox.id)
    keeper.tick()
    assert keeper.get(sandbox.id).state is SandboxState.READY
    clock.turn(timedelta(seconds=1))
    keeper.tick()
    eventually(lambda: keeper.get(sandbox.id).state is SandboxState.GONE)
    assert keeper.get(sandbox.id).reason == TIME_UP
    assert engine.containers == {}


def test_extensions_stop_at_the_longest_life(keeper: Keeper) -> None:
    sandbox = ready(keeper)
    assert sandbox.deadline is not None
    assert keeper.extend(sandbox.id).deadline == sandbox.deadline + LIMITS.extension
    assert keeper.extend(sandbox.id).deadline == sandbox.created_at + LIMITS.life


def test_an_extension_is_told_to_the_container_itself(keeper: Keeper, engine: FakeEngine) -> None:
    sandbox = ready(keeper)
    extended = keeper.extend(sandbox.id).deadline
    assert extended is not None
    assert engine.execs == [(LEASE, str(round((extended - sandbox.created_at).total_seconds())))]


def test_one_that_nobody_looks_at_is_ended(keeper: Keeper, clock: Clock) -> None:
    sandbox = ready(keeper)
    clock.turn(LIMITS.idle)
    keeper.tick()
    assert keeper.list()[0].state is SandboxState.READY
    clock.turn(timedelta(seconds=1))
    keeper.tick()
    eventually(lambda: keeper.get(sandbox.id).state is SandboxState.GONE)
    assert keeper.get(sandbox.id).reason == UNUSED


def test_an_open_terminal_is_interest(keeper: Keeper, clock: Clock) -> None:
    sandbox = ready(keeper)
    with keeper.terminal(sandbox.id, rows=24, columns=80):
        clock.turn(LIMITS.idle + timedelta(seconds=1))
        keeper.tick()
    keeper.tick()
    assert keeper.list()[0].state is SandboxState.READY


def test_a_terminal_is_killed_at_its_end(keeper: Keeper, engine: FakeEngine) -> None:
    sandbox = ready(keeper)
    with keeper.terminal(sandbox.id, rows=24, columns=80):
        assert not engine.shells[0].closed.is_set()
    assert engine.shells[0].closed.is_set()


def test_so_many_terminals_and_no_more(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = ready(keeper)
    with ExitStack() as terminals:
        for _ in range(TERMINALS_EACH):
            terminals.enter_context(keeper.terminal(sandbox.id, rows=24, columns=80))
        monkeypatch.setattr(keeper_module, "TERMINAL_WAIT_S", 0.01)
        with pytest.raises(SandboxNotReady, match="close one"):
            terminals.enter_context(keeper.terminal(sandbox.id, rows=24, columns=80))
    with keeper.terminal(sandbox.id, rows=24, columns=80):
        pass


def test_whoever_reloads_a_page_waits_for_the_old_terminal(keeper: Keeper) -> None:
    sandbox = ready(keeper)
    terminals = ExitStack()
    for _ in range(TERMINALS_EACH):
        terminals.enter_context(keeper.terminal(sandbox.id, rows=24, columns=80))
    leaving = threading.Timer(0.05, terminals.close)
    leaving.start()
    with keeper.terminal(sandbox.id, rows=24, columns=80):
        leaving.join()


def test_why_a_shell_ended(keeper: Keeper, engine: FakeEngine) -> None:
    sandbox = ready(keeper)
    assert keeper.why_shell_ended(sandbox.id) == SHELL_ENDED
    engine.containers.clear()
    assert keeper.why_shell_ended(sandbox.id) == STOPPED
    engine.is_off = True
    assert keeper.why_shell_ended(sandbox.id) == "The engine is off."


def test_one_that_stopped_by_itself_is_lost(keeper: Keeper, engine: FakeEngine) -> None:
    sandbox = ready(keeper)
    engine.containers.clear()
    keeper.tick()
    lost = keeper.get(sandbox.id)
    assert (lost.state, lost.reason) == (SandboxState.LOST, STOPPED)


def test_a_command_notices_that_it_stopped(keeper: Keeper, engine: FakeEngine) -> None:
    sandbox = ready(keeper)
    engine.stop(next(iter(engine.containers)))
    with pytest.raises(SandboxGone, match=STOPPED):
        keeper.run(sandbox.id, ["true"], learner=False, each_s=1, output_bytes=10)
    eventually(lambda: engine.containers == {})


def test_garbage_from_the_probe_is_no_clear_answer(keeper: Keeper, engine: FakeEngine) -> None:
    sandbox = ready(keeper)
    engine.answer = b"0 0 1 0 aGk=\n"
    (result,) = keeper.run(sandbox.id, ["echo hi"], learner=False, each_s=1, output_bytes=10)
    assert result.output == "hi"
    engine.answer = b"0 0 1 0 aGk=\nand more\n"
    with pytest.raises(NoClearAnswer):
        keeper.run(sandbox.id, ["echo hi"], learner=False, each_s=1, output_bytes=10)


def test_the_next_keeper_finds_a_running_sandbox(make_keeper: Callable[[], Keeper], clock: Clock) -> None:
    sandbox = ready(make_keeper())
    clock.turn(timedelta(minutes=45))
    heir = make_keeper()
    heir.tick()
    eventually(lambda: heir.get(sandbox.id).state is SandboxState.READY)
    found = heir.get(sandbox.id)
    assert found.deadline == sandbox.created_at + LIMITS.life  # a new lease would end later than its container
    assert heir.ask(owner="ada", template="userns").id == sandbox.id


def test_a_found_sandbox_is_told_its_new_lease_or_lives_on_without(
    make_keeper: Callable[[], Keeper], engine: FakeEngine
) -> None:
    sandbox = ready(make_keeper())
    engine.exec_fault = NoClearAnswer("too busy", retry_after_s=1)
    heir = make_keeper()
    heir.tick()
    eventually(lambda: [command[0] for command in engine.execs] == [LEASE])
    heir.stop()
    assert heir.get(sandbox.id).state is SandboxState.READY


def test_the_next_keeper_takes_a_start_further(make_keeper: Callable[[], Keeper], engine: FakeEngine) -> None:
    claim = Claim(id="left", owner="ada", template="userns", ends_at=datetime(2026, 1, 1, 13, tzinfo=UTC))
    engine.put(SIGNER.name("ada"), SIGNER.sign(claim), running=False, fresh=True)
    heir = make_keeper()
    assert heir.ask(owner="ada", template="userns").id == "left"
    eventually(lambda: heir.get("left").state is SandboxState.READY)
    assert engine.creates == 0


def test_what_has_ended_is_removed_and_what_is_not_ours_is_not(keeper: Keeper, engine: FakeEngine) -> None:
    claim = Claim(id="left", owner="ada", template="userns", ends_at=datetime(2026, 1, 1, 13, tzinfo=UTC))
    engine.put(SIGNER.name("ada"), SIGNER.sign(claim), running=False)
    forged = engine.put("forged", SIGNER.sign(claim), running=False)
    keeper.tick()
    assert list(engine.containers) == [forged]
    assert keeper.list() == ()


def test_a_template_of_another_version_is_left_to_end_by_itself(keeper: Keeper, engine: FakeEngine) -> None:
    claim = Claim(id="old", owner="ada", template="vm", ends_at=datetime(2026, 1, 1, 13, tzinfo=UTC))
    engine.put(SIGNER.name("ada"), SIGNER.sign(claim), running=True)
    keeper.tick()
    assert len(engine.containers) == 1
    assert keeper.list() == ()


def test_a_removal_that_fails_is_tried_again(keeper: Keeper, engine: FakeEngine) -> None:
    sandbox = ready(keeper)
    engine.is_off = True
    keeper.end(sandbox.id)
    with pytest.raises(EngineOff):
        keeper.tick()
    assert keeper.get(sandbox.id).state is SandboxState.ENDING
    engine.is_off = False
    keeper.tick()
    eventually(lambda: keeper.get(sandbox.id).state is SandboxState.GONE)
    assert engine.containers == {}


def test_an_ended_one_is_forgotten_in_time(keeper: Keeper, clock: Clock) -> None:
    sandbox = ready(keeper)
    keeper.end(sandbox.id)
    eventually(lambda: keeper.get(sandbox.id).state is SandboxState.GONE)
    clock.turn(LIMITS.seen_after + timedelta(seconds=1))
    keeper.tick()
    with pytest.raises(SandboxGone):
        keeper.get(sandbox.id)


def test_an_engine_that_is_off_says_so_at_once(keeper: Keeper, engine: FakeEngine) -> None:
    engine.is_off = True
    with pytest.raises(EngineOff):
        keeper.ask(owner="ada", template="userns")
    assert keeper.list() == ()


@pytest.mark.parametrize(("owner", "template"), [("", "userns"), ("x" * 101, "userns"), ("ada", "privileged")])
def test_an_owner_or_template_that_cannot_be(keeper: Keeper, owner: str, template: str) -> None:
    with pytest.raises(BadSandboxRequest):
        keeper.ask(owner=owner, template=template)


def test_many_owners_at_once_leave_nothing(make_keeper: Callable[[], Keeper], engine: FakeEngine) -> None:
    """Asked for and ended in every order by many threads, with a reaper in between."""
    keeper = make_keeper()
    stop = threading.Event()

    def live(owner: str) -> None:
        for _ in range(20):
            try:
                sandbox = keeper.ask(owner=owner, template="userns")
            except TooManySandboxes:
                continue
            keeper.end(sandbox.id)

    def reap() -> None:
        while not stop.is_set():
            keeper.tick()

    with ThreadPoolExecutor(7) as pool:
        pool.submit(reap)
        lives = [pool.submit(live, f"owner {number % 3}") for number in range(6)]
        for one in lives:
            one.result()
        stop.set()
    eventually(lambda: keeper.list() == ())
    assert engine.containers == {}
