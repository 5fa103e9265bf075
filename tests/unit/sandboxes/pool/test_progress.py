"""How the lines of a start become steps."""

from datetime import UTC, datetime, timedelta

from quizapp.sandboxes.client import StepState
from quizapp.sandboxes.pool.progress import REASON_CHARS, Progress, advance, begin, planned

START = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = (("a", "First"), ("b", "Second"), ("c", "Third"))


def after(*lines: str) -> Progress:
    """The progress after these lines, a second apart, the first one second after the start."""
    progress = planned(STEPS, now=START)
    for number, line in enumerate(lines, start=1):
        progress = advance(progress, line, at=START + timedelta(seconds=number))
    return progress


def states(progress: Progress) -> str:
    """The first letters of the steps' states."""
    return "".join(step.state.value[0] for step in progress.steps)


def test_steps_run_one_after_the_other() -> None:
    assert states(after()) == "www"
    assert states(after("@step a")) == "rww"
    assert states(after("@step a", "@step b")) == "drw"
    assert states(after("@step a", "@step b", "@step c", "@ready")) == "ddd"


def test_each_step_says_how_long_it_took() -> None:
    progress = after("@step a", "noise", "@step b", "@ready")
    assert [step.seconds for step in progress.steps] == [2.0, 1.0, 0.0]


def test_ready_and_failed_are_final() -> None:
    ready = after("@step a", "@ready")
    assert ready.ready
    assert ready.is_over
    assert advance(ready, "@failed late", at=START) == ready
    failed = after("@step a", "@failed no kernel", "@ready")
    assert (failed.ready, failed.failed) == (False, "no kernel")


def test_the_running_step_takes_the_blame() -> None:
    assert states(after("@step a", "@step b", "@failed")) == "dfw"
    assert after("@failed").failed


def test_noise_changes_nothing() -> None:
    noise = ("", "@", "@step", "@step unknown", "step a", "@readyish", "\x1b[0m@ready", "time=… level=info")
    assert after(*noise) == after()


def test_words_that_are_too_long_are_cut() -> None:
    assert after("@failed " + "x" * 10_000).failed == "x" * REASON_CHARS


def test_a_clock_that_goes_back_gives_no_negative_time() -> None:
    running = begin(planned(STEPS, now=START), "a", at=START)
    assert advance(running, "@ready", at=START - timedelta(hours=1)).steps[0].seconds == 0.0
    assert running.steps[0].state is StepState.RUNNING
