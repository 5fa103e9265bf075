"""Fits by the optimizer, in a process of its own: for the time that it takes, no thread of this one could run."""

import importlib.util
import marshal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quizapp.errors import QuizappError
from quizapp.review.fitting.history import Histories
from quizapp.review.fitting.weights import Weights, within_ranges
from quizapp.review.scheduler import DEFAULT_PARAMETERS

PROGRAM = Path(__file__).with_name("optimizer.py")
FIT_S = 120  # a fit of a million reviews takes 15 s with its items
ITEMS_MIN = 8  # with fewer, fsrs-rs-python 0.9.3 gives its own defaults


class OptimizerMissing(QuizappError):
    """The package that fits is not installed."""

    title = "Weights cannot be fitted here"


class FitFailed(QuizappError):
    """The optimizer broke, or took longer than FIT_S."""

    title = "The fit did not succeed"


def is_available() -> bool:
    """Whether the package that fits is installed."""
    return importlib.util.find_spec("fsrs_rs_python") is not None


def fit(histories: Histories, *, ends: Sequence[int]) -> Sequence[Weights]:
    """For each of `ends`, weights fitted to so many of the first items; within both libraries' ranges.

    Raises OptimizerMissing and FitFailed.
    """
    if not is_available():
        raise OptimizerMissing("Fitting needs the package fsrs-rs-python, which has no build for this machine.")
    with _begun() as optimizer:  # which loads its library while this makes what it is asked
        asked = {
            "cards": [[(int(rating), gap) for rating, gap in card] for card in histories.cards],
            "items": [(card, place) for card, place in histories.items],
            "ends": list(ends),
            "usual": DEFAULT_PARAMETERS,
        }
        return [within_ranges(weights) for weights in _answer(optimizer, marshal.dumps(asked))["fits"]]


def _begun() -> "subprocess.Popen[bytes]":
    # Without `site`, which looks for settings of the installed packages and takes as long as the fit of a small log.
    command = [sys.executable, "-I", "-S", str(PROGRAM), _packages()]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _answer(optimizer: "subprocess.Popen[bytes]", asked: bytes) -> dict[str, Any]:
    try:
        answer, error = optimizer.communicate(asked, timeout=FIT_S)
    except subprocess.TimeoutExpired:
        optimizer.kill()
        raise FitFailed(f"The fit took longer than {FIT_S} seconds and was stopped. Your weights stay.") from None
    if optimizer.returncode:
        said = error.decode(errors="replace").strip().rpartition("\n")[2]
        raise FitFailed(f"The optimizer broke off: {said or f'status {optimizer.returncode}'}. Your weights stay.")
    found: dict[str, Any] = marshal.loads(answer)
    return found


def _packages() -> str:
    """The folder in which the package that fits is installed; empty without it."""
    found = importlib.util.find_spec("fsrs_rs_python")
    return "" if found is None or found.origin is None else str(Path(found.origin).parent.parent)
