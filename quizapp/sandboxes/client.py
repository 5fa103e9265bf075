"""What other rooms may import of sandboxes: the client's Protocol, its results and its errors. Knows no Docker SDK."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from quizapp.sandboxes.client_errors import (
    BadSandboxRequest,
    EngineFault,
    EngineOff,
    ImageMissing,
    NoClearAnswer,
    SandboxdAway,
    SandboxGone,
    SandboxNotReady,
    TemplateOff,
    TerminalGone,
    TooManySandboxes,
    TooManyStarts,
)

# The errors beside what is defined here.
__all__ = [
    "BadSandboxRequest",
    "EngineFault",
    "EngineOff",
    "ImageMissing",
    "NoClearAnswer",
    "SandboxGone",
    "SandboxNotReady",
    "SandboxdAway",
    "TemplateOff",
    "TerminalGone",
    "TooManySandboxes",
    "TooManyStarts",
]  # fmt: skip

END_SOON = timedelta(minutes=1)  # from asking for a sandbox's end to its end: enough to see that one did not mean it


class SandboxState(StrEnum):
    """The state of a sandbox. `Sandbox.reason` holds why it is ENDING, GONE or LOST."""

    QUEUED = "queued"
    """Its start has not begun: it waits for room, or for one of the threads that start sandboxes."""
    STARTING = "starting"
    READY = "ready"
    """It has started and is warm: it has no owner yet."""
    CLAIMED = "claimed"
    """It has started and has an owner, who can use it."""
    ENDING = "ending"
    """Its owner ended it, its time was up, or it was warm and not needed; its container is not removed yet."""
    GONE = "gone"
    """It was ENDING, and its container is removed."""
    LOST = "lost"
    """Its start or its claim failed, or it stopped by itself."""

    @property
    def is_live(self) -> bool:
        """Whether the sandbox can be used now, or can be once its start is over."""
        return self in (SandboxState.QUEUED, SandboxState.STARTING, SandboxState.READY, SandboxState.CLAIMED)


class StepState(StrEnum):
    """The state of one step of a sandbox's start."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a sandbox's start."""

    name: str
    """The word that the sandbox prints when the step begins."""
    title: str
    """What a page shows for the step."""
    state: StepState
    seconds: float | None
    """How long the step took; None until it is done or has failed."""


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """A sandbox at one moment."""

    id: str
    owner: str | None
    """None while the sandbox is warm."""
    template: str
    """The name of its template."""
    state: SandboxState
    steps: tuple[Step, ...]
    """The steps of its start, in their order."""
    created_at: datetime
    """When it was asked for; for one that sandboxd found again after a restart, when its container was created."""
    position: int | None
    """Its place among the queued sandboxes, from 1; None if it is not queued."""
    deadline: datetime | None
    """When its lease ends; None until it is claimed."""
    idle_at: datetime | None
    """When it is ended if its owner does not use it until then; None unless it is claimed."""
    reason: str | None
    """Why it was ended, failed to start or stopped, in a sentence for the learner; None while it is live."""
    ends_soon: bool = False
    """Whether its owner asked for its end, which `deadline` names and `extend` takes back."""


@dataclass(frozen=True, kw_only=True)
class CommandResult:
    """The result of one command."""

    exit_code: int | None
    """128 plus the signal's number if a signal ended the command; None if it was killed at its time limit."""
    output: str
    """Its standard output and standard error, mixed as they came; bytes that are not UTF-8 are replaced."""
    milliseconds: int
    """How long it ran."""
    timed_out: bool
    """Whether it was killed at its time limit."""
    truncated: bool
    """Whether output beyond its limit in bytes was dropped."""


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What one command printed that was typed in a terminal."""

    at: datetime
    """When it began, in whole seconds, as the shell's history has it."""
    output: str
    """As it was printed, with its control sequences; of much output the beginning and the end."""
    exit_code: int | None
    """None while the command runs, and if its shell has ended meanwhile."""
    is_cut: bool
    """Whether output between the beginning and the end was dropped."""


