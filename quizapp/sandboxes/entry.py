"""What the keeper remembers of one sandbox, and the limits it lives under. Knows no engine and starts no thread."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from quizapp.sandboxes.client import Sandbox, SandboxState
from quizapp.sandboxes.labels import Claim
from quizapp.sandboxes.progress import Progress
from quizapp.sandboxes.shells import Shells
from quizapp.sandboxes.template import Template


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many sandboxes, and for how long. `life` is the longest that a container lives, however often extended."""

    most: int
    lease: timedelta
    extension: timedelta
    life: timedelta = timedelta(hours=2)
    idle: timedelta = timedelta(minutes=15)  # a page that is open asks every few seconds, so this is a closed one
    ready_by: timedelta = timedelta(seconds=90)  # thirty times a usual start
    removed_by: timedelta = timedelta(seconds=30)
    seen_after: timedelta = timedelta(minutes=10)  # how long an ended one can still say why it ended


@dataclass(kw_only=True, eq=False)
class Entry:
    """One sandbox. Its fields are guarded by the keeper's lock, its shells and its primitives guard themselves.

    `ref` is its container, None before there is one. `touched_at` is when somebody last showed interest. `work` is held
    while its container is made or removed, `removed` is set once it is gone for good, and `waits_for` is the `removed`
    of the owner's one before. `has_stale_shells`: it may have shells of an earlier keeper, to which nobody can come
    back; `cleaning` is held while those are ended.
    """

    claim: Claim
    template: Template
    created_at: datetime
    progress: Progress
    touched_at: datetime
    waits_for: threading.Event | None = None
    state: SandboxState = SandboxState.QUEUED
    ref: str | None = None
    deadline: datetime | None = None
    reason: str | None = None
    ended_at: datetime | None = None
    shells: Shells = field(default_factory=Shells)
    has_stale_shells: bool = False
    cleaning: threading.Lock = field(default_factory=threading.Lock)
    work: threading.Lock = field(default_factory=threading.Lock)
    removed: threading.Event = field(default_factory=threading.Event)

    def view(self) -> Sandbox:
        """The sandbox as a client sees it."""
        return Sandbox(
            id=self.claim.id,
            owner=self.claim.owner,
            template=self.template.name,
            state=self.state,
            steps=self.progress.steps,
            created_at=self.created_at,
            deadline=self.deadline,
            reason=self.reason,
        )

    def become_ready(self, lease: timedelta, *, now: datetime) -> None:
        """Its lease begins."""
        self.state = SandboxState.READY
        self.deadline = min(now + lease, self.claim.ends_at)
        self.touched_at = now

    def finish(self, state: SandboxState, reason: str, *, now: datetime) -> bool:
        """Go from live to `state` for this reason. False, and nothing changes, if it was not live any more."""
        if not self.state.is_live:
            return False
        self.state, self.reason, self.ended_at = state, reason, now
        return True

    def is_unused(self, idle: timedelta, *, now: datetime) -> bool:
        """Whether nobody has shown interest for that long; an open terminal is interest."""
        if self.shells.count:
            self.touched_at = now
        return now - self.touched_at > idle

    def is_forgotten(self, seen_after: timedelta, *, now: datetime) -> bool:
        """Whether it is gone for good and has said why for that long."""
        return self.removed.is_set() and self.ended_at is not None and self.ended_at + seen_after < now
