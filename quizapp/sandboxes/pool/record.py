"""The pool's record of one sandbox, and the limits on all sandboxes. Knows no registry and starts no thread."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from quizapp.sandboxes.client import Sandbox, SandboxState
from quizapp.sandboxes.engine.protocol import Exec, Shell
from quizapp.sandboxes.pool.end_causes import ASKED, LEFT, NOT_AWAITED, STALE, TIME_UP, UNUSED
from quizapp.sandboxes.pool.ownership import Ownership
from quizapp.sandboxes.pool.progress import Progress
from quizapp.sandboxes.recipe.template import Template
from quizapp.sandboxes.terminals.kept_shells import Shells
from quizapp.sandboxes.terminals.spare import Spare


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many sandboxes an installation has, and how long each lasts."""

    most: int
    """Sandboxes at once, counting those that are being removed."""
    lease: timedelta
    """From the moment at which a sandbox is CLAIMED to its deadline, before extensions."""
    extension: timedelta
    """What one extension adds to the deadline."""
    warm: int = 0
    """Sandboxes that are started before an owner asks for one."""
    queue: int = 50
    """Owners in the queue; with two starts at once and some minutes of use each, more would wait for an hour."""
    starts_an_hour: int = 10
    """Starts of one owner; a lab takes minutes, so an owner with more starts works on none."""
    life: timedelta = timedelta(hours=2)
    """From the request for a sandbox to its container's end in any case, however often the lease is extended."""
    idle: timedelta = timedelta(minutes=20)
    """A claimed sandbox is ended after this long without typing or commands, even if its page is open."""
    orphaned: timedelta = timedelta(minutes=10)
    """A claimed sandbox is ended after this long without a request; an open page sends one at least every minute."""
    waiting: timedelta = timedelta(minutes=2)
    """A queued sandbox is ended after this long without a request; short, since other owners wait behind it."""
    warm_age: timedelta = timedelta(minutes=30)
    """A warm sandbox is replaced at this age; the rest of `life` is enough for a lease with extensions."""
    ready_by: timedelta = timedelta(seconds=90)
    """A start fails after this long; thirty times a usual start."""
    removed_by: timedelta = timedelta(seconds=30)
    """A start fails after waiting this long for the removal of the owner's sandbox before."""
    seen_after: timedelta = timedelta(minutes=10)
    """The record of an ended sandbox is kept this long, so that a client can read why it ended."""


@dataclass(kw_only=True, eq=False)
class Record:
    """One sandbox. The pool's lock guards its fields; shells, spares, locks and events are safe in any thread."""

    ownership: Ownership
    """The values of its container's labels; the owner is None while it is warm, and is set by a claim."""
    template: Template
    created_at: datetime
    """When the record was made; for a container of an earlier pool, when the engine created it."""
    progress: Progress
    """How far its start has come."""
    seen_at: datetime
    """When a client last asked for it or used it, or a tick last found one of its shells running."""
    used_at: datetime
    """When its owner last typed, ran commands, opened a terminal or extended the lease."""
    on_change: Callable[["Record", SandboxState], None]
    """Called with the record and its state before, after each change of state, while the lock is held."""
    waits_for: threading.Event | None = None
    """The `removed` of the owner's sandbox before, which must be set before this one starts; None if there was none."""
    admitted: bool = False
    """Whether it counts against `Limits.most`; until then it waits in the queue."""
    state: SandboxState = SandboxState.QUEUED
    ref: str | None = None
    """The engine's id of its container; None until the container is created."""
    deadline: datetime | None = None
    """When its lease ends; None until it is CLAIMED."""
    put_off: datetime | None = None
    """When its lease would end if its owner had not asked for its end; None if the owner has not."""
    reason: str | None = None
    """Why it is no longer live, a sentence for the learner; None while it is."""
    ended_at: datetime | None = None
    """When it stopped being live; None while it is."""
    shells: Shells = field(default_factory=Shells)
    first_shell: Spare[Shell] = field(default_factory=Spare)
    """A shell for its first terminal, started while the sandbox is READY."""
    next_probe: Spare[Exec] = field(default_factory=Spare)
    """A probe for its next commands, started while the sandbox is READY or CLAIMED."""
    has_stale_shells: bool = False
    """Whether its container may run shells of an earlier pool, which no client can resume."""
    cleaning: threading.Lock = field(default_factory=threading.Lock)
    """Held while those shells are killed."""
    work: threading.Lock = field(default_factory=threading.Lock)
    """Held while its container is created and started, or removed."""
    removed: threading.Event = field(default_factory=threading.Event)
    """Set once its container is removed, or it ended without one."""

    def view(self, limits: Limits, *, position: int | None, told: Callable[[datetime], datetime]) -> Sandbox:
        """The sandbox as a client sees it; `told` gives times as the client's clock has them."""
        return Sandbox(
            id=self.ownership.id,
            owner=self.ownership.owner,
            template=self.template.name,
            state=self.state,
            steps=self.progress.steps,
            created_at=told(self.created_at),
            position=position,
            deadline=None if self.deadline is None else told(self.deadline),
            idle_at=told(self.used_at + limits.idle) if self.state is SandboxState.CLAIMED else None,
            reason=self.reason,
            ends_soon=self.put_off is not None,
        )

    def enter(self, state: SandboxState) -> None:
        """Change the state to `state` and call `on_change`."""
        before, self.state = self.state, state
        self.on_change(self, before)

    def become_ready(self, lease: timedelta, *, now: datetime) -> None:
        """After its start: become CLAIMED with a lease if it has an owner, else READY."""
        if self.ownership.owner is None:
            self.enter(SandboxState.READY)
        else:
            self._begin_lease(lease, now=now)

    def become_owned(self, owner: str, lease: timedelta, *, now: datetime) -> None:
        """Give a warm sandbox to this owner: it becomes CLAIMED, and its lease begins now."""
        self.ownership = replace(self.ownership, owner=owner)
        self._begin_lease(lease, now=now)

    def finish(self, state: SandboxState, reason: str, *, now: datetime) -> bool:
        """Change from a live state to `state` for this reason. False, and nothing changes, if it was not live."""
        if not self.state.is_live:
            return False
        self.reason, self.ended_at = reason, now
        self.enter(state)
        return True

    def see(self, *, now: datetime) -> None:
        """Note that a client asked for it now."""
        self.seen_at = now

    def use(self, *, now: datetime) -> None:
        """Note that its owner used it now."""
        self.seen_at = self.used_at = now

    def end_ahead(self) -> None:
        """Close both spares for good."""
        self.first_shell.close()
        self.next_probe.close()

    def why_over(self, limits: Limits, *, now: datetime) -> str | None:
        """The sentence with which it has to be ended now; None if it has not. A running shell counts as `see`."""
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
                return None  # `Limits.ready_by` ends a start, the others have ended
            case _:
                assert_never(self.state)

    def is_forgotten(self, seen_after: timedelta, *, now: datetime) -> bool:
        """Whether it is removed, and ended more than `seen_after` ago."""
        return self.removed.is_set() and self.ended_at is not None and self.ended_at + seen_after < now

    def _begin_lease(self, lease: timedelta, *, now: datetime) -> None:
        self.deadline = min(now + lease, self.ownership.ends_at)
        self.use(now=now)
        self.enter(SandboxState.CLAIMED)

    def _why_lease_over(self, limits: Limits, *, now: datetime) -> str | None:
        if self.deadline is not None and self.deadline <= now:
            return TIME_UP if self.put_off is None else ASKED
        if now - self.seen_at > limits.orphaned:
            return LEFT
        return UNUSED if now - self.used_at > limits.idle else None
