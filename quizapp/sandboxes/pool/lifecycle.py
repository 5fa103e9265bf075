"""Brings one sandbox up and takes it down again, in threads of its own. Knows no owner's rights and no lease's end.

A record goes QUEUED -> STARTING -> CLAIMED here (READY if it is a warm one), or to LOST with the reason why not; ENDING
and LOST ones become removed.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
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

CREATE = ("create", "A container for it")  # our own first step; the sandbox prints the others
STARTS_AT_ONCE = 2  # a start keeps a core busy for its two seconds; more at once only makes each slower
SMALL_TASKS_AT_ONCE = 2  # each takes a twentieth of a second
REMOVALS_AT_ONCE = 4
NAME_TRIES = 10  # for a container name that is taken by one that is only being made, which takes a second at most
NAME_WAIT_S = 0.3
LEASE_WAIT_S = 10.0  # it writes one number; a busy host takes a tenth of this
LEASE_ANSWER_BYTES = 1024  # it prints nothing unless it fails

STILL_ENDING = "Your last sandbox is still ending. Try again in a minute."
NOT_READY = "It did not get ready in time. Start a new one."
BROKE = "It could not start because of a fault in the sandbox service. The operator finds it in the log."


def fresh_progress(template: Template, *, now: datetime) -> Progress:
    """The steps of a start of this template, none of them begun."""
    return planned((CREATE, *((step.name, step.title) for step in template.steps)), now=now)


class Lifecycle:
    """Starts and removals, a few at a time. `lock` guards the records; it is never held while the engine is asked.

    `on_removed` is called, without the lock, when a container has gone for good; its user sets it.
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
        """Begin to bring up a QUEUED record, with a container or without one yet."""
        self._starts.submit(self._bring_up, record)

    def renew(self, record: Record) -> None:
        """Begin to tell a container that has got an owner of its lease."""
        self.later(lambda: self._renew(record))

    def begin_ahead(self, record: Record) -> None:
        """Begin what its owner will need next, so that it waits there: a shell while it is warm, and a probe."""
        self.later(lambda: self._begin_ahead(record))

    def later(self, task: Callable[[], None]) -> None:
        """Do something short soon, in a thread that holds no lock."""
        self._small_tasks.submit(task)

    def remove(self, record: Record) -> None:
        """Begin to take down the container of a record that is not live; an ENDING one is GONE afterwards."""
        self._removals.submit(self._take_down, record)

    def end(self, record: Record, reason: str) -> None:
        """Begin to end it for this reason; nothing happens if it is not live any more."""
        self._finish(record, SandboxState.ENDING, reason)

    def lose(self, record: Record, reason: str) -> None:
        """Take note that it ended though nobody meant it to, and begin to take down what is left of it."""
        self._finish(record, SandboxState.LOST, reason)

    def stop(self) -> None:
        """Take on nothing more and wait for what is under way."""
        self._stopping.set()
        self._starts.shutdown(cancel_futures=True)
        self._small_tasks.shutdown()
        self._removals.shutdown()

    def prolong(self, record: Record, ref: str, *, until: datetime) -> None:
        """Tell the container itself how long its lease lasts, so that it ends then even if nobody else is alive.

        It counts from its start, which is later than its creation, so it never ends early. Raises as Engine.exec.
        """
        seconds = ceil((until - record.created_at).total_seconds())
        self._engine.exec(ref, (LEASE, str(seconds)), stdin=b"", give_up_s=LEASE_WAIT_S, most_bytes=LEASE_ANSWER_BYTES)

    def _bring_up(self, record: Record) -> None:
        adopted = record.ref is not None  # its lease is that of an earlier pool
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
        """What cannot be begun now is begun when it is needed, by who needs it and is then told why it fails."""
        ref = record.ref or ""
        try:
            if record.state is SandboxState.READY and not record.has_stale_shells:
                record.first_shell.fill(lambda: spare.shell(self._engine, ref))
            if record.state in (SandboxState.READY, SandboxState.CLAIMED):
                record.next_probe.fill(lambda: self._engine.open(ref, probe.COMMAND))
        except QuizappError as error:
            log.info("sandbox %s: nothing is begun ahead: %s", record.ownership.id, error)

    def _renew(self, record: Record) -> None:
        """Tell a container of its new lease, if it has one. One that cannot be told keeps its old one, and lives."""
        try:
            if record.deadline is not None and record.ref is not None:
                self.prolong(record, record.ref, until=record.deadline)
        except QuizappError as error:
            log.warning("sandbox %s keeps its old lease: %s", record.ownership.id, error)

    def _make(self, record: Record) -> None:
        """Create the container if there is none, and start it, unless the record was ended while it waited."""
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
        """Create it. One that was never started and has its name was still being made when sandboxd was killed.

        Nobody was told of that one and the engine's list may not have it yet. One that runs is not touched.
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
        """Follow what the sandbox prints until it is ready, has failed, or somebody ended it."""
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