@dataclass(frozen=True, kw_only=True)
class Health:
    """Whether sandboxes can be created, and which capabilities they lack."""

    engine: bool
    """Whether sandboxd and its engine answer."""
    image: bool
    """Whether the engine has the sandbox image and its volume."""
    reason: str | None
    """What is missing and what to do about it, in one sentence; None if nothing is."""
    lacks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By template name, the capabilities that its sandboxes lack; a template that was not probed yet has no entry."""
    version: str = ""
    """What the engine is, such as "Docker 29.1.3"; empty if it does not answer."""


class EndCause(StrEnum):
    """Why a sandbox was ended or lost."""

    ASKED = "asked"
    """Its owner ended it."""
    TIME_UP = "time-up"
    """Its lease was over."""
    UNUSED = "unused"
    """Its page was open and nothing happened on it."""
    LEFT = "left"
    """Its page was closed."""
    NOT_AWAITED = "not-awaited"
    """Its owner left the queue."""
    REPLACED = "replaced"
    """It was warm for long enough, or made room for one that somebody waited for."""
    STOPPED = "stopped"
    """It stopped by itself: its container ended, or the engine lost it."""
    NOT_STARTED = "not-started"
    """Its start failed or took too long."""
    NOT_CLAIMED = "not-claimed"
    """It was warm and could not be given to its owner."""


@dataclass(frozen=True, kw_only=True)
class PhaseTimes:
    """How long one phase of starts took, in seconds, over the last day."""

    name: str
    """The name of the step; `queue` for the wait before it, `start` for all of its steps together."""
    title: str
    """What a page shows for it."""
    count: int
    p50_s: float
    """So long at most for half of them."""
    p95_s: float
    p99_s: float


@dataclass(frozen=True, kw_only=True)
class PoolFigures:
    """How the sandboxes of the last day did, or of the time since sandboxd was started if that is less."""

    since: datetime
    most: int
    """Sandboxes at once."""
    warm: int
    """Those who asked for one and got a warm one."""
    cold: int
    """Those who asked for one and had to wait for its start."""
    refused: int
    """Those who asked and got none: the queue was full, or they had started too many."""
    phases: tuple[PhaseTimes, ...]
    ended: Mapping[EndCause, int]


@dataclass(frozen=True, kw_only=True)
class Resume:
    """Which terminal a caller wants to connect to again."""

    terminal_id: str
    have: int
    """How many bytes of the terminal's output, from its first byte on, the caller has."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Where a connection begins in its terminal's output, whose bytes are numbered from 0."""

    terminal_id: str
    start: int
    """The number of the first byte that this connection receives."""
    seen: int
    """The bytes before this number were acknowledged by a client, which has answered the terminal queries in them."""
    truncated: bool
    """Whether bytes that the caller lacks are no longer kept; `start` differs from `Resume.have` then."""


class Terminal(Protocol):
    """A connection to a shell in a sandbox. One thread may send while another receives.

    A shell that no client is connected to is kept for a minute, then killed. A shell whose client acknowledges none of
    its output is no longer read after some KiB, and blocks without a time limit.
    """

    @property
    def opened(self) -> Opened:
        """Where in the terminal's output this connection began."""
        ...

    @property
    def ended(self) -> str | None:
        """Why the terminal is over, a sentence for the learner; None while it runs, or if the connection was lost."""
        ...

    def ack(self, seen: int) -> None:
        """Report that the bytes before number `seen` are shown. The shell is read only some KiB further than that."""
        ...

    def send(self, data: bytes) -> None:
        """Send `data` to the shell as typed. Does nothing once the terminal is over."""
        ...

    def resize(self, rows: int, columns: int) -> None:
        """Set the size of the shell's window, in characters. Does nothing once the terminal is over."""
        ...

    def receive(self) -> bytes | None:
        """Wait for the next output; None once the terminal is over, was left, or its connection is lost."""
        ...

    def leave(self) -> None:
        """End this connection; the shell is kept for a while, so that a client can resume it. Safe to call twice."""
        ...

    def close(self) -> None:
        """Kill the shell with every process on its terminal, and end this connection. Safe to call twice."""
        ...


