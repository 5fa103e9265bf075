"""The progress of a start, read from the lines that the sandbox prints. Knows no engine and no thread.

The sandbox prints `@step <name>` when a step begins, then `@ready`, or `@failed <why>`; other lines are ignored.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from quizapp.sandboxes.client import Step, StepState

REASON_CHARS = 300  # of the text after `@failed`, as many as a page has space for


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one start has come."""

    steps: tuple[Step, ...]
    """All steps in their order, with their states."""
    began_at: datetime
    """When the running step began; before the first one, when the start was planned."""
    ready: bool = False
    """Whether the sandbox has printed `@ready`."""
    failed: str | None = None
    """Why the start failed; None if it has not."""

    @property
    def total_s(self) -> float:
        """Seconds that the finished steps took together."""
        return sum(step.seconds or 0.0 for step in self.steps)

    @property
    def is_over(self) -> bool:
        """Whether the start is ready or has failed; later lines change nothing."""
        return self.ready or self.failed is not None


def planned(steps: tuple[tuple[str, str], ...], *, now: datetime) -> Progress:
    """The progress of a start before its first step. `steps` are pairs (name, title) in their order."""
    waiting = tuple(Step(name=name, title=title, state=StepState.WAITING, seconds=None) for name, title in steps)
    return Progress(steps=waiting, began_at=now)


def advance(progress: Progress, line: str, *, at: datetime) -> Progress:
    """The progress after the sandbox printed `line` at the time `at`."""
    if progress.is_over:
        return progress
    word, _, rest = line.strip().partition(" ")
    match word:
        case "@step":
            return begin(progress, rest.strip(), at=at)
        case "@ready":
            return replace(_finish(progress, at=at, upto=len(progress.steps)), ready=True)
        case "@failed":
            return fail(progress, rest.strip() or "it did not say why", at=at)
        case _:
            return progress


def begin(progress: Progress, name: str, *, at: datetime) -> Progress:
    """The progress once the step `name` runs; the steps before it are done. An unknown name changes nothing."""
    names = [step.name for step in progress.steps]
    if name not in names:
        return progress
    index = names.index(name)
    done = _finish(progress, at=at, upto=index)
    running = replace(done.steps[index], state=StepState.RUNNING)
    return replace(done, steps=(*done.steps[:index], running, *done.steps[index + 1 :]), began_at=at)


def fail(progress: Progress, reason: str, *, at: datetime) -> Progress:
    """The progress once the start has failed; the running step, if there is one, becomes FAILED."""
    steps = tuple(
        replace(step, state=StepState.FAILED, seconds=_seconds(progress, at))
        if step.state is StepState.RUNNING
        else step
        for step in progress.steps
    )
    return replace(progress, steps=steps, failed=reason[:REASON_CHARS])


def _finish(progress: Progress, *, at: datetime, upto: int) -> Progress:
    """The progress with every step before index `upto` done: a running one at the time `at`, a skipped one in 0 s."""
    steps = tuple(
        replace(step, state=StepState.DONE, seconds=_seconds(progress, at) if step.state is StepState.RUNNING else 0.0)
        if index < upto and step.state in (StepState.WAITING, StepState.RUNNING)
        else step
        for index, step in enumerate(progress.steps)
    )
    return replace(progress, steps=steps)


def _seconds(progress: Progress, at: datetime) -> float:
    return round(max(0.0, (at - progress.began_at).total_seconds()), 2)
