"""Starts and removes sandboxes, in threads of its own. Knows no queue and no limit of an owner.

A start takes a record from QUEUED over STARTING to CLAIMED (READY if it has no owner), or to LOST if it fails. The
container of an ENDING or LOST record is removed; an ENDING record is GONE then.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import datetime
from math import ceil

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import SandboxState
from quizapp.sandboxes.engine import probe
from quizapp.sandboxes.engine.protocol import Engine, NameTaken, NewContainer
from quizapp.sandboxes.pool import reaper
from quizapp.sandboxes.pool.ownership import Signer
from quizapp.sandboxes.pool.progress import Progress, advance, begin, fail, planned
from quizapp.sandboxes.pool.record import Limits, Record
from quizapp.sandboxes.recipe.template import LEASE, Template
from quizapp.sandboxes.terminals import spare

log = logging.getLogger(__name__)

CREATE = ("create", "A container for it")  # the first step, begun here; the sandbox prints when the others begin
STARTS_AT_ONCE = 2  # a start uses one core for two seconds; more at once only make each slower
SMALL_TASKS_AT_ONCE = 2  # each takes 0.05 s
REMOVALS_AT_ONCE = 4
NAME_TRIES = 10  # to create a container while the engine still makes another of its name, which takes 1 s at most
NAME_WAIT_S = 0.3  # between two of these tries
LEASE_WAIT_S = 10.0  # for the script LEASE, which writes one number; it takes 1 s on a busy machine
LEASE_ANSWER_BYTES = 1024  # of the script's output; it prints nothing unless it fails

STILL_ENDING = "Your last sandbox is still ending. Try again in a minute."
NOT_READY = "It did not get ready in time. Start a new one."
BROKE = "It could not start because of a fault in the sandbox service. The operator finds it in the log."


def fresh_progress(template: Template, *, now: datetime) -> Progress:
    """The progress of a start of this template before its first step."""
    return planned((CREATE, *((step.name, step.title) for step in template.steps)), now=now)


class Lifecycle:
    """Starts and removes sandboxes, a few at once. `lock` guards the records and is not held during engine calls.

    `on_removed` is called without the lock after each removal; the pool sets it.
    """

    def __init__(
        self,
        engine: Engine,
        signer: Signer,
        limits: Limits,
        *,
        lock: threading.Lock,
        now: Callable[[], datetime],
    ) -> None:
        self.on_removed: Callable[[], None] = lambda: None
        self._engine = engine
        self._signer = signer
        self._limits = limits
        self._lock = lock
        self._now = now
        self._stopping = threading.Event()
        self._starts = ThreadPoolExecutor(STARTS_AT_ONCE, thread_name_prefix="start")
        self._small_tasks = ThreadPoolExecutor(SMALL_TASKS_AT_ONCE, thread_name_prefix="small")
        self._removals = ThreadPoolExecutor(REMOVALS_AT_ONCE, thread_name_prefix="remove")

    def start(self, record: Record) -> None:
        """Begin to start a QUEUED record, in a thread; its container is created first if it has none."""
        self._starts.submit(self._bring_up, record)

    def renew(self, record: Record) -> None:
        """Begin to set the new owner's lease in the record's container, in a thread."""
        self.later(lambda: self._renew(record))

    def begin_ahead(self, record: Record) -> None:
        """Begin to fill the record's spares, in a thread: the first shell while it is READY, and the next probe."""
        self.later(lambda: self._begin_ahead(record))

    def later(self, task: Callable[[], None]) -> None:
        """Run a short task in a thread, without the lock; not while the process ends, when Python takes no new ones.

        A start that comes to its end then is whole without, and the next pool finds it.
        """
        with suppress(RuntimeError):
            self._small_tasks.submit(task)

    def remove(self, record: Record) -> None:
        """Begin to remove the container of a record that is not live, in a thread; an ENDING record is GONE then."""
        self._removals.submit(self._take_down, record)

    def end(self, record: Record, reason: str) -> None:
        """Make the record ENDING for this reason and begin to remove its container. Does nothing if it is not live."""
        self._finish(record, SandboxState.ENDING, reason)

    def lose(self, record: Record, reason: str) -> None:
        """Make the record LOST for this reason and begin to remove its container. Does nothing if it is not live."""
        self._finish(record, SandboxState.LOST, reason)

    def stop(self) -> None:
        """Accept no further task, drop the starts that have not begun, and wait for all other tasks."""
        self._stopping.set()
        self._starts.shutdown(cancel_futures=True)
        self._small_tasks.shutdown()
        self._removals.shutdown()

    def prolong(self, record: Record, ref: str, *, until: datetime) -> None:
        """Set the end of the lease in the container, whose first process ends it then, even without sandboxd.

        That process counts seconds from the container's start, which is later than `created_at`, so the container does
        not end before `until`. Raises what Engine.exec raises.
        """
        seconds = ceil((until - record.created_at).total_seconds())
        self._engine.exec(ref, (LEASE, str(seconds)), stdin=b"", give_up_s=LEASE_WAIT_S, most_bytes=LEASE_ANSWER_BYTES)

    def _bring_up(self, record: Record) -> None:
        adopted = record.ref is not None  # the container still has the lease that an earlier pool set
        try:
            self._make(record)
            if record.ref is not None:
                self._watch(record, record.ref)
                self.begin_ahead(record)
                if adopted:
                    self._renew(record)
        except QuizappError as error:
            self._give_up(record, str(error))
        except Exception:
            log.exception("sandbox %s: the start broke", record.ownership.id)
            self._give_up(record, BROKE)

    def _begin_ahead(self, record: Record) -> None:
        """Fill the spares. An error is only logged: without a spare, the next call starts its command itself."""
        ref = record.ref or ""
        try:
            if record.state is SandboxState.READY and not record.has_stale_shells:
                record.first_shell.fill(lambda: spare.shell(self._engine, ref))
            if record.state in (SandboxState.READY, SandboxState.CLAIMED):
                record.next_probe.fill(lambda: self._engine.open(ref, probe.COMMAND))
        except QuizappError as error:
            log.info("sandbox %s: nothing is begun ahead: %s", record.ownership.id, error)

    def _renew(self, record: Record) -> None:
        """Set the record's lease in its container, if it has both. An error is logged; the old lease stays in force."""
        try:
            if record.deadline is not None and record.ref is not None:
                self.prolong(record, record.ref, until=record.deadline)
        except QuizappError as error:
            log.warning("sandbox %s keeps its old lease: %s", record.ownership.id, error)

    def _make(self, record: Record) -> None:
        """Create the record's container if it has none, and start it, unless the record is no longer QUEUED."""
        if record.waits_for is not None and not record.waits_for.wait(self._limits.removed_by.total_seconds()):
            return self._give_up(record, STILL_ENDING)
        with record.work:
            with self._lock:
                if record.state is not SandboxState.QUEUED:
                    return None
                record.enter(SandboxState.STARTING)
                record.progress = begin(record.progress, CREATE[0], at=self._now())
            if record.ref is None:
                record.ref = self._create(record)
            self._engine.start(record.ref)
        return None

    def _create(self, record: Record) -> str:
        time = self._limits.lease if record.ownership.owner is not None else self._limits.warm_age
        new = NewContainer(
            name=self._signer.name_of(record.ownership),
            labels=self._signer.sign(record.ownership),
            template=record.template,
            lease_s=ceil((self._limits.ready_by + time).total_seconds()),
            life_s=max(1, int((record.ownership.ends_at - self._now()).total_seconds())),
        )
        return self._make_room_and_create(new)

    def _make_room_and_create(self, new: NewContainer) -> str:
        """Create the container; returns its ref. One of its name that was never started is removed first.

        The engine was still making that one when sandboxd was killed: no record has it, and the engine may list it
        only after a while. A running container of that name stays. Raises NameTaken after NAME_TRIES tries.
        """
        for _ in range(NAME_TRIES - 1):
            try:
                return self._engine.create(new)
            except NameTaken:
                for one in reaper.own_containers(self._engine, self._signer):
                    if one.found.name == new.name and one.found.fresh:
                        log.warning("container %s was left half made and is removed", new.name)
                        self._engine.remove(one.found.ref)
                self._stopping.wait(NAME_WAIT_S)
        return self._engine.create(new)

    def _watch(self, record: Record, ref: str) -> None:
        """Read the sandbox's lines until it is ready or has failed, or the record is no longer STARTING."""
        with closing(self._engine.follow(ref, give_up_s=self._limits.ready_by.total_seconds())) as lines:
            for line in lines:
                with self._lock:
                    if record.state is not SandboxState.STARTING:
                        return
                    record.progress = advance(record.progress, line.text, at=line.at)
                    if record.progress.ready:
                        record.become_ready(self._limits.lease, now=self._now())
                        return
                if record.progress.failed is not None:
                    break
        self._give_up(record, record.progress.failed or NOT_READY)

    def _give_up(self, record: Record, reason: str) -> None:
        now = self._now()
        with self._lock:
            if not record.finish(SandboxState.LOST, reason, now=now):
                return
            record.progress = fail(record.progress, reason, at=now)
        self.remove(record)

    def _finish(self, record: Record, state: SandboxState, reason: str) -> None:
        with self._lock:
            if not record.finish(state, reason, now=self._now()):
                return
        self.remove(record)

    def _take_down(self, record: Record) -> None:
        try:
            with record.work:
                if record.ref is not None and not record.removed.is_set():
                    self._engine.remove(record.ref)
        except QuizappError as error:
            log.warning("sandbox %s is not removed yet: %s", record.ownership.id, error)
            return
        with self._lock:
            if record.state is SandboxState.ENDING:
                record.enter(SandboxState.GONE)
            record.removed.set()
        record.end_ahead()
        self.on_removed()
