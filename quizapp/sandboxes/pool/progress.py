"""How far a start has come, read from the lines the sandbox prints. Knows no engine and no thread.

The sandbox prints `@step <name>` when a step begins, then `@ready`, or `@failed <why>`; every other line is noise.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from quizapp.sandboxes.client import Step, StepState

REASON_CHARS = 300  # as much of a sandbox's own words as a page can show


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The steps so far. `began_at` is when the running one began; `failed` is why the start failed, if it did."""

    steps: tuple[Step, ...]
    began_at: datetime
    ready: bool = False
    failed: str | None = None

    @property
    def total_s(self) -> float:
        """Seconds that the finished steps have taken together."""
        return sum(step.seconds or 0.0 for step in self.steps)

    @property
    def is_over(self) -> bool:
        """Whether no further line can change it."""
        return self.ready or self.failed is not None


def planned(steps: tuple[tuple[str, str], ...], *, now: datetime) -> Progress:
    """A start of which nothing has happened yet. `steps` are (name, title) in their order."""
    waiting = tuple(Step(name=name, title=title, state=StepState.WAITING, seconds=None) for name, title in steps)
    return Progress(steps=waiting, began_at=now)


def advance(progress: Progress, line: str, *, at: datetime) -> Progress:
    """The progress after the sandbox printed `line` at that moment."""
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
    """The progress once step `name` runs: what stands before it is done. An unknown name changes nothing."""
    names = [step.name for step in progress.steps]
    if name not in names:
        return progress
    index = names.index(name)
    done = _finish(progress, at=at, upto=index)
    running = replace(done.steps[index], state=StepState.RUNNING)
    return replace(done, steps=(*done.steps[:index], running, *done.steps[index + 1 :]), began_at=at)


def fail(progress: Progress, reason: str, *, at: datetime) -> Progress:
    """The progress once the start has failed: the running step takes the blame."""
    steps = tuple(
        replace(step, state=StepState.FAILED, seconds=_seconds(progress, at))
        if step.state is StepState.RUNNING
        else step
        for step in progress.steps
    )
    return replace(progress, steps=steps, failed=reason[:REASON_CHARS])


def _finish(progress: Progress, *, at: datetime, upto: int) -> Progress:
    """Every step before index `upto` done; the running one took until `at`, a skipped one no time."""
    steps = tuple(
        replace(step, state=StepState.DONE, seconds=_seconds(progress, at) if step.state is StepState.RUNNING else 0.0)
        if index < upto and step.state in (StepState.WAITING, StepState.RUNNING)
        else step
        for index, step in enumerate(progress.steps)
    )
    return replace(progress, steps=steps)


def _seconds(progress: Progress, at: datetime) -> float:
    return round(max(0.0, (at - progress.began_at).total_seconds()), 2)
