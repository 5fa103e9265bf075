"""Gives sandboxes to owners: claims warm ones, queues the others, admits them in turn. Knows no HTTP, no terminal."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from math import ceil

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from quizapp.clock import SET_BACK
from quizapp.errors import QuizappError
from quizapp.sandboxes.client import Sandbox, SandboxState, TooManySandboxes, TooManyStarts
from quizapp.sandboxes.engine.protocol import Engine, NameTaken, NoContainer
from quizapp.sandboxes.pool import reaper
from quizapp.sandboxes.pool.end_causes import NOT_CLAIMED, SPARED, cause_of
from quizapp.sandboxes.pool.lifecycle import Lifecycle, fresh_progress
from quizapp.sandboxes.pool.metrics import STARTED, AskOutcome, Metrics
from quizapp.sandboxes.pool.ownership import Ownership, Signer
from quizapp.sandboxes.pool.recent import Recent
from quizapp.sandboxes.pool.record import Limits, Record
from quizapp.sandboxes.pool.registry import Registry
from quizapp.sandboxes.recipe.template import Template

log = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
RETRY_S = 60  # after TooManySandboxes: within a minute a sandbox may end, and a person still waits


class Admission:
    """Gives out the sandboxes of one registry. `lock` guards the records and is not held while the engine is called."""

    def __init__(
        self,
        engine: Engine,
        signer: Signer,
        templates: Sequence[Template],
        limits: Limits,
        *,
        registry: Registry,
        lifecycle: Lifecycle,
        lock: threading.Lock,
        metrics: Metrics,
        recent: Recent,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._engine = engine
        self._signer = signer
        self._templates = {template.name: template for template in templates}
        self._limits = limits
        self._registry = registry
        self._lifecycle = lifecycle
        self._lock = lock
        self._metrics = metrics
        self._recent = recent
        self._now = now
        self._new_id = new_id
        self._rate = MovingWindowRateLimiter(MemoryStorage())
        self._starts_an_hour = RateLimitItemPerHour(limits.starts_an_hour)

    @property
    def offered(self) -> tuple[str, ...]:
        """The names of the templates that this installation offers, the default one first."""
        return tuple(self._templates)

    def serve(self, owner: str, kind: str) -> Sandbox:
        """The owner's live sandbox, else a warm one, else a new one, which may be queued. See SandboxClient.ask."""
        with self._lock:
            record = self._registry.live_of(owner)
            if record is not None:
                record.see(now=self._now())
                return self._registry.view(record)
        claimed = self._claim_warm(owner, self._templates[kind])
        if claimed is None:
            self._engine.require()
        with self._lock:
            record = claimed or self._registry.live_of(owner) or self._queue_up(owner, self._templates[kind])
        self.admit()
        with self._lock:
            return self._registry.view(record)

    def admit(self) -> None:
        """Start waiting records in the order of their arrival while there is room.

        If some still wait, end a warm sandbox for them, unless enough others are being removed.
        """
        spare: Record | None = None
        with self._lock:
            for record in self._registry.waiting()[: max(0, self._registry.room())]:
                record.admitted = True
                self._lifecycle.start(record)
            if self._registry.waiting():
                spare = self._registry.spare()
        if spare is not None:
            self._lifecycle.end(spare, SPARED)

    def keep_warm(self) -> None:
        """Queue a new warm sandbox if `Registry.wants_warm` is true, and admit it."""
        with self._lock:
            if not self._registry.wants_warm(now=self._now()):
                return
            self._new_record(None, next(iter(self._templates.values())), waits_for=None)
        self.admit()

    def adopt(self, one: reaper.OwnContainer) -> None:
        """Add a record for a container of an earlier pool and start it; the lines that it printed give its progress.

        A container of an unknown template gets no record; it ends at the end of its lease. The caller holds the lock.
        """
        template = self._templates.get(one.ownership.template)
        if template is None:
            log.warning(
                "container %s: template %s is unknown now; it ends by itself", one.found.name, one.ownership.template
            )
            return
        record = self._add(one.ownership, template, created_at=one.found.created_at)
        record.ref = one.found.ref
        record.has_stale_shells = True
        record.admitted = True
        self._lifecycle.start(record)

    def _claim_warm(self, owner: str, template: Template) -> Record | None:
        """Claim a warm sandbox for this owner; None if none is ready, or the owner's last one is live or not removed.

        The engine gives each container name only once, so of several claims at the same time only one gives a sandbox
        to an owner, and an owner gets only one sandbox. Only a claim that succeeds counts as one of the owner's starts,
        since the owner does not cause a failed one. Raises TooManyStarts, and what Engine.claim raises.
        """
        while True:
            with self._lock:
                record = self._registry.ready_for(template)
                if record is None or self._registry.live_of(owner) or self._registry.leaving_of(owner):
                    return None
                self._require_start(owner)
                record.become_owned(owner, self._limits.lease, now=self._now())
            try:
                self._engine.claim(record.ref or "", self._signer.name(owner))
            except (NoContainer, NameTaken) as error:
                log.warning("sandbox %s could not be claimed: %s", record.ownership.id, error)
                self._lifecycle.lose(record, NOT_CLAIMED)
                continue
            except QuizappError:  # the container may or may not be renamed, so no owner may get it
                self._lifecycle.lose(record, NOT_CLAIMED)
                raise
            self._count_start(owner)
            self._count_ask(AskOutcome.WARM)
            self._lifecycle.renew(record)
            return record

    def _queue_up(self, owner: str, template: Template) -> Record:
        """A new record at the end of the queue. The caller holds the lock. Raises TooManySandboxes, TooManyStarts."""
        if self._registry.room() <= 0 and len(self._registry.waiting()) >= self._limits.queue:
            self._count_ask(AskOutcome.REFUSED)
            raise TooManySandboxes(
                f"All {self._limits.most} sandboxes are taken, and {self._limits.queue} people wait for one. "
                "Try again in a minute.",
                retry_after_s=RETRY_S,
            )
        before = self._registry.leaving_of(owner)
        self._require_start(owner)
        self._count_start(owner)
        self._count_ask(AskOutcome.COLD)
        return self._new_record(owner, template, waits_for=before)

    def _require_start(self, owner: str) -> None:
        """Raises TooManyStarts if the owner has used `Limits.starts_an_hour` starts within the last hour."""
        if self._rate.test(self._starts_an_hour, owner):
            return
        free_at = self._rate.get_window_stats(self._starts_an_hour, owner).reset_time
        wait_s = max(1, ceil(free_at - time.time()))
        if timedelta(seconds=wait_s) > HOUR + SET_BACK:  # limits 5.8.0 goes by the machine's clock, which was ahead
            self._rate.clear(self._starts_an_hour, owner)
            return
        self._count_ask(AskOutcome.REFUSED)
        raise TooManyStarts(
            f"You have started {self._limits.starts_an_hour} hosts within an hour, which is the most. "
            f"The next one can start in {ceil(wait_s / 60)} min.",
            retry_after_s=wait_s,
        )

    def _count_start(self, owner: str) -> None:
        """Count one start of this owner against the limit of the next hour."""
        self._rate.hit(self._starts_an_hour, owner)

    def _count_ask(self, outcome: AskOutcome) -> None:
        self._metrics.count_ask(outcome)
        self._recent.count_ask(outcome, at=self._now())

    def _measure(self, record: Record, before: SandboxState) -> None:
        """Measure a start that has just begun or is over, and count an end by its cause."""
        now, after = self._now(), record.state
        if after is SandboxState.STARTING and record.ref is None:
            if record.ownership.owner is not None:
                waited_s = max(0.0, (now - record.created_at).total_seconds())
                self._metrics.waited(waited_s)
                self._recent.waited(waited_s, at=now)
        elif before is SandboxState.STARTING and after in STARTED:
            self._metrics.started(record.progress.steps)
            self._recent.started(record.progress.steps, at=now)
        elif before.is_live and not after.is_live:
            cause = cause_of(record.reason or "")
            self._metrics.ended(cause)
            self._recent.ended(cause, at=now)

    def _new_record(self, owner: str | None, template: Template, *, waits_for: threading.Event | None) -> Record:
        now = self._now()
        ownership = Ownership(id=self._new_id(), owner=owner, template=template.name, ends_at=now + self._limits.life)
        return self._add(ownership, template, created_at=now, waits_for=waits_for)

    def _add(
        self,
        ownership: Ownership,
        template: Template,
        *,
        created_at: datetime,
        waits_for: threading.Event | None = None,
    ) -> Record:
        now = self._now()
        record = Record(
            ownership=ownership,
            template=template,
            created_at=created_at,
            progress=fresh_progress(template, now=created_at),
            seen_at=now,
            used_at=now,
            on_change=self._changed,
            waits_for=waits_for,
        )
        self._registry.add(record)
        log.info("sandbox %s: queued", ownership.id)
        return record

    def _changed(self, record: Record, before: SandboxState) -> None:
        """Log and count a change of state. Once a warm sandbox is READY, `keep_warm` is called in a thread."""
        why = f": {record.reason}" if record.reason else ""
        log.info("sandbox %s: %s -> %s%s", record.ownership.id, before.value, record.state.value, why)
        self._metrics.count(before, record.state, start_s=record.progress.total_s)
        self._measure(record, before)
        if record.state is SandboxState.READY:
            self._lifecycle.later(self.keep_warm)
