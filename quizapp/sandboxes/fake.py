"""A SandboxClient in memory, for tests of its callers. It passes the client's contract tests and runs no command.

A test sets the result of each command (`answers`), an error for every call (`fault`), the capabilities that
`health` reports as missing (`lacks`), and how many calls of `get` a start takes (`polls_to_ready`).
"""

import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import (
    END_SOON,
    BadSandboxRequest,
    CommandResult,
    Health,
    PoolFigures,
    Printed,
    Resume,
    Sandbox,
    SandboxGone,
    SandboxNotReady,
    SandboxState,
    Terminal,
    TooManySandboxes,
)
from quizapp.sandboxes.pool import progress
from quizapp.sandboxes.pool.template_choice import chosen
from quizapp.sandboxes.recipe.template import TEMPLATES
from quizapp.sandboxes.terminals.kept_shells import Shells
from quizapp.sandboxes.terminals.onlooker import Onlooker

STEPS = (("create", "A container for it"), ("engine", "Docker Engine"))
LEASE = timedelta(minutes=30)
IDLE = timedelta(minutes=20)
EXTENSION = timedelta(minutes=15)
DONE = CommandResult(exit_code=0, output="", milliseconds=1, timed_out=False, truncated=False)


class EchoShell:
    """A Shell whose output is its input. It ends once it was sent `exit` and a carriage return."""

    def __init__(self) -> None:
        self._output: queue.Queue[bytes | None] = queue.Queue()
        self._typed = b""

    def answers(self) -> bool:
        """See Prestarted.answers."""
        return self._output.empty()

    def send(self, data: bytes, *, wait_s: float) -> bytes:
        """See Shell.send. Takes all of `data` at once."""
        self._typed += data
        self._output.put(data)
        if self._typed.endswith(b"exit\r"):
            self.close()
        return b""

    def resize(self, rows: int, columns: int) -> None:
        """See Shell.resize. Does nothing."""

    def receive(self) -> bytes | None:
        """See Shell.receive."""
        return self._output.get()

    def close(self) -> None:
        """See Shell.close."""
        self._output.put(None)


