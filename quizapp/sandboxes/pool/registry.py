"""Which sandboxes there are, who waits for one, and whether there is room. Knows no engine; its user holds a lock."""

import threading
from collections.abc import Collection
from datetime import datetime, timedelta

from quizapp.sandboxes.client import Sandbox, SandboxGone, SandboxState
from quizapp.sandboxes.pool.record import Entry, Limits
from quizapp.sandboxes.recipe.template import Template

UNKNOWN = "There is no such sandbox any more. Start a new one."
WARM_RETRY = timedelta(minutes=1)  # after a warm one that did not start, which nobody felt: the next may not either


class Roster:
    """The entries by id, in the order in which they came."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._entries: dict[str, Entry] = {}

    @property
    def ids(self) -> Collection[str]:
        """The id of every entry."""
        return self._entries.keys()

    def add(self, entry: Entry) -> None:
        """Take it on, as the last in its queue."""
        self._entries[entry.claim.id] = entry

    def get(self, sandbox_id: str) -> Entry:
        """The entry with this id. Raises SandboxGone."""
        entry = self._entries.get(sandbox_id)
        if entry is None:
            raise SandboxGone(UNKNOWN)
        return entry

    def all(self) -> tuple[Entry, ...]:
        """Every entry."""
        return tuple(self._entries.values())

    def in_state(self, *states: SandboxState) -> tuple[Entry, ...]:
        """Every entry in one of these states."""
        return tuple(entry for entry in self._entries.values() if entry.state in states)

    def live_of(self, owner: str) -> Entry | None:
        """The one live entry of this owner."""
        live = (entry for entry in self._entries.values() if entry.claim.owner == owner and entry.state.is_live)
        return next(live, None)

    def leaving_of(self, owner: str) -> threading.Event | None:
        """What is set once the owner's last sandbox is removed; None if none is in the way."""
        return next((entry.removed for entry in self._present() if entry.claim.owner == owner), None)

    def waiting(self) -> tuple[Entry, ...]:
        """Those there is no room for yet, first come first."""
        return tuple(entry for entry in self.in_state(SandboxState.QUEUED) if not entry.admitted)

    def room(self) -> int:
        """How many more may be admitted; one that is not removed yet takes room."""
        return self._limits.most - sum(entry.admitted for entry in self._present())

    def spare(self) -> Entry | None:
        """A warm one that can make room for whoever waits, as long as not enough others are leaving."""
        leaving = [entry for entry in self._present() if not entry.state.is_live]
        return next(iter(self._warm()), None) if len(leaving) < len(self.waiting()) else None

    def ready_for(self, template: Template) -> Entry | None:
        """The oldest warm sandbox of this template that has no owner yet."""
        return next((entry for entry in self.in_state(SandboxState.READY) if entry.template is template), None)

    def wants_warm(self, *, now: datetime) -> bool:
        """Whether to start a warm one: there are too few, there is room, and it takes nobody's turn."""
        unowned = [entry for entry in self._entries.values() if entry.claim.owner is None]
        failed = any(
            entry.state is SandboxState.LOST and entry.ended_at is not None and now - entry.ended_at < WARM_RETRY
            for entry in unowned
        )
        busy = self.in_state(SandboxState.QUEUED, SandboxState.STARTING)
        return len(self._warm()) < self._limits.warm and self.room() > 0 and not busy and not failed

    def view(self, entry: Entry) -> Sandbox:
        """The entry as a client sees it, with its place among those whose start has not begun."""
        queue = self.in_state(SandboxState.QUEUED)
        return entry.view(self._limits, position=queue.index(entry) + 1 if entry in queue else None)

    def views(self) -> tuple[Sandbox, ...]:
        """Everything that has not ended, oldest first."""
        views = (self.view(entry) for entry in self._present())
        return tuple(sorted(views, key=lambda view: (view.created_at, view.id)))

    def forget(self, *, now: datetime) -> None:
        """Drop what ended long ago."""
        for entry in self.all():
            if entry.is_forgotten(self._limits.seen_after, now=now):
                del self._entries[entry.claim.id]

    def _present(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self._entries.values() if not entry.removed.is_set())

    def _warm(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self._entries.values() if entry.claim.owner is None and entry.state.is_live)
