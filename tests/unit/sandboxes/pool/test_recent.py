"""How the sandboxes of the last day did."""

from datetime import UTC, datetime, timedelta

from quizapp.sandboxes.client import EndCause, Step, StepState
from quizapp.sandboxes.pool import end_causes
from quizapp.sandboxes.pool.metrics import AskOutcome
from quizapp.sandboxes.pool.recent import KEPT_FOR, KEPT_MOST, Recent

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def step(name: str, seconds: float) -> Step:
    return Step(name=name, title=name.title(), state=StepState.DONE, seconds=seconds)


def test_phases_have_their_exact_times_and_the_wait_comes_first() -> None:
    recent = Recent(since=NOW - timedelta(hours=1))
    for number in range(1, 101):
        recent.started([step("create", number / 100), step("engine", 1)], at=NOW)
    recent.waited(7, at=NOW)
    queue, create, engine, start = recent.figures(most=3, now=NOW).phases
    assert (queue.name, queue.count, queue.p50_s, queue.p99_s) == ("queue", 1, 7, 7)
    assert (create.title, create.count) == ("Create", 100)
    assert (create.p50_s, create.p95_s, create.p99_s) == (0.5, 0.95, 0.99)
    assert engine.p99_s == 1
    assert start.p50_s == 1.5


def test_what_is_older_than_a_day_is_not_told() -> None:
    recent = Recent(since=NOW - timedelta(days=9))
    for at in (NOW - KEPT_FOR - timedelta(seconds=1), NOW):
        recent.count_ask(AskOutcome.WARM, at=at)
        recent.ended(EndCause.LEFT, at=at)
        recent.waited(1, at=at)
    figures = recent.figures(most=3, now=NOW)
    assert (figures.since, figures.warm, figures.cold, figures.refused) == (NOW - KEPT_FOR, 1, 0, 0)
    assert figures.ended == {EndCause.LEFT: 1}
    assert figures.phases[0].count == 1


def test_no_more_is_kept_than_it_says() -> None:
    recent = Recent(since=NOW)
    for _ in range(KEPT_MOST + 5):
        recent.ended(EndCause.ASKED, at=NOW)
    assert recent.figures(most=3, now=NOW).ended == {EndCause.ASKED: KEPT_MOST}


def test_every_sentence_of_an_end_has_its_cause_and_any_other_is_a_failed_start() -> None:
    sentences = [text for name, text in vars(end_causes).items() if name.isupper() and isinstance(text, str)]
    causes = {end_causes.cause_of(sentence) for sentence in sentences}
    assert causes == set(EndCause) - {EndCause.NOT_STARTED}
    assert end_causes.cause_of("The image is missing.") is EndCause.NOT_STARTED
