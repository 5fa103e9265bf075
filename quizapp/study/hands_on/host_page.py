"""A run's host as a page draws it: in words, steps and seconds. Knows no run and asks no sandbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.labs.hosts.run_host import Host, HostState
from quizapp.sandboxes.client import Sandbox, SandboxState, Step, StepState

SOON_S = 180  # enough to finish a command and press Extend
LAST_S = 60  # when it is said aloud


@dataclass(frozen=True, kw_only=True)
class StepView:
    """One step of a start, for the macro `start_steps`."""

    state: str
    text: str
    detail: str | None
    seconds: float | None


@dataclass(frozen=True, kw_only=True)
class HostPage:
    """A host at one moment. `says` is one sentence for it all; `seconds_left` is None while no lease runs."""

    state: HostState
    says: str
    steps: Sequence[StepView]
    seconds_left: int | None

    @property
    def ends_soon(self) -> bool:
        """Whether it is time to warn that the lease runs out."""
        return self.seconds_left is not None and self.seconds_left <= SOON_S


def host_page(host: Host, *, now: datetime) -> HostPage:
    """The host as a page draws it."""
    sandbox = host.sandbox
    deadline = sandbox.deadline if sandbox else None
    return HostPage(
        state=host.state,
        says=_last_minute(host, now=now) or _says(host),
        steps=tuple(_step_view(step) for step in sandbox.steps) if sandbox else (),
        seconds_left=None if deadline is None else max(0, round((deadline - now).total_seconds())),
    )


def _last_minute(host: Host, *, now: datetime) -> str | None:
    """The warning of the last minute; None while there is more time."""
    sandbox = host.sandbox
    if host.state is not HostState.READY or sandbox is None:
        return None
    last = timedelta(seconds=LAST_S)
    if sandbox.deadline is not None and sandbox.deadline - now <= last:
        return "Your host ends within a minute. Press Extend to go on."
    if sandbox.idle_at is not None and sandbox.idle_at - now <= last:
        return "Nothing has happened here for a while: your host ends within a minute. Type something, or press Extend."
    return None


def _says(host: Host) -> str:
    match host.state:
        case HostState.NONE:
            return "Not started"
        case HostState.STARTING:
            return start_says(host.sandbox) if host.sandbox else "Starting"
        case HostState.UP:
            return "Setting up the lab"
        case HostState.READY:
            return "Ready: type in the terminal."
        case HostState.UNFIT | HostState.LOST | HostState.AWAY:
            return host.reason


def start_says(sandbox: Sandbox) -> str:
    """How far a start has come."""
    if sandbox.state is SandboxState.QUEUED:
        return f"Waiting for its turn: number {sandbox.position} in the queue"
    running = [step for step in sandbox.steps if step.state is StepState.RUNNING]
    return f"Starting: {running[0].title}" if running else "Starting"


def _step_view(step: Step) -> StepView:
    return StepView(state=step.state.value, text=step.title, detail=None, seconds=step.seconds)