class SandboxClient(Protocol):
    """Gives out and uses sandboxes. Every method but `health` may raise SandboxdAway, EngineOff and EngineFault."""

    def ask(self, *, owner: str, template: str = "userns") -> Sandbox:
        """The owner's live sandbox, else a warm one claimed for the owner, else a new one; does not wait for its start.

        A new one starts in the background, or waits in the queue until there is room. Raises TooManySandboxes,
        TooManyStarts, ImageMissing; TemplateOff for a template that this installation does not offer, and
        BadSandboxRequest for a template that does not exist or an owner that is empty or too long.
        """
        ...

    def get(self, sandbox_id: str) -> Sandbox:
        """The sandbox as it is now; an ended one stays known for some minutes.

        Raises SandboxGone if it is unknown, and EngineOff for one that ran when its engine fell silent some time ago.
        """
        ...

    def run(
        self, sandbox_id: str, commands: Sequence[str], *, learner: bool = False, each_s: float, output_bytes: int
    ) -> tuple[CommandResult, ...]:
        """Run all shell commands, whether or not others fail; one result for each, in the order of `commands`.

        They run outside the learner's files, so that the learner cannot replace the programs they call, and up to four
        at once. With `learner` they run where the learner's own shell does, one after the other. `each_s` limits each
        command's seconds, `output_bytes` its kept output. Raises SandboxGone, SandboxNotReady, NoClearAnswer, and
        BadSandboxRequest for commands or limits that the probe does not take.
        """
        ...

    def printed(self, sandbox_id: str) -> Sequence[Printed]:
        """What the newest commands printed that were typed in terminals, in the order in which they began.

        sandboxd forgets it when it is started again. Raises SandboxGone, SandboxNotReady.
        """
        ...

    def extend(self, sandbox_id: str) -> Sandbox:
        """Lengthen the lease by one extension, at most to the end of the sandbox's life; or take an `end_soon` back.

        Raises SandboxGone, SandboxNotReady.
        """
        ...

    def end_soon(self, sandbox_id: str) -> Sandbox:
        """Let the lease end in END_SOON, unless it ends earlier; until then `extend` gives back the lease as it was.

        Raises SandboxGone, SandboxNotReady.
        """
        ...

    def end(self, sandbox_id: str) -> None:
        """Begin to end the sandbox and return without waiting. Does nothing if it is unknown or has ended."""
        ...

    def list(self) -> tuple[Sandbox, ...]:
        """Every sandbox that is not removed yet, oldest first."""
        ...

    def health(self) -> Health:
        """Whether sandboxes can be created. Raises nothing."""
        ...

    def figures(self) -> PoolFigures:
        """How the sandboxes of the last day did."""
        ...

    def metrics(self) -> bytes:
        """What is counted since sandboxd was started, in the text format of Prometheus (0.0.4)."""
        ...

    def terminal(self, sandbox_id: str, *, rows: int, columns: int, resume: Resume | None = None) -> Terminal:
        """Open a shell, or connect to the kept shell of `resume`; any other connection to that shell ends.

        Raises SandboxGone, SandboxNotReady; TerminalGone if this sandbox has no shell with that id.
        """
        ...

    def onlooker(self, sandbox_id: str) -> Terminal:
        """What is shown in the sandbox's terminals, of whichever was typed into last, for one who only looks on.

        It takes nothing: `send`, `resize` and `ack` do nothing, and `close` is `leave`. Its output begins with what is
        kept of the terminal's, and before it, and wherever the terminal is another one or bytes were missed, come a
        reset and the size of the window as escape sequences (`ESC c`, `CSI 8 ; rows ; columns t`). However slowly it is
        received, no shell waits for it. It ends when no shell runs. Raises SandboxGone, SandboxNotReady; TerminalGone
        if none runs.
        """
        ...
