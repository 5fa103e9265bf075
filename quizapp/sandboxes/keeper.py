"""Keeps the sandboxes: one live one per owner, so many at once, each for its time. Knows no HTTP and no Docker SDK.

What it remembers is a view of the engine's list, which is the truth: killed at any moment, it finds its sandboxes
again. Only their leases are forgotten; each found sandbox gets a new one, up to the end that its container has itself.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import assert_never

from quizapp.errors import QuizappError
from quizapp.sandboxes import probe, reaper
from quizapp.sandboxes.choice import chosen
from quizapp.sandboxes.client import (
    BadSandboxRequest,
    CommandResult,
    Health,
    Sandbox,
    SandboxGone,
    SandboxNotReady,
    SandboxState,
    TooManySandboxes,
)
from quizapp.sandboxes.engine import Engine, NoContainer, Shell
from quizapp.sandboxes.entry import Entry, Limits
from quizapp.sandboxes.labels import Claim, Signer
from quizapp.sandboxes.lifecycle import Lifecycle, fresh_progress
from quizapp.sandboxes.template import SHELL, Template

log = logging.getLogger(__name__)

OWNER_CHARS = 100  # a UUID is 36
TERMINALS_EACH = 4  # tabs of one learner on one sandbox
TERMINAL_WAIT_S = 5.0  # killing a shell takes a tenth of a second, on a busy host one or two
RETRY_S = 60  # when all are taken: long enough for somebody to finish, short enough to stay at the desk

UNKNOWN = "There is no such sandbox any more. Start a new one."
STOPPED = "It stopped by itself. Start a new one."
ASKED = "You ended it."
TIME_UP = "Its time was up. Start a new one."
UNUSED = "Nobody used it for a while. Start a new one."
SHELL_ENDED = "The shell has ended. Open the terminal again for a new one."


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
    ) -> None:
        self._engine = engine
        self._signer = signer
        self._templates = {template.name: template for template in templates}
        self._limits = limits
        self._now = now
        self._new_id = new_id
        self._lock = threading.Lock()
        self._terminal_left = threading.Condition(self._lock)
        self._entries: dict[str, Entry] = {}
        self._found_once = threading.Event()
        self._lifecycle = Lifecycle(engine, signer, limits, lock=self._lock, now=now)

    def ask(self, *, owner: str, template: str) -> Sandbox:
        """See SandboxClient.ask. Raises BadSandboxRequest for an owner or a template that cannot be."""
        if not owner.strip() or len(owner) > OWNER_CHARS:
            raise BadSandboxRequest(f"An owner has 1 to {OWNER_CHARS} characters; send another.")
        template = chosen(template, tuple(self._templates))
        if not self._found_once.is_set():
            self.reconcile()  # or a sandbox from before a restart would be overlooked
        with self._lock:
            entry = self._live_of(owner)
            if entry is not None:
                entry.touched_at = self._now()
                return entry.view()
        self._engine.require()
        with self._lock:
            entry = self._live_of(owner) or self._new_entry(owner, self._templates[template])
            return entry.view()

    def get(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.get."""
        with self._lock:
            entry = self._entry(sandbox_id)
            entry.touched_at = self._now()
            return entry.view()

    def list(self) -> tuple[Sandbox, ...]:
        """See SandboxClient.list."""
        with self._lock:
            views = [entry.view() for entry in self._entries.values() if not entry.removed.is_set()]
        return tuple(sorted(views, key=lambda view: (view.created_at, view.id)))

    def extend(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.extend."""
        with self._lock:
            entry = self._ready(sandbox_id)
            until = min((entry.deadline or self._now()) + self._limits.extension, entry.claim.ends_at)
        with self._using(entry) as ref:
            self._lifecycle.prolong(entry, ref, until=until)
        with self._lock:
            entry.deadline = until
            return entry.view()

    def end(self, sandbox_id: str, *, reason: str = ASKED) -> None:
        """See SandboxClient.end."""
        with self._lock:
            entry = self._entries.get(sandbox_id)
            if entry is None or not entry.finish(SandboxState.ENDING, reason, now=self._now()):
                return
        self._lifecycle.remove(entry)

    def run(
        self, sandbox_id: str, commands: Sequence[str], *, learner: bool, each_s: float, output_bytes: int
    ) -> tuple[CommandResult, ...]:
        """See SandboxClient.run. Raises BadSandboxRequest for what the probe cannot run."""
        probe.check_request(commands, each_s=each_s, output_bytes=output_bytes)
        with self._lock:
            entry = self._ready(sandbox_id)
        with self._using(entry) as ref:
            answer = self._engine.exec(
                ref,
                probe.command(learner=learner, each_s=each_s, output_bytes=output_bytes),
                stdin=probe.encode(commands),
                give_up_s=probe.longest_wait_s(len(commands), each_s=each_s),
                most_bytes=probe.longest_answer(len(commands), output_bytes=output_bytes),
            )
        return probe.decode(answer, count=len(commands))

    @contextmanager
    def terminal(self, sandbox_id: str, *, rows: int, columns: int) -> Iterator[Shell]:
        """A shell for as long as the block runs, then it is killed. Raises SandboxGone, SandboxNotReady."""
        with self._lock:
            entry = self._ready(sandbox_id)
            # A terminal that was just left takes a moment to be killed, and whoever reloads a page must not feel it.
            if not self._terminal_left.wait_for(lambda: entry.terminals < TERMINALS_EACH, TERMINAL_WAIT_S):
                raise SandboxNotReady(f"This sandbox has {TERMINALS_EACH} terminals open; close one of them first.")
            entry.terminals += 1
        try:
            with self._using(entry) as ref:
                shell = self._engine.shell(ref, (SHELL,), rows=rows, columns=columns)
            try:
                yield shell
            finally:
                shell.close()
        finally:
            with self._lock:
                entry.terminals -= 1
                entry.touched_at = self._now()
                self._terminal_left.notify_all()

    def why_shell_ended(self, sandbox_id: str) -> str:
        """The sentence to show when a terminal of this sandbox is over: the sandbox has ended, or its shell alone."""
        try:
            self.reconcile()
        except QuizappError as error:
            return str(error)
        with self._lock:
            entry = self._entries.get(sandbox_id)
            return SHELL_ENDED if entry is None or entry.state.is_live else entry.reason or STOPPED

    def health(self) -> Health:
        """See SandboxClient.health."""
        return self._engine.health()

    def tick(self) -> None:
        """End what is due, try failed removals again, forget what ended long ago, compare with the engine's list."""
        now = self._now()
        with self._lock:
            entries = list(self._entries.values())
            due = [entry for entry in entries if entry.deadline is not None and entry.deadline <= now]
            ready = [entry for entry in entries if entry.state is SandboxState.READY]
            unused = [entry for entry in ready if entry.is_unused(self._limits.idle, now=now)]
            left = [entry for entry in entries if not entry.state.is_live and not entry.removed.is_set()]
            for entry in entries:
                if entry.is_forgotten(self._limits.seen_after, now=now):
                    del self._entries[entry.claim.id]
        for entry in left:
            self._lifecycle.remove(entry)
        for entry in due:
            self.end(entry.claim.id, reason=TIME_UP)
        for entry in unused:
            self.end(entry.claim.id, reason=UNUSED)
        self.reconcile()

    def reconcile(self) -> None:
        """Take on signed containers that it does not know, remove ended ones, and notice which of its own are lost."""
        with self._lock:
            ready = {entry.claim.id for entry in self._entries.values() if entry.state is SandboxState.READY}
        signed = reaper.signed_in(self._engine, self._signer)
        with self._lock:
            plan = reaper.plan(signed, known=self._entries.keys(), ready=ready, now=self._now())
            for one in plan.adopt:
                self._adopt(one)
            lost = [self._entries[sandbox_id] for sandbox_id in plan.lost]
        self._found_once.set()
        for entry in lost:
            self._lose(entry)
        for one in plan.remove:
            self._engine.remove(one.found.ref)
        if plan.braked:
            log.error("%d sandboxes outlived themselves; is the clock right? They are left alone.", len(plan.braked))

    def stop(self) -> None:
        """Finish what is under way; the sandboxes live on for the next keeper."""
        self._lifecycle.stop()

    def _entry(self, sandbox_id: str) -> Entry:
        entry = self._entries.get(sandbox_id)
        if entry is None:
            raise SandboxGone(UNKNOWN)
        return entry

    def _ready(self, sandbox_id: str) -> Entry:
        """The entry, touched, if it can be used now."""
        entry = self._entry(sandbox_id)
        match entry.state:
            case SandboxState.READY:
                entry.touched_at = self._now()
                return entry
            case SandboxState.QUEUED | SandboxState.STARTING:
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
            self._lose(entry)
            raise SandboxGone(STOPPED) from None

    def _lose(self, entry: Entry) -> None:
        with self._lock:
            if not entry.finish(SandboxState.LOST, STOPPED, now=self._now()):
                return
        log.warning("sandbox %s stopped by itself", entry.claim.id)
        self._lifecycle.remove(entry)

    def _live_of(self, owner: str) -> Entry | None:
        live = (entry for entry in self._entries.values() if entry.claim.owner == owner and entry.state.is_live)
        return next(live, None)

    def _new_entry(self, owner: str, template: Template) -> Entry:
        """A queued entry whose start begins. Raises TooManySandboxes."""
        present = [entry for entry in self._entries.values() if not entry.removed.is_set()]
        if len(present) >= self._limits.most:
            raise TooManySandboxes(
                f"All {self._limits.most} sandboxes are taken. Try again in a minute.", retry_after_s=RETRY_S
            )
        now = self._now()
        claim = Claim(id=self._new_id(), owner=owner, template=template.name, ends_at=now + self._limits.life)
        before = next((entry.removed for entry in present if entry.claim.owner == owner), None)
        return self._begin(claim, template, created_at=now, waits_for=before)

    def _adopt(self, one: reaper.Signed) -> None:
        """Take on a container of an earlier keeper: what it printed tells how far it is."""
        template = self._templates.get(one.claim.template)
        if template is None:
            log.warning(
                "container %s: template %s is unknown now; it ends by itself", one.found.name, one.claim.template
            )
            return
        self._begin(one.claim, template, created_at=one.found.created_at, ref=one.found.ref)

    def _begin(
        self,
        claim: Claim,
        template: Template,
        *,
        created_at: datetime,
        ref: str | None = None,
        waits_for: threading.Event | None = None,
    ) -> Entry:
        entry = Entry(
            claim=claim,
            template=template,
            created_at=created_at,
            progress=fresh_progress(template, now=created_at),
            touched_at=self._now(),
            ref=ref,
            waits_for=waits_for,
        )
        self._entries[claim.id] = entry
        self._lifecycle.start(entry)
        return entry
