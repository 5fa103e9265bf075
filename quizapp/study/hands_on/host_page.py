"""A run's host as data for its page: a sentence, steps and seconds. Knows no run and asks no sandbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.labs.hosts.run_host import Host, HostState
from quizapp.sandboxes.client import Sandbox, SandboxState, Step, StepState

SOON_S = 180  # when the page begins to warn: enough time to finish a command and press Extend
LAST_S = 60  # when the page's sentence, which screen readers read out, becomes the warning


@dataclass(frozen=True, kw_only=True)
class StepView:
    """One step of a sandbox's start, for the macro `start_steps`."""

    state: str
    """A value of StepState."""
    text: str
    detail: str | None
    seconds: float | None
    """How long the step took; None until it has ended."""


@dataclass(frozen=True, kw_only=True)
class HostPage:
    """A host at one moment."""

    state: HostState
    says: str
    """A sentence for the whole state, such as how far the start is or why there is no host."""
    steps: Sequence[StepView]
    """The steps of the sandbox's start; empty without a sandbox."""
    seconds_left: int | None
    """Until the lease ends; None while no lease runs."""
    was_ended: bool = False
    """Whether the learner ended it, which can be taken back until the lease ends."""

    @property
    def ends_soon(self) -> bool:
        """Whether the lease ends within SOON_S."""
        return self.seconds_left is not None and self.seconds_left <= SOON_S


def host_page(host: Host, *, now: datetime) -> HostPage:
    """The page's data for a host."""
    sandbox = host.sandbox
    deadline = sandbox.deadline if sandbox else None
    return HostPage(
        state=host.state,
        says=_last_minute(host, now=now) or _says(host),
        steps=tuple(_step_view(step) for step in sandbox.steps) if sandbox else (),
        was_ended=sandbox is not None and sandbox.ends_soon,
        seconds_left=None if deadline is None else max(0, round((deadline - now).total_seconds())),
    )


def _last_minute(host: Host, *, now: datetime) -> str | None:
    """The warning that the host ends within LAST_S; None if it has more time or is not ready."""
    sandbox = host.sandbox
    if host.state is not HostState.READY or sandbox is None:
        return None
    if sandbox.ends_soon:
        return "You ended your host: it goes within a minute. Press Keep it if you did not mean to."
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
    """How far a sandbox's start is, in words: its place in the queue, or the step that runs."""
    if sandbox.state is SandboxState.QUEUED:
        return f"Waiting for its turn: number {sandbox.position} in the queue"
    running = [step for step in sandbox.steps if step.state is StepState.RUNNING]
    return f"Starting: {running[0].title}" if running else "Starting"


def _step_view(step: Step) -> StepView:
    return StepView(state=step.state.value, text=step.title, detail=None, seconds=step.seconds)
