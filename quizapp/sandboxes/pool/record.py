"""What the pool remembers of one sandbox, and the limits it lives under. Knows no engine and starts no thread."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from quizapp.sandboxes.client import Sandbox, SandboxState
from quizapp.sandboxes.engine.protocol import Exec, Shell
from quizapp.sandboxes.pool.ownership import Ownership
from quizapp.sandboxes.pool.progress import Progress
from quizapp.sandboxes.recipe.template import Template
from quizapp.sandboxes.terminals.kept_shells import Shells
from quizapp.sandboxes.terminals.spare import Spare

TIME_UP = "Its time was up. Start a new one."
UNUSED = "Nothing happened on it for a while. Start a new one."
LEFT = "Its page was closed for a while. Start a new one."
NOT_AWAITED = "Nobody waited for it any more. Ask again for a new one."
STALE = "It was warm for long enough; a fresh one takes its place."


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many sandboxes, and for how long. `life` is the longest that a container lives, however often extended."""

    most: int
    lease: timedelta
    extension: timedelta
    warm: int = 0
    queue: int = 50  # owners: at two starts at once and some minutes each, more would wait for an hour
    starts_an_hour: int = 10  # of one owner: a lab takes minutes, so this is somebody who only starts
    life: timedelta = timedelta(hours=2)
    idle: timedelta = timedelta(minutes=20)  # the page is open and nothing is done
    orphaned: timedelta = timedelta(minutes=10)  # a page asks every few seconds, in the background every minute
    waiting: timedelta = timedelta(minutes=2)  # the same page, while it waits in the queue: others wait behind it
    warm_age: timedelta = timedelta(minutes=30)  # what is left of its life then is enough for a lease and extensions
    ready_by: timedelta = timedelta(seconds=90)  # thirty times a usual start
    removed_by: timedelta = timedelta(seconds=30)
    seen_after: timedelta = timedelta(minutes=10)  # how long an ended one can still say why it ended


@dataclass(kw_only=True, eq=False)
class Record:
    """One sandbox. Its fields are guarded by the pool's lock, its shells and its primitives guard themselves.

    `ref` is its container, None before there is one. `admitted` says whether there is room for it: until then it waits.
    `seen_at` is when somebody last looked at it, `used_at` when somebody last did something with it. `work` is held
    while its container is made or removed, `removed` is set once it is gone for good, and `waits_for` is the `removed`
    of the owner's one before. `has_stale_shells`: it may have shells of an earlier pool, to which nobody can come
    back; `cleaning` is held while those are ended. `first_shell` and `next_probe` wait for its first terminal and its
    next commands. `on_change` is told each change of state, with the state before.
    """

    ownership: Ownership
    template: Template
    created_at: datetime
    progress: Progress
    seen_at: datetime
    used_at: datetime
    on_change: Callable[["Record", SandboxState], None]
    waits_for: threading.Event | None = None
    admitted: bool = False
    state: SandboxState = SandboxState.QUEUED
    ref: str | None = None
    deadline: datetime | None = None
    reason: str | None = None
    ended_at: datetime | None = None
    shells: Shells = field(default_factory=Shells)
    first_shell: Spare[Shell] = field(default_factory=Spare)
    next_probe: Spare[Exec] = field(default_factory=Spare)
    has_stale_shells: bool = False
    cleaning: threading.Lock = field(default_factory=threading.Lock)
    work: threading.Lock = field(default_factory=threading.Lock)
    removed: threading.Event = field(default_factory=threading.Event)

    def view(self, limits: Limits, *, position: int | None) -> Sandbox:
        """The sandbox as a client sees it."""
        return Sandbox(
            id=self.ownership.id,
            owner=self.ownership.owner,
            template=self.template.name,
            state=self.state,
            steps=self.progress.steps,
            created_at=self.created_at,
            position=position,
            deadline=self.deadline,
            idle_at=self.used_at + limits.idle if self.state is SandboxState.CLAIMED else None,
            reason=self.reason,
        )

    def enter(self, state: SandboxState) -> None:
        """Go over to `state`."""
        before, self.state = self.state, state
        self.on_change(self, before)

    def become_ready(self, lease: timedelta, *, now: datetime) -> None:
        """Its start is over: an owner's lease begins, a warm one waits."""
        if self.ownership.owner is None:
            self.enter(SandboxState.READY)
        else:
            self._begin_lease(lease, now=now)

    def become_owned(self, owner: str, lease: timedelta, *, now: datetime) -> None:
        """A warm one is this owner's from now on."""
        self.ownership = replace(self.ownership, owner=owner)
        self._begin_lease(lease, now=now)

    def finish(self, state: SandboxState, reason: str, *, now: datetime) -> bool:
        """Go from live to `state` for this reason. False, and nothing changes, if it was not live any more."""
        if not self.state.is_live:
            return False
        self.reason, self.ended_at = reason, now
        self.enter(state)
        return True

    def see(self, *, now: datetime) -> None:
        """Somebody looks at it."""
        self.seen_at = now

    def use(self, *, now: datetime) -> None:
        """Somebody does something with it."""
        self.seen_at = self.used_at = now

    def end_ahead(self) -> None:
        """End what waits for its owner; nothing more will."""
        self.first_shell.close()
        self.next_probe.close()

    def why_over(self, limits: Limits, *, now: datetime) -> str | None:
        """Why its time is up now, None if it is not. An open terminal is somebody who looks."""
        if self.shells.count:
            self.see(now=now)
        match self.state:
            case SandboxState.QUEUED:
                return NOT_AWAITED if not self.admitted and now - self.seen_at > limits.waiting else None
            case SandboxState.READY:
                return STALE if now - self.created_at > limits.warm_age else None
            case SandboxState.CLAIMED:
                return self._why_lease_over(limits, now=now)
            case SandboxState.STARTING | SandboxState.ENDING | SandboxState.GONE | SandboxState.LOST:
                return None  # a start has a limit of its own
            case _:
                assert_never(self.state)

    def is_forgotten(self, seen_after: timedelta, *, now: datetime) -> bool:
        """Whether it is gone for good and has said why for that long."""
        return self.removed.is_set() and self.ended_at is not None and self.ended_at + seen_after < now

    def _begin_lease(self, lease: timedelta, *, now: datetime) -> None:
        self.deadline = min(now + lease, self.ownership.ends_at)
        self.use(now=now)
        self.enter(SandboxState.CLAIMED)

    def _why_lease_over(self, limits: Limits, *, now: datetime) -> str | None:
        if self.deadline is not None and self.deadline <= now:
            return TIME_UP
        if now - self.seen_at > limits.orphaned:
            return LEFT
        return UNUSED if now - self.used_at > limits.idle else None
