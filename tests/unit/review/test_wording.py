"""Waits in the largest unit that fits."""

from datetime import timedelta

import pytest

from quizapp.review.wording import days_text, days_words, minutes_text


@pytest.mark.parametrize(
    ("days", "text", "words"),
    [
        (1, "1 d", "1 day"),
        (30, "30 d", "30 days"),
        (31, "1 mo", "1 month"),
        (37, "1.2 mo", "1.2 months"),
        (365, "12 mo", "12 months"),
        (366, "1 y", "1 year"),
        (900, "2.5 y", "2.5 years"),
    ],
)
def test_days(days: int, text: str, words: str) -> None:
    assert (days_text(days), days_words(days)) == (text, words)


@pytest.mark.parametrize(("seconds", "text"), [(1, "1 min"), (541, "10 min"), (600, "10 min")])
def test_minutes_are_rounded_up(seconds: int, text: str) -> None:
    assert minutes_text(timedelta(seconds=seconds)) == text
