"""All sandboxes of an installation: at most one live one per owner, each for a lease. Knows no HTTP and no Docker SDK.

The engine's list of containers is the source of truth, and the records here are a copy: after a kill at any moment, a
new pool finds the sandboxes again. It does not find their leases, so each gets a new one, at most to the end of its
container's life.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import (
    END_SOON,
    BadSandboxRequest,
    CommandResult,
    EngineOff,
    Health,
    PoolFigures,
    Printed,
    Resume,
    Sandbox,
    SandboxGone,
    SandboxNotReady,
    SandboxState,
    Terminal,
)
from quizapp.sandboxes.engine import probe
from quizapp.sandboxes.engine.protocol import Engine, NoContainer, Shell
from quizapp.sandboxes.pool import reaper
from quizapp.sandboxes.pool.admission import Admission
from quizapp.sandboxes.pool.end_causes import ASKED, STOPPED
from quizapp.sandboxes.pool.lifecycle import Lifecycle
from quizapp.sandboxes.pool.metrics import Metrics
from quizapp.sandboxes.pool.ownership import Signer
from quizapp.sandboxes.pool.recent import Recent
from quizapp.sandboxes.pool.record import Limits, Record
from quizapp.sandboxes.pool.registry import UNKNOWN, Registry
from quizapp.sandboxes.pool.template_choice import chosen
from quizapp.sandboxes.recipe.template import Template
from quizapp.sandboxes.terminals import spare
from quizapp.sandboxes.terminals.onlooker import Onlooker

log = logging.getLogger(__name__)

OWNER_CHARS = 100  # a UUID is 36

# From the first call of `reconcile` in a row that fails until hosts are called unknown. One that fails may be a busy
# machine; the containers of an engine that was ended are gone, and nobody would say so before it is back.
SILENT = timedelta(seconds=10)
SILENT_RETRY_S = 5
NOT_KNOWN = "The engine of your host does not answer, so nobody knows how the host is. This page keeps trying."

SHELL_ENDED = "The shell has ended."


class Pool:
    """The sandboxes of one installation on one engine. Safe to call from any thread."""

    def __init__(
        self,
        engine: Engine,
        signer: Signer,
        templates: Sequence[Template],
        limits: Limits,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        lacking: Callable[[Engine, str], tuple[str, ...]],
        told: Callable[[datetime], datetime] = lambda moment: moment,
    ) -> None:
        """`told` gives a time of `now` as clients' clocks have it."""
        self._engine = engine
        self._probe_lacking = lacking
        self._lacking: dict[str, tuple[str, ...]] = {}
        self._signer = signer
        self._limits = limits
        self._now = now
        self._lock = threading.Lock()
        self._registry = Registry(limits, told)
        self._found_once = threading.Event()
        self._silent_since: datetime | None = None
        self._lifecycle = Lifecycle(engine, signer, limits, lock=self._lock, now=now)
        self._metrics = Metrics(self.list, most=limits.most)
        self._recent = Recent(since=now())
        self._admission = Admission(
            engine,
            signer,
            templates,
            limits,
            registry=self._registry,
            lifecycle=self._lifecycle,
            lock=self._lock,
            metrics=self._metrics,
            recent=self._recent,
            now=now,
            new_id=new_id,
        )
        self._lifecycle.on_removed = self._admission.admit

    def ask(self, *, owner: str, template: str = "userns") -> Sandbox:
        """See SandboxClient.ask."""
        if not owner.strip() or len(owner) > OWNER_CHARS:
            raise BadSandboxRequest(f"An owner has 1 to {OWNER_CHARS} characters; send another.")
        kind = chosen(template, self._admission.offered)
        self._find_once()
        return self._admission.serve(owner, kind)

    def get(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.get. Raises EngineOff for one that ran when its engine fell silent, SILENT ago."""
        self._find_once()
        with self._lock:
            record = self._registry.get(sandbox_id)
            record.see(now=self._now())
            self._refuse_unknown(record)
            return self._registry.view(record)

    def list(self) -> tuple[Sandbox, ...]:
        """See SandboxClient.list."""
        with self._lock:
            return self._registry.views()

    def extend(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.extend."""
        self._find_once()
        with self._lock:
            record = self._claimed(sandbox_id)
            longer = (record.deadline or self._now()) + self._limits.extension
            until = record.put_off or min(longer, record.ownership.ends_at)
        return self._end_at(record, until, put_off=None)

    def end_soon(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.end_soon."""
        self._find_once()
        with self._lock:
            record = self._claimed(sandbox_id)
            soon = self._now() + END_SOON
            usual = record.put_off or record.deadline or soon
        return self._end_at(record, min(soon, usual), put_off=usual)

    def _end_at(self, record: Record, until: datetime, *, put_off: datetime | None) -> Sandbox:
        """Set the end of a claimed record's lease, here and in its container."""
        with self._using(record) as ref:
            self._lifecycle.prolong(record, ref, until=until)
        with self._lock:
            record.deadline, record.put_off = until, put_off
            return self._registry.view(record)

    def end(self, sandbox_id: str) -> None:
        """See SandboxClient.end."""
        self._find_once()
        with self._lock:
            if sandbox_id not in self._registry.ids:
                return
            record = self._registry.get(sandbox_id)
        self._lifecycle.end(record, ASKED)

    def run(
        self, sandbox_id: str, commands: Sequence[str], *, learner: bool = False, each_s: float, output_bytes: int
    ) -> tuple[CommandResult, ...]:
        """See SandboxClient.run. Afterwards, the next probe is started in a thread."""
        probe.check_request(commands, each_s=each_s, output_bytes=output_bytes)
        self._find_once()
        with self._lock:
            record = self._claimed(sandbox_id)
        with self._using(record) as ref:
            begun = record.next_probe.take() or self._engine.open(ref, probe.COMMAND)
            try:
                answer = begun.finish(
                    probe.request(commands, learner=learner, each_s=each_s, output_bytes=output_bytes),
                    give_up_s=probe.longest_wait_s(len(commands), each_s=each_s),
                    most_bytes=probe.longest_answer(len(commands), output_bytes=output_bytes),
                )
            finally:
                self._lifecycle.begin_ahead(record)
        return probe.decode(answer, count=len(commands))

    def printed(self, sandbox_id: str) -> Sequence[Printed]:
        """See SandboxClient.printed."""
        self._find_once()
        with self._lock:
            record = self._claimed(sandbox_id)
        return record.shells.printed()

    def terminal(self, sandbox_id: str, *, rows: int, columns: int, resume: Resume | None = None) -> Terminal:
        """See SandboxClient.terminal."""
        self._find_once()
        with self._lock:
            record = self._claimed(sandbox_id)
        if resume is not None:
            return record.shells.resume(resume, rows=rows, columns=columns)

        def shell() -> Shell:
            self._end_stale_shells(record)
            with self._using(record) as ref:
                # One that nobody has begun ahead waits for its size as well: the greeting is as wide as the terminal.
                begun = record.first_shell.take() or spare.shell(self._engine, ref)
                spare.begin(begun, rows=rows, columns=columns)
                return begun

        def typed() -> None:
            with self._lock:
                record.use(now=self._now())

        why_ended = partial(self.why_shell_ended, sandbox_id)
        return record.shells.open(shell, typed=typed, why_ended=why_ended, size=(rows, columns))

    def onlooker(self, sandbox_id: str) -> Terminal:
        """See SandboxClient.onlooker."""
        self._find_once()
        with self._lock:
            record = self._claimed(sandbox_id)
        return Onlooker(record.shells.last_used)

    def why_shell_ended(self, sandbox_id: str) -> str:
        """Why a terminal of this sandbox is over, a sentence for the learner: the sandbox ended, or only the shell."""
        try:
            self.reconcile()
        except QuizappError as error:
            return str(error)
        with self._lock:
            if sandbox_id not in self._registry.ids:
                return SHELL_ENDED
            record = self._registry.get(sandbox_id)
            return SHELL_ENDED if record.state.is_live else record.reason or STOPPED

    def health(self) -> Health:
        """See SandboxClient.health."""
        return replace(self._engine.health(), lacks=self._lacking.copy())

    def figures(self) -> PoolFigures:
        """See SandboxClient.figures."""
        return self._recent.figures(most=self._limits.most, now=self._now())

    def metrics(self) -> bytes:
        """See SandboxClient.metrics."""
        return self._metrics.text()

    def expect_faults(self, kinds: Iterable[str]) -> None:
        """Have metrics of faults of these kinds before there is one."""
        self._metrics.expect_faults(kinds)

    def count_fault(self, kind: str) -> None:
        """Count an answer with a fault, by the name of its class."""
        self._metrics.count_fault(kind)

    def tick(self) -> None:
        """End sandboxes whose time is up, retry failed removals, forget old records, and reconcile.

        Then admit waiting records, start a warm sandbox if one is missing, kill stale shells, fill the spares, and
        probe capabilities. The reaper's thread calls this. Raises what the engine raises.
        """
        now = self._now()
        with self._lock:
            over = [(record, record.why_over(self._limits, now=now)) for record in self._registry.all()]
            left = [record for record, _ in over if not record.state.is_live and not record.removed.is_set()]
            self._registry.forget(now=now)
        for record in left:
            self._lifecycle.remove(record)
        for record, reason in over:
            if reason is not None:
                self._lifecycle.end(record, reason)
        self.reconcile()
        self._admission.admit()
        self._admission.keep_warm()
        with self._lock:
            running = self._registry.in_state(SandboxState.READY, SandboxState.CLAIMED)
        for record in running:
            with suppress(QuizappError):  # the next tick or the next `terminal` tries again
                self._end_stale_shells(record)
                self._lifecycle.begin_ahead(record)
        self._probe_capabilities()

    def reconcile(self) -> None:
        """Add records for signed containers that have none, remove ended ones, and lose records without a container."""
        with self._lock:
            ready = {
                record.ownership.id for record in self._registry.in_state(SandboxState.READY, SandboxState.CLAIMED)
            }
        try:
            own = reaper.own_containers(self._engine, self._signer)
        except QuizappError:
            self._silent_since = self._silent_since or self._now()
            raise
        with self._lock:
            self._silent_since = None
            plan = reaper.plan(own, known=self._registry.ids, ready=ready, now=self._now())
            for one in plan.adopt:
                self._admission.adopt(one)
            lost = [self._registry.get(sandbox_id) for sandbox_id in plan.lost]
        self._found_once.set()
        for record in lost:
            self._lifecycle.lose(record, STOPPED)
        for one in plan.remove:
            self._engine.remove(one.found.ref)
        if plan.braked:
            log.error("%d sandboxes outlived themselves; is the clock right? They are left alone.", len(plan.braked))

    def stop(self) -> None:
        """Wait for the tasks that have begun and close the spares. The containers run on, for the next pool."""
        self._lifecycle.stop()
        with self._lock:
            records = self._registry.all()
        for record in records:
            record.end_ahead()

    def _probe_capabilities(self) -> None:
        """Find out, in one running sandbox of each template not probed yet, which capabilities it lacks."""
        with self._lock:
            running = self._registry.in_state(SandboxState.READY, SandboxState.CLAIMED)
        for record in running:
            if record.template.name not in self._lacking:
                with suppress(QuizappError):  # the next tick tries again
                    self._lacking[record.template.name] = self._probe_lacking(self._engine, record.ref or "")

    def _find_once(self) -> None:
        """Find the sandboxes of an earlier pool before the first answer, which would otherwise call them gone."""
        if not self._found_once.is_set():
            self.reconcile()

    def _refuse_unknown(self, record: Record) -> None:
        """Raise EngineOff if the record says that its container runs and the engine has been silent for SILENT."""
        since = self._silent_since
        if since is None or record.state not in (SandboxState.READY, SandboxState.CLAIMED):
            return
        if self._now() - since >= SILENT:
            raise EngineOff(NOT_KNOWN, retry_after_s=SILENT_RETRY_S)

    def _claimed(self, sandbox_id: str) -> Record:
        """The record of a CLAIMED sandbox, after `use`. The lock is held. Raises SandboxGone, SandboxNotReady."""
        record = self._registry.get(sandbox_id)
        match record.state:
            case SandboxState.CLAIMED:
                record.use(now=self._now())
                return record
            case SandboxState.QUEUED | SandboxState.STARTING | SandboxState.READY:
                raise SandboxNotReady("The sandbox is still starting. Try again when it is ready.")
            case SandboxState.ENDING | SandboxState.GONE | SandboxState.LOST:
                raise SandboxGone(record.reason or UNKNOWN)
            case _:
                assert_never(record.state)

    @contextmanager
    def _using(self, record: Record) -> Iterator[str]:
        """The ref of the record's container. On NoContainer in the block, loses the record and raises SandboxGone."""
        try:
            yield record.ref or ""
        except NoContainer:
            self._lifecycle.lose(record, STOPPED)
            raise SandboxGone(STOPPED) from None

    def _end_stale_shells(self, record: Record) -> None:
        """Kill the shells that an earlier pool left in the container, once, before any new one is opened."""
        with record.cleaning:
            if record.has_stale_shells:
                with self._using(record) as ref:
                    self._engine.end_shells(ref)
                record.has_stale_shells = False
