"""How a quiz session runs: when verdicts come, whether one may go back, how long it lasts. Pure."""

from datetime import timedelta
from enum import StrEnum
from typing import assert_never

from quizapp.durations import duration


class Mode(StrEnum):
    """How a quiz session runs."""

    PRACTICE = "practice"  # each verdict at once
    TEST = "test"  # verdicts at the end; until then every answer can be changed
    INTERVIEW = "interview"  # open questions against the clock, one after another; their guides come at the end


GRACE = timedelta(seconds=15)  # an answer that was sent at the end is on its way: a slow phone's page takes ten seconds
LIMIT_LEAST_MIN, LIMIT_MOST_MIN = 1, 180  # minutes; the longest quiz takes three hours as an interview
SPOKEN_S = 240  # an answer in an interview is spoken for two to three minutes, and thought about before
WORDS = {Mode.PRACTICE: "Practice", Mode.TEST: "Test", Mode.INTERVIEW: "Mock interview"}
CALLED = {Mode.PRACTICE: "quiz", Mode.TEST: "test", Mode.INTERVIEW: "mock interview"}  # in a sentence


def is_told_at_end(mode: Mode) -> bool:
    """Whether verdicts come at the end."""
    match mode:
        case Mode.PRACTICE:
            return False
        case Mode.TEST | Mode.INTERVIEW:
            return True
        case _:
            assert_never(mode)


def limit_of(mode: Mode, *, length: int, asked_min: int | None) -> timedelta | None:
    """How long a quiz session of so many questions may last; None without a limit.

    `asked_min` is the limit that was asked for, in minutes.
    """
    match mode:
        case Mode.PRACTICE:
            return None
        case Mode.TEST:
            return None if asked_min is None else timedelta(minutes=asked_min)
        case Mode.INTERVIEW:
            usual = timedelta(seconds=SPOKEN_S * length)
            return usual if asked_min is None else timedelta(minutes=asked_min)
        case _:
            assert_never(mode)


def what_it_is_like(mode: Mode, *, questions: int, is_exact: bool = True, seconds: float, limit_min: int | None) -> str:
    """One line that says what a quiz session will be like: how many questions, about how long, when verdicts come.

    `seconds` is how long the learner is likely to take for all of them, `limit_min` the limit that was asked for. Not
    exact is a number that depends on which questions are drawn.
    """
    if not questions:
        only = " An interview asks open questions alone." if mode is Mode.INTERVIEW else ""
        return f"There is no question to draw from.{only}"
    limit = limit_of(mode, length=questions, asked_min=limit_min)
    how_long = duration(limit.total_seconds(), "at most") if limit else duration(seconds, "about")
    number = f"{questions} {'question' if questions == 1 else 'questions'}"
    size = f"{number if is_exact else f'About {number}'}, {how_long}."
    match mode:
        case Mode.PRACTICE:
            return f"{size} You see after each answer what was right and why."
        case Mode.TEST:
            return f"{size} You see what was right once you hand it in, and may change every answer until then."
        case Mode.INTERVIEW:
            return (
                f"{size} Open questions, one after another and no way back, typed or spoken; "
                "at the end you compare your answers with good ones and get a report."
            )
        case _:
            assert_never(mode)
