"""What the product may know of sandboxes: the client's Protocol, its results and its errors. Knows no Docker.

Every error defined here travels from sandboxd to web as it is (`remote.wire`), so what a client may meet belongs here.
It is made of a message, and of `retry_after_s` where trying again may help.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from quizapp.errors import Conflict, Invalid, NotFound, TooMany, Unavailable


class SandboxState(StrEnum):
    """Where a sandbox is in its life. READY is a warm one, which waits for an owner; CLAIMED is at its owner's hand.

    GONE ended as meant, LOST did not: `Sandbox.reason` says why in both.
    """

    QUEUED = "queued"
    STARTING = "starting"
    READY = "ready"
    CLAIMED = "claimed"
    ENDING = "ending"
    GONE = "gone"
    LOST = "lost"

    @property
    def is_live(self) -> bool:
        """Whether it can be used, now or once it has started."""
        return self in (SandboxState.QUEUED, SandboxState.STARTING, SandboxState.READY, SandboxState.CLAIMED)


class StepState(StrEnum):
    """How far one step of a start has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a start, in the order shown. `seconds` is how long it took, None until it is over."""

    name: str
    title: str
    state: StepState
    seconds: float | None


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """A sandbox at one moment. `owner` is None while it is warm. `position` is its place in the queue, from 1.

    `deadline` is when its lease ends, `idle_at` when it ends if nobody uses it until then; None before it is claimed.
    """

    id: str
    owner: str | None
    template: str
    state: SandboxState
    steps: tuple[Step, ...]
    created_at: datetime
    position: int | None
    deadline: datetime | None
    idle_at: datetime | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class CommandResult:
    """What one command did. `exit_code` is None if its time was up; `output` is stdout and stderr mixed."""

    exit_code: int | None
    output: str
    milliseconds: int
    timed_out: bool
    truncated: bool


@dataclass(frozen=True, kw_only=True)
class Health:
    """Whether sandboxes can be had. `reason` says what to do about it when they cannot.

    `lacks` has, by a template's name, what its sandboxes cannot do here, as far as that has been found out.
    """

    engine: bool
    image: bool
    reason: str | None
    lacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class EngineOff(Unavailable):
    """No Docker Engine answers."""

    title = "Hands-on questions are off"


class EngineFault(Unavailable):
    """The Docker Engine answers, and refuses for a reason of its own."""

    title = "The Docker Engine had a fault"


class SandboxdAway(Unavailable):
    """The sandbox service does not answer, or not in a way that can be understood."""

    title = "The sandbox service is away"


class ImageMissing(Unavailable):
    """The engine answers and the sandbox image has not been built on it."""

    title = "Hands-on questions are not set up"


class TemplateOff(Unavailable):
    """This installation does not offer the kind of sandbox that was asked for."""

    title = "This lab needs another kind of host"


class TooManySandboxes(Unavailable):
    """As many sandboxes are alive as this host may hold, and as many owners wait for one as may wait."""

    title = "All sandboxes are taken"


class TooManyStarts(TooMany):
    """This owner has started as many sandboxes within an hour as one may."""

    title = "That was many hosts in one hour"


class SandboxGone(NotFound):
    """There is no such sandbox, or it has ended."""

    title = "This sandbox is gone"


class SandboxNotReady(Conflict):
    """The sandbox is alive and cannot be used for this yet, or no further."""

    title = "Not yet"


class NoClearAnswer(Unavailable):
    """The sandbox answered a check with something that proves nothing: could-not-check, never a fail."""

    title = "Could not check"


class BadSandboxRequest(Invalid):
    """The caller asked for something that no sandbox can do."""


class TerminalGone(NotFound):
    """This sandbox has no such terminal, or not any more."""

    title = "This terminal is gone"


@dataclass(frozen=True, kw_only=True)
class Resume:
    """A terminal to go on with, and how many bytes of its output, from the first one on, the caller has."""

    terminal_id: str
    have: int


@dataclass(frozen=True, kw_only=True)
class Opened:
    """How a connection to a terminal begins. All bytes of a terminal's output are numbered, from 0.

    `start` is the number of the next byte that is received. If that is `truncated`, bytes that the caller lacks are
    gone. Those before `seen` were acknowledged by a client before, which has answered what they may ask.
    """

    terminal_id: str
    start: int
    seen: int
    truncated: bool


class Terminal(Protocol):
    """A connection to a shell in a sandbox. One thread may send while another receives.

    The shell waits for a while when everybody has left it, and for ever while nothing of its output is acknowledged.
    """

    @property
    def opened(self) -> Opened:
        """How this connection began."""
        ...

    @property
    def ended(self) -> str | None:
        """Why it is over, in a sentence for the learner; None while it runs, and when the connection was lost."""
        ...

    def ack(self, seen: int) -> None:
        """Say that the bytes before this number have been shown. What runs ahead of that too far has to wait."""
        ...

    def send(self, data: bytes) -> None:
        """Type `data`. Once the terminal is over this does nothing."""
        ...

    def resize(self, rows: int, columns: int) -> None:
        """Tell the shell how large its window is. Once the terminal is over this does nothing."""
        ...

    def receive(self) -> bytes | None:
        """Wait for the next output; None once the terminal is over, left, or its connection lost."""
        ...

    def leave(self) -> None:
        """End this connection; the shell waits for somebody to resume it. Safe to call twice."""
        ...

    def close(self) -> None:
        """End the shell and all that runs on its terminal, and this connection. Safe to call twice."""
        ...


class SandboxClient(Protocol):
    """The way to sandboxes. Every method may raise SandboxdAway, and EngineOff where it needs the engine."""

    def ask(self, *, owner: str, template: str = "userns") -> Sandbox:
        """The owner's live sandbox, a warm one that is the owner's from now on, or a new one; never waits for a start.

        A new one starts in the background, or waits in the queue until there is room. Raises TooManySandboxes,
        TooManyStarts, ImageMissing; TemplateOff for a template that is not offered here, BadSandboxRequest for one
        that there is not.
        """
        ...

    def get(self, sandbox_id: str) -> Sandbox:
        """The sandbox as it is now; an ended one can be seen for some minutes. Raises SandboxGone if it is unknown."""
        ...

    def run(
        self, sandbox_id: str, commands: Sequence[str], *, learner: bool = False, each_s: float, output_bytes: int
    ) -> tuple[CommandResult, ...]:
        """Run shell commands one after the other and report on each, whatever the one before did.

        They run outside the learner's files, so that the learner cannot replace what they call; `learner` runs them
        where the learner's own shell is. `each_s` limits each command's seconds, `output_bytes` its kept output.
        Raises SandboxGone, SandboxNotReady, NoClearAnswer.
        """
        ...

    def extend(self, sandbox_id: str) -> Sandbox:
        """Lengthen the lease by one extension, up to its longest life. Raises SandboxGone, SandboxNotReady."""
        ...

    def end(self, sandbox_id: str) -> None:
        """Begin to end it and return at once. An unknown or ended one is fine."""
        ...

    def list(self) -> tuple[Sandbox, ...]:
        """Every sandbox that has not ended, oldest first."""
        ...

    def health(self) -> Health:
        """Whether sandboxes can be had. Raises nothing."""
        ...

    def terminal(self, sandbox_id: str, *, rows: int, columns: int, resume: Resume | None = None) -> Terminal:
        """Open a shell, or go on with one, which takes it from whoever is connected to it.

        Raises SandboxGone, SandboxNotReady; TerminalGone if there is no such shell in this sandbox to resume.
        """
        ...
