"""Keeps the sandboxes: one live one per owner, so many at once, each for its time. Knows no HTTP and no Docker SDK.

What it remembers is a view of the engine's list, which is the truth: killed at any moment, it finds its sandboxes
again. Only their leases are forgotten; each found sandbox gets a new one, up to the end that its container has itself.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from math import ceil
from typing import assert_never

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from quizapp.errors import QuizappError
from quizapp.sandboxes import probe, reaper
from quizapp.sandboxes.choice import chosen
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
    TooManySandboxes,
    TooManyStarts,
)
from quizapp.sandboxes.engine import Engine, NameTaken, NoContainer, Shell
from quizapp.sandboxes.entry import Entry, Limits
from quizapp.sandboxes.labels import Claim, Signer
from quizapp.sandboxes.lifecycle import Lifecycle, fresh_progress
from quizapp.sandboxes.metrics import Metrics
from quizapp.sandboxes.roster import UNKNOWN, Roster
from quizapp.sandboxes.template import SHELL, Template

log = logging.getLogger(__name__)

OWNER_CHARS = 100  # a UUID is 36
RETRY_S = 60  # when all are taken: long enough for somebody to finish, short enough to stay at the desk

STOPPED = "It stopped by itself. Start a new one."
ASKED = "You ended it."
SPARED = "It made room for one that somebody waits for."
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
    ) -> None:
        self._engine = engine
        self._signer = signer
        self._templates = {template.name: template for template in templates}
        self._limits = limits
        self._now = now
        self._new_id = new_id
        self._lock = threading.Lock()
        self._roster = Roster(limits)
        self._found_once = threading.Event()
        self._rate = MovingWindowRateLimiter(MemoryStorage())
        self._starts_an_hour = RateLimitItemPerHour(limits.starts_an_hour)
        self._lifecycle = Lifecycle(engine, signer, limits, lock=self._lock, now=now, on_removed=self._admit)
        self.metrics = Metrics(self.list)

    def ask(self, *, owner: str, template: str = "userns") -> Sandbox:
        """See SandboxClient.ask. Raises BadSandboxRequest for an owner or a template that cannot be."""
        if not owner.strip() or len(owner) > OWNER_CHARS:
            raise BadSandboxRequest(f"An owner has 1 to {OWNER_CHARS} characters; send another.")
        template = chosen(template, tuple(self._templates))
        if not self._found_once.is_set():
            self.reconcile()  # or a sandbox from before a restart would be overlooked
        with self._lock:
            entry = self._roster.live_of(owner)
            if entry is not None:
                entry.see(now=self._now())
                return self._roster.view(entry)
        self._engine.require()
        claimed = self._claim_warm(owner, self._templates[template])
        with self._lock:
            entry = claimed or self._roster.live_of(owner) or self._queue_up(owner, self._templates[template])
        self._admit()
        with self._lock:
            return self._roster.view(entry)

    def get(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.get."""
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
        with self._lock:
            if sandbox_id not in self._roster.ids:
                return
            entry = self._roster.get(sandbox_id)
        self._end(entry, ASKED)

    def run(
        self, sandbox_id: str, commands: Sequence[str], *, learner: bool = False, each_s: float, output_bytes: int
    ) -> tuple[CommandResult, ...]:
        """See SandboxClient.run. Raises BadSandboxRequest for what the probe cannot run."""
        probe.check_request(commands, each_s=each_s, output_bytes=output_bytes)
        with self._lock:
            entry = self._claimed(sandbox_id)
        with self._using(entry) as ref:
            answer = self._engine.exec(
                ref,
                probe.command(learner=learner, each_s=each_s, output_bytes=output_bytes),
                stdin=probe.encode(commands),
                give_up_s=probe.longest_wait_s(len(commands), each_s=each_s),
                most_bytes=probe.longest_answer(len(commands), output_bytes=output_bytes),
            )
        return probe.decode(answer, count=len(commands))

    def terminal(self, sandbox_id: str, *, rows: int, columns: int, resume: Resume | None = None) -> Terminal:
        """See SandboxClient.terminal."""
        with self._lock:
            entry = self._claimed(sandbox_id)
        if resume is not None:
            return entry.shells.resume(resume, rows=rows, columns=columns)

        def shell() -> Shell:
            self._end_stale_shells(entry)
            with self._using(entry) as ref:
                return self._engine.shell(ref, (SHELL,), rows=rows, columns=columns)

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
        return self._engine.health()

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
                self._end(entry, reason)
        self.reconcile()
        self._admit()
        self._keep_warm()
        with self._lock:
            claimed = self._roster.in_state(SandboxState.CLAIMED)
        for entry in claimed:
            with suppress(QuizappError):  # it is tried again, here or by who opens a terminal
                self._end_stale_shells(entry)

    def reconcile(self) -> None:
        """Take on signed containers that it does not know, remove ended ones, and notice which of its own are lost."""
        with self._lock:
            ready = {entry.claim.id for entry in self._roster.in_state(SandboxState.READY, SandboxState.CLAIMED)}
        signed = reaper.signed_in(self._engine, self._signer)
        with self._lock:
            plan = reaper.plan(signed, known=self._roster.ids, ready=ready, now=self._now())
            for one in plan.adopt:
                self._adopt(one)
            lost = [self._roster.get(sandbox_id) for sandbox_id in plan.lost]
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
            self._lose(entry)
            raise SandboxGone(STOPPED) from None

    def _end_stale_shells(self, entry: Entry) -> None:
        """End the shells of the keeper before, once, and before there are new ones."""
        with entry.cleaning:
            if entry.has_stale_shells:
                with self._using(entry) as ref:
                    self._engine.end_shells(ref)
                entry.has_stale_shells = False

    def _lose(self, entry: Entry) -> None:
        with self._lock:
            if not entry.finish(SandboxState.LOST, STOPPED, now=self._now()):
                return
        self._lifecycle.remove(entry)

    def _end(self, entry: Entry, reason: str) -> None:
        with self._lock:
            if not entry.finish(SandboxState.ENDING, reason, now=self._now()):
                return
        self._lifecycle.remove(entry)

    def _claim_warm(self, owner: str, template: Template) -> Entry | None:
        """A warm sandbox that is this owner's from now on; None if there is none, or an old one is in its way.

        The engine gives out a name once, so a sandbox has one owner and an owner one sandbox whoever asks at once.
        """
        while True:
            with self._lock:
                entry = self._roster.ready_for(template)
                if entry is None or self._roster.live_of(owner) or self._roster.leaving_of(owner):
                    return None
                self._count_start(owner)
                entry.become_owned(owner, self._limits.lease, now=self._now())
            try:
                self._engine.rename(entry.ref or "", self._signer.name(owner))
            except (NoContainer, NameTaken) as error:
                log.warning("sandbox %s could not be claimed: %s", entry.claim.id, error)
                self._lose(entry)
                continue
            self._lifecycle.renew(entry)
            return entry

    def _queue_up(self, owner: str, template: Template) -> Entry:
        """A queued entry, the last of all. Raises TooManySandboxes, TooManyStarts."""
        if self._roster.room() <= 0 and len(self._roster.waiting()) >= self._limits.queue:
            raise TooManySandboxes(
                f"All {self._limits.most} sandboxes are taken, and {self._limits.queue} people wait for one. "
                "Try again in a minute.",
                retry_after_s=RETRY_S,
            )
        before = self._roster.leaving_of(owner)
        self._count_start(owner)
        return self._new_entry(owner, template, waits_for=before)

    def _count_start(self, owner: str) -> None:
        """Raises TooManyStarts if this is one too many within an hour."""
        if self._rate.hit(self._starts_an_hour, owner):
            return
        free_at = self._rate.get_window_stats(self._starts_an_hour, owner).reset_time
        wait_s = max(1, ceil(free_at - time.time()))
        raise TooManyStarts(
            f"You have started {self._limits.starts_an_hour} hosts within an hour, which is the most. "
            f"The next one can start in {ceil(wait_s / 60)} min.",
            retry_after_s=wait_s,
        )

    def _admit(self) -> None:
        """Start those who wait, first come first, as far as there is room; warm ones make room for them."""
        spare: Entry | None = None
        with self._lock:
            for entry in self._roster.waiting()[: max(0, self._roster.room())]:
                entry.admitted = True
                self._lifecycle.start(entry)
            if self._roster.waiting():
                spare = self._roster.spare()
        if spare is not None:
            self._end(spare, SPARED)

    def _keep_warm(self) -> None:
        """Begin to start a warm sandbox if one is wanting."""
        with self._lock:
            if not self._roster.wants_warm(now=self._now()):
                return
            self._new_entry(None, next(iter(self._templates.values())), waits_for=None)
        self._admit()

    def _new_entry(self, owner: str | None, template: Template, *, waits_for: threading.Event | None) -> Entry:
        now = self._now()
        claim = Claim(id=self._new_id(), owner=owner, template=template.name, ends_at=now + self._limits.life)
        return self._add(claim, template, created_at=now, waits_for=waits_for)

    def _adopt(self, one: reaper.Signed) -> None:
        """Take on a container of an earlier keeper: what it printed tells how far it is."""
        template = self._templates.get(one.claim.template)
        if template is None:
            log.warning(
                "container %s: template %s is unknown now; it ends by itself", one.found.name, one.claim.template
            )
            return
        entry = self._add(one.claim, template, created_at=one.found.created_at)
        entry.ref = one.found.ref
        entry.has_stale_shells = True
        entry.admitted = True
        self._lifecycle.start(entry)

    def _add(
        self, claim: Claim, template: Template, *, created_at: datetime, waits_for: threading.Event | None = None
    ) -> Entry:
        now = self._now()
        entry = Entry(
            claim=claim,
            template=template,
            created_at=created_at,
            progress=fresh_progress(template, now=created_at),
            seen_at=now,
            used_at=now,
            on_change=self._changed,
            waits_for=waits_for,
        )
        self._roster.add(entry)
        log.info("sandbox %s: queued", claim.id)
        return entry

    def _changed(self, entry: Entry, before: SandboxState) -> None:
        """Log and count a change of state."""
        why = f": {entry.reason}" if entry.reason else ""
        log.info("sandbox %s: %s -> %s%s", entry.claim.id, before.value, entry.state.value, why)
        self.metrics.count(before, entry.state, start_s=entry.progress.total_s)
        if entry.state is SandboxState.READY:
            self._lifecycle.later(self._keep_warm)
