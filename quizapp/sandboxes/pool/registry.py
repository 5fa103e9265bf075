"""The records of all sandboxes: which of them wait, and how many may be admitted. Knows no engine and no thread."""

import threading
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from quizapp.sandboxes.client import Sandbox, SandboxGone, SandboxState
from quizapp.sandboxes.pool.record import Limits, Record
from quizapp.sandboxes.recipe.template import Template

UNKNOWN = "There is no such sandbox any more. Start a new one."
WARM_RETRY = timedelta(minutes=1)  # after a warm sandbox that was lost: the next may be too, and no owner waits for it


class Registry:
    """The records by id, in the order in which they were added. Every caller holds the pool's lock."""

    def __init__(self, limits: Limits, told: Callable[[datetime], datetime]) -> None:
        self._limits = limits
        self._told = told
        self._records: dict[str, Record] = {}

    @property
    def ids(self) -> Collection[str]:
        """The id of every record."""
        return self._records.keys()

    def add(self, record: Record) -> None:
        """Add the record behind all others."""
        self._records[record.ownership.id] = record

    def get(self, sandbox_id: str) -> Record:
        """The record with this id. Raises SandboxGone."""
        record = self._records.get(sandbox_id)
        if record is None:
            raise SandboxGone(UNKNOWN)
        return record

    def all(self) -> tuple[Record, ...]:
        """Every record."""
        return tuple(self._records.values())

    def in_state(self, *states: SandboxState) -> tuple[Record, ...]:
        """Every record in one of these states."""
        return tuple(record for record in self._records.values() if record.state in states)

    def live_of(self, owner: str) -> Record | None:
        """The one live record of this owner; None if there is none."""
        live = (record for record in self._records.values() if record.ownership.owner == owner and record.state.is_live)
        return next(live, None)

    def leaving_of(self, owner: str) -> threading.Event | None:
        """The event `removed` of an owner's record that is not removed yet; None if there is none."""
        return next((record.removed for record in self._present() if record.ownership.owner == owner), None)

    def waiting(self) -> tuple[Record, ...]:
        """The QUEUED records that are not admitted yet, in the order of their arrival."""
        return tuple(record for record in self.in_state(SandboxState.QUEUED) if not record.admitted)

    def room(self) -> int:
        """How many more records may be admitted: `Limits.most` less those admitted and not removed yet."""
        return self._limits.most - sum(record.admitted for record in self._present())

    def spare(self) -> Record | None:
        """A warm sandbox to end for a waiting record; None if there is none, or as many are being removed as wait."""
        leaving = [record for record in self._present() if not record.state.is_live]
        return next(iter(self._warm()), None) if len(leaving) < len(self.waiting()) else None

    def ready_for(self, template: Template) -> Record | None:
        """The READY sandbox of this template that was added first; None if there is none."""
        return next((record for record in self.in_state(SandboxState.READY) if record.template is template), None)

    def wants_warm(self, *, now: datetime) -> bool:
        """Whether to start a warm sandbox: one is missing, there is room, no start is queued or under way.

        Also, no warm sandbox was lost within WARM_RETRY.
        """
        unowned = [record for record in self._records.values() if record.ownership.owner is None]
        failed = any(
            record.state is SandboxState.LOST and record.ended_at is not None and now - record.ended_at < WARM_RETRY
            for record in unowned
        )
        busy = self.in_state(SandboxState.QUEUED, SandboxState.STARTING)
        return len(self._warm()) < self._limits.warm and self.room() > 0 and not busy and not failed

    def view(self, record: Record) -> Sandbox:
        """The record as a client sees it, with its position among the QUEUED records."""
        queue = self.in_state(SandboxState.QUEUED)
        position = queue.index(record) + 1 if record in queue else None
        return record.view(self._limits, position=position, told=self._told)

    def views(self) -> tuple[Sandbox, ...]:
        """Every record that is not removed yet, as a client sees it, oldest first."""
        views = (self.view(record) for record in self._present())
        return tuple(sorted(views, key=lambda view: (view.created_at, view.id)))

    def forget(self, *, now: datetime) -> None:
        """Drop the records of removed sandboxes that ended more than `Limits.seen_after` ago."""
        for record in self.all():
            if record.is_forgotten(self._limits.seen_after, now=now):
                del self._records[record.ownership.id]

    def _present(self) -> tuple[Record, ...]:
        return tuple(record for record in self._records.values() if not record.removed.is_set())

    def _warm(self) -> tuple[Record, ...]:
        return tuple(
            record for record in self._records.values() if record.ownership.owner is None and record.state.is_live
        )