class FakeSandboxClient:
    """See SandboxClient. `ran` holds every command that was given to `run`, in order."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        most: int = 12,
        queue: int = 50,
        polls_to_ready: int = 1,
        offered: Sequence[str] = tuple(TEMPLATES),
    ) -> None:
        self._now = now
        self._offered = offered
        self._most = most
        self._queue = queue
        self._polls_to_ready = polls_to_ready
        self._polls: dict[str, int] = {}
        self._sandboxes: dict[str, Sandbox] = {}
        self._shells: defaultdict[str, Shells] = defaultdict(Shells)
        self._echoes: defaultdict[str, list[EchoShell]] = defaultdict(list)
        self._lock = threading.Lock()
        self.answers: Mapping[str, CommandResult] = {}
        self.fault: QuizappError | None = None
        self.lacks: Mapping[str, tuple[str, ...]] = {}
        self.ran: list[str] = []
        self._put_off: dict[str, datetime] = {}

    def ask(self, *, owner: str, template: str = "userns") -> Sandbox:
        """See SandboxClient.ask."""
        self._fail_if_told()
        if not owner:
            raise BadSandboxRequest("An owner has at least one character; send another.")
        kind = chosen(template, self._offered)
        with self._lock:
            live = [sandbox for sandbox in self._sandboxes.values() if sandbox.state.is_live]
            for sandbox in live:
                if sandbox.owner == owner:
                    return sandbox
            if len(live) >= self._most + self._queue:
                raise TooManySandboxes("All sandboxes are taken. Try again in a minute.", retry_after_s=60)
            self._keep(self._new(owner, kind))
            self._admit()
            return next(reversed(self._sandboxes.values()))

    def get(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.get. A start is over after `polls_to_ready` calls."""
        self._fail_if_told()
        with self._lock:
            sandbox = self._known(sandbox_id)
            if sandbox.state is SandboxState.STARTING:
                self._polls[sandbox_id] = self._polls.get(sandbox_id, 0) + 1
                if self._polls[sandbox_id] >= self._polls_to_ready:
                    return self._keep(self._ready(sandbox))
            return sandbox

    def run(
        self, sandbox_id: str, commands: Sequence[str], *, learner: bool = False, each_s: float, output_bytes: int
    ) -> tuple[CommandResult, ...]:
        """See SandboxClient.run. A command that `answers` lacks prints nothing and exits with 0."""
        self._fail_if_told()
        with self._lock:
            self._usable(sandbox_id)
        self.ran.extend(commands)
        return tuple(_cut(self.answers.get(command, DONE), output_bytes) for command in commands)

    def printed(self, sandbox_id: str) -> Sequence[Printed]:
        """See SandboxClient.printed. An EchoShell marks its commands if the marks are typed."""
        self._fail_if_told()
        with self._lock:
            self._usable(sandbox_id)
            return self._shells[sandbox_id].printed()

    def extend(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.extend."""
        self._fail_if_told()
        with self._lock:
            sandbox = self._usable(sandbox_id)
            usual = self._put_off.pop(sandbox_id, None) or (sandbox.deadline or self._now()) + EXTENSION
            return self._keep(replace(sandbox, deadline=usual, ends_soon=False))

    def end_soon(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.end_soon. Nothing ends it then but `end`."""
        self._fail_if_told()
        with self._lock:
            sandbox = self._usable(sandbox_id)
            soon = self._now() + END_SOON
            usual = self._put_off.setdefault(sandbox_id, sandbox.deadline or soon)
            return self._keep(replace(sandbox, deadline=min(soon, usual), ends_soon=True))

    def end(self, sandbox_id: str) -> None:
        """See SandboxClient.end."""
        self._fail_if_told()
        self._finish(sandbox_id, SandboxState.GONE, "You ended it.")

    def die(self, sandbox_id: str) -> None:
        """Make the sandbox LOST, as if its container had stopped by itself."""
        self._finish(sandbox_id, SandboxState.LOST, "It stopped by itself. Start a new one.")

    def list(self) -> tuple[Sandbox, ...]:
        """See SandboxClient.list."""
        self._fail_if_told()
        with self._lock:
            return tuple(sandbox for sandbox in self._sandboxes.values() if sandbox.state.is_live)

    def figures(self) -> PoolFigures:
        """See SandboxClient.figures. Nothing has been measured."""
        self._fail_if_told()
        since = self._now()
        return PoolFigures(since=since, most=self._most, warm=0, cold=0, refused=0, phases=(), ended={})

    def metrics(self) -> bytes:
        """See SandboxClient.metrics. There are none."""
        self._fail_if_told()
        return b""

    def health(self) -> Health:
        """See SandboxClient.health."""
        if self.fault is not None:
            return Health(engine=False, image=False, reason=str(self.fault))
        return Health(engine=True, image=True, reason=None, lacks=self.lacks, version="Docker 29.1.3")

    def terminal(self, sandbox_id: str, *, rows: int, columns: int, resume: Resume | None = None) -> Terminal:
        """See SandboxClient.terminal. The shells are EchoShells, kept by the real `Shells`."""
        self._fail_if_told()
        with self._lock:
            self._usable(sandbox_id)
            shells = self._shells[sandbox_id]
        if resume is not None:
            return shells.resume(resume, rows=rows, columns=columns)

        def shell() -> EchoShell:
            self._echoes[sandbox_id].append(EchoShell())
            return self._echoes[sandbox_id][-1]

        return shells.open(
            shell,
            typed=lambda: None,
            why_ended=partial(self._why_shell_ended, sandbox_id),
            size=(rows, columns),
        )

    def _why_shell_ended(self, sandbox_id: str) -> str:
        """A shell may end after its sandbox is forgotten, as with the real pool."""
        sandbox = self._sandboxes.get(sandbox_id)
        return (sandbox.reason if sandbox is not None else None) or "The shell has ended."

    def onlooker(self, sandbox_id: str) -> Terminal:
        """See SandboxClient.onlooker."""
        self._fail_if_told()
        with self._lock:
            self._usable(sandbox_id)
            return Onlooker(self._shells[sandbox_id].last_used)

    def forget_terminals(self) -> None:
        """Drop all terminals, as sandboxd does when it is killed and started again."""
        with self._lock:
            self._shells.clear()

    def _fail_if_told(self) -> None:
        if self.fault is not None:
            raise self.fault

    def _new(self, owner: str, template: str) -> Sandbox:
        now = self._now()
        return Sandbox(
            id=uuid4().hex,
            owner=owner,
            template=template,
            state=SandboxState.QUEUED,
            steps=progress.planned(STEPS, now=now).steps,
            created_at=now,
            position=None,
            deadline=None,
            idle_at=None,
            reason=None,
        )

    def _ready(self, sandbox: Sandbox) -> Sandbox:
        now = self._now()
        over = progress.advance(progress.planned(STEPS, now=now), "@ready", at=now)
        return replace(sandbox, state=SandboxState.CLAIMED, steps=over.steps, deadline=now + LEASE, idle_at=now + IDLE)

    def _admit(self) -> None:
        """Make queued sandboxes STARTING while there is room, and number the others from 1."""
        live = [sandbox for sandbox in self._sandboxes.values() if sandbox.state.is_live]
        room = self._most - sum(sandbox.state is not SandboxState.QUEUED for sandbox in live)
        waiting = [sandbox for sandbox in live if sandbox.state is SandboxState.QUEUED]
        for sandbox in waiting[:room]:
            self._keep(replace(sandbox, state=SandboxState.STARTING, position=None))
        for position, sandbox in enumerate(waiting[room:], start=1):
            self._keep(replace(sandbox, position=position))

    def _keep(self, sandbox: Sandbox) -> Sandbox:
        self._sandboxes[sandbox.id] = sandbox
        return sandbox

    def _known(self, sandbox_id: str) -> Sandbox:
        if sandbox_id not in self._sandboxes:
            raise SandboxGone("There is no such sandbox any more. Start a new one.")
        return self._sandboxes[sandbox_id]

    def _usable(self, sandbox_id: str) -> Sandbox:
        sandbox = self._known(sandbox_id)
        if sandbox.state in (SandboxState.QUEUED, SandboxState.STARTING):
            raise SandboxNotReady("The sandbox is still starting. Try again when it is ready.")
        if not sandbox.state.is_live:
            raise SandboxGone(sandbox.reason or "It has ended.")
        return sandbox

    def _finish(self, sandbox_id: str, state: SandboxState, reason: str) -> None:
        with self._lock:
            sandbox = self._sandboxes.get(sandbox_id)
            if sandbox is not None and sandbox.state.is_live:
                self._keep(replace(sandbox, state=state, reason=reason, position=None, idle_at=None))
                self._admit()
        for shell in self._echoes[sandbox_id]:
            shell.close()


def _cut(result: CommandResult, output_bytes: int) -> CommandResult:
    kept = result.output.encode()[:output_bytes].decode(errors="replace")
    return replace(result, output=kept, truncated=result.truncated or kept != result.output)
