"""What each mode of a quiz is like, and how long it lasts."""

from datetime import timedelta

import pytest

from quizapp.quiz.modes import Mode, limit_of, what_it_is_like


@pytest.mark.parametrize(
    ("mode", "asked_min", "limit_min"),
    [
        (Mode.PRACTICE, 5, None),
        (Mode.TEST, None, None),
        (Mode.TEST, 5, 5),
        (Mode.INTERVIEW, None, 40),
        (Mode.INTERVIEW, 9, 9),
    ],
)
def test_the_limit_of_ten_questions(mode: Mode, asked_min: int | None, limit_min: int | None) -> None:
    expected = None if limit_min is None else timedelta(minutes=limit_min)
    assert limit_of(mode, length=10, asked_min=asked_min) == expected


@pytest.mark.parametrize(
    ("mode", "questions", "begins"),
    [
        (Mode.PRACTICE, 10, "10 questions, about 7 minutes. You see after each answer"),
        (Mode.TEST, 1, "1 question, less than a minute. You see what was right once you hand it in"),
        (Mode.INTERVIEW, 5, "5 questions, at most 20 minutes. Open questions, one after another"),
        (Mode.TEST, 0, "There is no question to draw from."),
        (Mode.INTERVIEW, 0, "There is no question to draw from. An interview asks open questions alone."),
    ],
)
def test_one_line_says_what_it_will_be_like(mode: Mode, questions: int, begins: str) -> None:
    assert what_it_is_like(mode, questions=questions, seconds=40 * questions, limit_min=None).startswith(begins)
