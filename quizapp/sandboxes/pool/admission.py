"""Who gets a sandbox, and when: warm ones, the queue, room and turns. Knows no HTTP and runs nothing in a sandbox."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from math import ceil

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import Sandbox, SandboxState, TooManySandboxes, TooManyStarts
from quizapp.sandboxes.engine.protocol import Engine, NameTaken, NoContainer
from quizapp.sandboxes.pool import reaper
from quizapp.sandboxes.pool.lifecycle import Lifecycle, fresh_progress
from quizapp.sandboxes.pool.metrics import Metrics
from quizapp.sandboxes.pool.ownership import Ownership, Signer
from quizapp.sandboxes.pool.record import Limits, Record
from quizapp.sandboxes.pool.registry import Registry
from quizapp.sandboxes.recipe.template import Template

log = logging.getLogger(__name__)

RETRY_S = 60  # when all are taken: long enough for somebody to finish, short enough to wait for

NOT_CLAIMED = "It could not be given to its owner. Start a new one."
SPARED = "It made room for one that somebody waits for."


class Admission:
    """Gives out the sandboxes of one registry. `lock` guards the records and is not held while the engine is asked."""

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
        self._now = now
        self._new_id = new_id
        self._rate = MovingWindowRateLimiter(MemoryStorage())
        self._starts_an_hour = RateLimitItemPerHour(limits.starts_an_hour)

    @property
    def offered(self) -> tuple[str, ...]:
        """The names of the kinds of sandbox there are, the usual one first."""
        return tuple(self._templates)

    def serve(self, owner: str, kind: str) -> Sandbox:
        """The owner's live sandbox, else a warm one, else a new one, which may have to wait. See SandboxClient.ask."""
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
        """Start those who wait, first come first, as far as there is room; warm ones make room for them."""
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
        """Begin to start a warm sandbox if one is wanting."""
        with self._lock:
            if not self._registry.wants_warm(now=self._now()):
                return
            self._new_record(None, next(iter(self._templates.values())), waits_for=None)
        self.admit()

    def adopt(self, one: reaper.OwnContainer) -> None:
        """Take on a container of an earlier pool: what it printed tells how far it is. The lock is held."""
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
        """A warm sandbox that is this owner's from now on; None if there is none, or an old one is in its way.

        The engine gives out a name once, so a sandbox has one owner and an owner one sandbox whoever asks at once.
        Only one that became the owner's counts as a start: whatever fails before is no doing of theirs.
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
            except QuizappError:  # renamed or not: nobody knows, so nobody may have it
                self._lifecycle.lose(record, NOT_CLAIMED)
                raise
            self._count_start(owner)
            self._lifecycle.renew(record)
            return record

    def _queue_up(self, owner: str, template: Template) -> Record:
        """A queued record, the last of all. Raises TooManySandboxes, TooManyStarts."""
        if self._registry.room() <= 0 and len(self._registry.waiting()) >= self._limits.queue:
            raise TooManySandboxes(
                f"All {self._limits.most} sandboxes are taken, and {self._limits.queue} people wait for one. "
                "Try again in a minute.",
                retry_after_s=RETRY_S,
            )
        before = self._registry.leaving_of(owner)
        self._require_start(owner)
        self._count_start(owner)
        return self._new_record(owner, template, waits_for=before)

    def _require_start(self, owner: str) -> None:
        """Raises TooManyStarts if one more were too many within an hour."""
        if self._rate.test(self._starts_an_hour, owner):
            return
        free_at = self._rate.get_window_stats(self._starts_an_hour, owner).reset_time
        wait_s = max(1, ceil(free_at - time.time()))
        raise TooManyStarts(
            f"You have started {self._limits.starts_an_hour} hosts within an hour, which is the most. "
            f"The next one can start in {ceil(wait_s / 60)} min.",
            retry_after_s=wait_s,
        )

    def _count_start(self, owner: str) -> None:
        """The owner has one more of the hour's starts."""
        self._rate.hit(self._starts_an_hour, owner)

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
        """Log and count a change of state."""
        why = f": {record.reason}" if record.reason else ""
        log.info("sandbox %s: %s -> %s%s", record.ownership.id, before.value, record.state.value, why)
        self._metrics.count(before, record.state, start_s=record.progress.total_s)
        if record.state is SandboxState.READY:
            self._lifecycle.later(self.keep_warm)
