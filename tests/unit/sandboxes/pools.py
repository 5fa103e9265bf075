"""What tests of the pool share: a clock that they turn, limits, and the usual ways to a sandbox."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from quizapp.sandboxes.client import (
    Sandbox,
    SandboxState,
)
from quizapp.sandboxes.pool.ownership import Signer
from quizapp.sandboxes.pool.pool import Pool
from quizapp.sandboxes.pool.record import Limits

MakePool = Callable[..., Pool]
Lacking = Callable[[object, str], tuple[str, ...]]

SIGNER = Signer(b"only for tests")
LIMITS = Limits(
    most=3,
    lease=timedelta(minutes=30),
    extension=timedelta(minutes=20),
    life=timedelta(hours=1),
    idle=timedelta(minutes=20),
    orphaned=timedelta(minutes=10),
    queue=1,
    starts_an_hour=1000,
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


def ready(pool: Pool, owner: str = "ada") -> Sandbox:
    """The owner's sandbox, ready."""
    asked = pool.ask(owner=owner, template="userns")
    eventually(lambda: pool.get(asked.id).state is SandboxState.CLAIMED)
    return pool.get(asked.id)


def warmed(pool: Pool) -> Sandbox:
    """The one warm sandbox, once it is there."""

    def warm() -> list[Sandbox]:
        pool.tick()
        return [sandbox for sandbox in pool.list() if sandbox.state is SandboxState.READY]

    eventually(lambda: len(warm()) == 1)
    return warm()[0]
