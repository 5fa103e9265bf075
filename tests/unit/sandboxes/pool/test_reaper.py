"""What one pass of the reaper decides."""

import threading
from datetime import UTC, datetime, timedelta

from quizapp.sandboxes.client import EngineOff
from quizapp.sandboxes.engine.protocol import Found
from quizapp.sandboxes.pool.ownership import Ownership, Signer, workshop_signer
from quizapp.sandboxes.pool.reaper import (
    LIFE_SLACK,
    OVERDUE_MOST,
    STARTED_WITHIN,
    OwnContainer,
    Reaper,
    own_containers,
    plan,
    sweep,
    sweep_workshops,
)
from tests.unit.sandboxes.engines import EPOCH, FakeEngine

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SIGNER = Signer(b"only for tests")


def own(sandbox_id: str, *, ends_at: datetime = NOW + HOUR, running: bool = True, fresh: bool = False) -> OwnContainer:
    """A container that this installation signed."""
    ownership = Ownership(id=sandbox_id, owner=sandbox_id, template="userns", ends_at=ends_at)
    found = Found(ref=f"ref-{sandbox_id}", name=sandbox_id, labels={}, created_at=EPOCH, running=running, fresh=fresh)
    return OwnContainer(found=found, ownership=ownership)


def overdue(sandbox_id: str) -> OwnContainer:
    return own(sandbox_id, ends_at=NOW - LIFE_SLACK - timedelta(seconds=1))


def test_an_empty_memory_kills_nothing() -> None:
    strangers = tuple(own(f"id-{number}") for number in range(30))
    made = plan(strangers, known=(), ready=(), now=NOW)
    assert made.adopt == strangers
    assert made.remove == ()


def test_a_container_that_never_started_is_taken_on() -> None:
    stranger = own("a", running=False, fresh=True)
    assert plan((stranger,), known=(), ready=(), now=NOW).adopt == (stranger,)


def test_what_is_known_is_left_alone() -> None:
    ours = (own("a"), overdue("b"), own("c", running=False))
    made = plan(ours, known={"a", "b", "c"}, ready={"a"}, now=NOW)
    assert (made.adopt, made.remove, made.lost, made.braked) == ((), (), (), ())


def test_a_ready_one_that_does_not_run_is_lost() -> None:
    made = plan((own("a"), own("b", running=False)), known={"a", "b", "c"}, ready={"a", "b", "c"}, now=NOW)
    assert made.lost == ("b", "c")


def test_ended_strangers_are_removed_however_many() -> None:
    strangers = tuple(own(f"id-{number}", running=False) for number in range(30))
    assert plan(strangers, known=(), ready=(), now=NOW).remove == strangers


def test_a_few_overdue_strangers_are_removed() -> None:
    strangers = tuple(overdue(f"id-{number}") for number in range(OVERDUE_MOST))
    made = plan(strangers, known=(), ready=(), now=NOW)
    assert (made.adopt, made.remove) == ((), strangers)


def test_many_overdue_strangers_mean_a_wrong_clock() -> None:
    strangers = tuple(overdue(f"id-{number}") for number in range(OVERDUE_MOST + 1))
    made = plan(strangers, known=(), ready=(), now=NOW)
    assert (made.adopt, made.remove, made.braked) == ((), (), strangers)


def test_only_signed_containers_are_seen() -> None:
    engine = FakeEngine()
    ownership = Ownership(id="a", owner="ada", template="userns", ends_at=NOW)
    engine.put(SIGNER.name("ada"), SIGNER.sign(ownership), running=True)
    engine.put("copied", SIGNER.sign(ownership), running=True)
    engine.put("other", {}, running=True)
    assert [one.found.name for one in own_containers(engine, SIGNER)] == [SIGNER.name("ada")]


def test_a_sweep_takes_what_is_over_or_everything() -> None:
    engine = FakeEngine()
    for owner, ends_at in (("ada", NOW + HOUR), ("bob", NOW - HOUR)):
        ownership = Ownership(id=owner, owner=owner, template="userns", ends_at=ends_at)
        engine.put(SIGNER.name(owner), SIGNER.sign(ownership), running=True)
    stranger = engine.put("stranger", {}, running=True)
    assert [one.ownership.owner for one in sweep(engine, SIGNER, everything=False, now=NOW)] == ["bob"]
    assert [one.ownership.owner for one in sweep(engine, SIGNER, everything=True, now=NOW)] == ["ada"]
    assert list(engine.containers) == [stranger]


def test_what_a_killed_workshop_left_is_removed_by_the_next_and_what_another_one_uses_is_not() -> None:
    engine, key, ends_at = FakeEngine(), b"only for tests", EPOCH + HOUR
    killed, at_work = workshop_signer(key, "killed"), workshop_signer(key, "at work")
    left = engine.put(killed.name("ada"), killed.sign(_of("ada", ends_at)), running=False, fresh=True)
    used = engine.put(at_work.name("bob"), at_work.sign(_of("bob", ends_at)), running=True)
    foreign = workshop_signer(b"another key", "killed")
    forged = engine.put(foreign.name("eve"), killed.sign(_of("eve", ends_at)), running=False, fresh=True)
    assert sweep_workshops(engine, key, now=EPOCH + STARTED_WITHIN) == (), "it may be about to start"
    swept = sweep_workshops(engine, key, now=EPOCH + STARTED_WITHIN + timedelta(seconds=1))
    assert [one.found.ref for one in swept] == [left]
    assert list(engine.containers) == [used, forged]
    assert own_containers(engine, SIGNER) == (), "none of them is the installation's own"


def _of(owner: str, ends_at: datetime) -> Ownership:
    return Ownership(id=owner, owner=owner, template="userns", ends_at=ends_at)


def test_the_clockwork_goes_on_after_a_fault() -> None:
    seen = threading.Semaphore(0)
    faults = iter([EngineOff("off", retry_after_s=1), ValueError("a fault of ours")])

    def tick() -> None:
        seen.release()
        for fault in faults:
            raise fault

    reaper = Reaper(tick, every_s=0.001)
    reaper.start()
    for _ in range(4):
        assert seen.acquire(timeout=60)
    reaper.stop()
