"""The optimizer in its process: what it gives is usable, and what goes wrong is one sentence."""

import re
from pathlib import Path

import pytest

from quizapp.review.fitting import fits
from quizapp.review.fitting.fits import FitFailed, OptimizerMissing
from quizapp.review.fitting.history import Answer, Histories, histories_of
from quizapp.review.fitting.log_file import answers_of, read_log
from quizapp.review.memory import Rating
from quizapp.review.scheduler import Scheduler

from .logs import as_csv, drawn_log

needs_optimizer = pytest.mark.skipif(not fits.is_available(), reason="fsrs-rs-python has no build for this machine")


def drawn(cards: int) -> Histories:
    file = read_log(as_csv(drawn_log(cards=cards, seed=3)).encode())
    return histories_of(answers_of(file.reviews, zone="UTC", rollover_hour=4))


def forgetting_exponentially() -> Histories:
    """Cards that are remembered for two days and never after: the steepest curve that there is."""
    answers = [
        Answer(card=f"{number}", rating=rating, day=day)
        for number in range(400)
        for day, rating in ((0, Rating.GOOD), (1 + number % 4, Rating.GOOD if number % 4 < 2 else Rating.AGAIN))
    ]
    return histories_of(sorted(answers, key=lambda answer: answer.day))


@needs_optimizer
def test_a_fit_is_usable_and_differs_from_the_defaults() -> None:
    (weights,) = fits.fit(drawn(200), ends=[600])
    assert Scheduler(parameters=weights) != Scheduler()


@needs_optimizer
def test_each_end_has_its_own_fit() -> None:
    few, many = fits.fit(drawn(200), ends=[100, 600])
    assert few != many


@needs_optimizer
def test_weights_of_a_learner_who_forgets_exponentially_can_be_used() -> None:
    histories = forgetting_exponentially()
    (weights,) = fits.fit(histories, ends=[len(histories.items)])
    assert Scheduler(parameters=weights).parameters[20] <= 0.8


def test_without_the_package_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fits, "is_available", lambda: False)
    with pytest.raises(OptimizerMissing, match="no build for this machine"):
        fits.fit(drawn(2), ends=[1])


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("raise SystemExit('out of numbers')", "out of numbers"),
        ("import time; time.sleep(60)", "longer than"),
        ("import sys; raise SystemExit({'site', 'json', 'typing'} & {*sys.modules} or 'none of them')", "none of them"),
    ],
)
def test_a_program_that_breaks_or_hangs_is_one_sentence(
    program: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(program)
    monkeypatch.setattr(fits, "PROGRAM", broken)
    monkeypatch.setattr(fits, "FIT_S", 1)
    monkeypatch.setattr(fits, "is_available", lambda: True)
    with pytest.raises(FitFailed, match=said):
        fits.fit(drawn(2), ends=[1])


def test_the_program_imports_nothing_of_the_product() -> None:
    assert "quizapp" not in fits.PROGRAM.read_text(encoding="utf-8")


def test_the_program_loads_nothing_that_takes_as_long_as_a_small_fit() -> None:
    loaded = re.findall(r"^ *import (\w+)", fits.PROGRAM.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert loaded == ["marshal", "sys", "fsrs_rs_python"]
