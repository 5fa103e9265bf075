"""Keeps the sandboxes: one live one per owner, so many at once, each for its time. Knows no HTTP and no Docker SDK.

What it remembers is a view of the engine's list, which is the truth: killed at any moment, it finds its sandboxes
again. Only their leases are forgotten; each found sandbox gets a new one, up to the end that its container has itself.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import (
    BadSandboxRequest,
    CommandResult,
    Health,
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
from quizapp.sandboxes.pool.admission import Desk
from quizapp.sandboxes.pool.lifecycle import Lifecycle
from quizapp.sandboxes.pool.metrics import Metrics
from quizapp.sandboxes.pool.ownership import Signer
from quizapp.sandboxes.pool.record import Entry, Limits
from quizapp.sandboxes.pool.registry import UNKNOWN, Roster
from quizapp.sandboxes.pool.template_choice import chosen
from quizapp.sandboxes.recipe.template import SHELL, Template
from quizapp.sandboxes.terminals import spare

log = logging.getLogger(__name__)

OWNER_CHARS = 100  # a UUID is 36

STOPPED = "It stopped by itself. Start a new one."
ASKED = "You ended it."
SHELL_ENDED = "The shell has ended."


class Keeper:
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
    ) -> None:
        self._engine = engine
        self._lacking = lacking
        self._lacks: dict[str, tuple[str, ...]] = {}
        self._signer = signer
        self._limits = limits
        self._now = now
        self._lock = threading.Lock()
        self._roster = Roster(limits)
        self._found_once = threading.Event()
        self._lifecycle = Lifecycle(engine, signer, limits, lock=self._lock, now=now)
        self.metrics = Metrics(self.list)
        self._desk = Desk(
            engine,
            signer,
            templates,
            limits,
            roster=self._roster,
            lifecycle=self._lifecycle,
            lock=self._lock,
            metrics=self.metrics,
            now=now,
            new_id=new_id,
        )
        self._lifecycle.on_removed = self._desk.admit

    def ask(self, *, owner: str, template: str = "userns") -> Sandbox:
        """See SandboxClient.ask. Raises BadSandboxRequest for an owner or a template that cannot be."""
        if not owner.strip() or len(owner) > OWNER_CHARS:
            raise BadSandboxRequest(f"An owner has 1 to {OWNER_CHARS} characters; send another.")
        kind = chosen(template, self._desk.offered)
        self._find_once()
        return self._desk.serve(owner, kind)

    def get(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.get."""
        self._find_once()
        with self._lock:
            entry = self._roster.get(sandbox_id)
            entry.see(now=self._now())
            return self._roster.view(entry)

    def list(self) -> tuple[Sandbox, ...]:
        """See SandboxClient.list."""
        with self._lock:
            return self._roster.views()

    def extend(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.extend."""
        self._find_once()
        with self._lock:
            entry = self._claimed(sandbox_id)
            until = min((entry.deadline or self._now()) + self._limits.extension, entry.claim.ends_at)
        with self._using(entry) as ref:
            self._lifecycle.prolong(entry, ref, until=until)
        with self._lock:
            entry.deadline = until
            return self._roster.view(entry)

    def end(self, sandbox_id: str) -> None:
        """See SandboxClient.end."""
        self._find_once()
        with self._lock:
            if sandbox_id not in self._roster.ids:
                return
            entry = self._roster.get(sandbox_id)
        self._lifecycle.end(entry, ASKED)

    def run(
        self, sandbox_id: str, commands: Sequence[str], *, learner: bool = False, each_s: float, output_bytes: int
    ) -> tuple[CommandResult, ...]:
        """See SandboxClient.run. Raises BadSandboxRequest for what the probe cannot run."""
        probe.check_request(commands, each_s=each_s, output_bytes=output_bytes)
        self._find_once()
        with self._lock:
            entry = self._claimed(sandbox_id)
        with self._using(entry) as ref:
            begun = entry.next_probe.take() or self._engine.open(ref, probe.COMMAND)
            try:
                answer = begun.finish(
                    probe.request(commands, learner=learner, each_s=each_s, output_bytes=output_bytes),
                    give_up_s=probe.longest_wait_s(len(commands), each_s=each_s),
                    most_bytes=probe.longest_answer(len(commands), output_bytes=output_bytes),
                )
            finally:
                self._lifecycle.begin_ahead(entry)
        return probe.decode(answer, count=len(commands))

    def terminal(self, sandbox_id: str, *, rows: int, columns: int, resume: Resume | None = None) -> Terminal:
        """See SandboxClient.terminal."""
        self._find_once()
        with self._lock:
            entry = self._claimed(sandbox_id)
        if resume is not None:
            return entry.shells.resume(resume, rows=rows, columns=columns)

        def shell() -> Shell:
            self._end_stale_shells(entry)
            with self._using(entry) as ref:
                begun = entry.first_shell.take()
                if begun is None:
                    return self._engine.shell(ref, (SHELL,), rows=rows, columns=columns)
                spare.begin(begun, rows=rows, columns=columns)
                return begun

        def typed() -> None:
            with self._lock:
                entry.use(now=self._now())

        return entry.shells.open(shell, typed=typed, why_ended=lambda: self.why_shell_ended(sandbox_id))

    def why_shell_ended(self, sandbox_id: str) -> str:
        """The sentence to show when a terminal of this sandbox is over: the sandbox has ended, or its shell alone."""
        try:
            self.reconcile()
        except QuizappError as error:
            return str(error)
        with self._lock:
            if sandbox_id not in self._roster.ids:
                return SHELL_ENDED
            entry = self._roster.get(sandbox_id)
            return SHELL_ENDED if entry.state.is_live else entry.reason or STOPPED

    def health(self) -> Health:
        """See SandboxClient.health."""
        return replace(self._engine.health(), lacks=self._lacks.copy())

    def tick(self) -> None:
        """End what is due, try failed removals again, forget what ended long ago, compare with the engine's list.

        Then let in who waits, and keep as many warm ones as there should be.
        """
        now = self._now()
        with self._lock:
            over = [(entry, entry.why_over(self._limits, now=now)) for entry in self._roster.all()]
            left = [entry for entry, _ in over if not entry.state.is_live and not entry.removed.is_set()]
            self._roster.forget(now=now)
        for entry in left:
            self._lifecycle.remove(entry)
        for entry, reason in over:
            if reason is not None:
                self._lifecycle.end(entry, reason)
        self.reconcile()
        self._desk.admit()
        self._desk.keep_warm()
        with self._lock:
            running = self._roster.in_state(SandboxState.READY, SandboxState.CLAIMED)
        for entry in running:
            with suppress(QuizappError):  # it is tried again, here or by who opens a terminal
                self._end_stale_shells(entry)
                self._lifecycle.begin_ahead(entry)
        self._learn()

    def reconcile(self) -> None:
        """Take on signed containers that it does not know, remove ended ones, and notice which of its own are lost."""
        with self._lock:
            ready = {entry.claim.id for entry in self._roster.in_state(SandboxState.READY, SandboxState.CLAIMED)}
        signed = reaper.signed_in(self._engine, self._signer)
        with self._lock:
            plan = reaper.plan(signed, known=self._roster.ids, ready=ready, now=self._now())
            for one in plan.adopt:
                self._desk.adopt(one)
            lost = [self._roster.get(sandbox_id) for sandbox_id in plan.lost]
        self._found_once.set()
        for entry in lost:
            self._lifecycle.lose(entry, STOPPED)
        for one in plan.remove:
            self._engine.remove(one.found.ref)
        if plan.braked:
            log.error("%d sandboxes outlived themselves; is the clock right? They are left alone.", len(plan.braked))

    def stop(self) -> None:
        """Finish what is under way; the sandboxes live on for the next keeper."""
        self._lifecycle.stop()
        with self._lock:
            entries = self._roster.all()
        for entry in entries:
            entry.end_ahead()

    def _learn(self) -> None:
        """Find out, in the first sandbox of each template, what those cannot do on this host."""
        with self._lock:
            running = self._roster.in_state(SandboxState.READY, SandboxState.CLAIMED)
        for entry in running:
            if entry.template.name not in self._lacks:
                with suppress(QuizappError):  # the next pass tries again
                    self._lacks[entry.template.name] = self._lacking(self._engine, entry.ref or "")

    def _find_once(self) -> None:
        """Look for the sandboxes of an earlier keeper before the first answer, or they would be told to be gone."""
        if not self._found_once.is_set():
            self.reconcile()

    def _claimed(self, sandbox_id: str) -> Entry:
        """The entry, used, if it can be used now."""
        entry = self._roster.get(sandbox_id)
        match entry.state:
            case SandboxState.CLAIMED:
                entry.use(now=self._now())
                return entry
            case SandboxState.QUEUED | SandboxState.STARTING | SandboxState.READY:
                raise SandboxNotReady("The sandbox is still starting. Try again when it is ready.")
            case SandboxState.ENDING | SandboxState.GONE | SandboxState.LOST:
                raise SandboxGone(entry.reason or UNKNOWN)
            case _:
                assert_never(entry.state)

    @contextmanager
    def _using(self, entry: Entry) -> Iterator[str]:
        """The ref of a ready entry's container, for one use; if the engine no longer runs it, the sandbox is lost."""
        try:
            yield entry.ref or ""
        except NoContainer:
            self._lifecycle.lose(entry, STOPPED)
            raise SandboxGone(STOPPED) from None

    def _end_stale_shells(self, entry: Entry) -> None:
        """End the shells of the keeper before, once, and before there are new ones."""
        with entry.cleaning:
            if entry.has_stale_shells:
                with self._using(entry) as ref:
                    self._engine.end_shells(ref)
                entry.has_stale_shells = False
