"""A time in words is rounded in one way, wherever it is told."""

import pytest

from quizapp.durations import duration


@pytest.mark.parametrize(
    ("seconds", "about", "said", "short"),
    [
        (0, "", "less than a minute", "less than a minute"),
        (59, "about", "less than a minute", "less than a minute"),
        (72, "about", "about 1 minute", "about 1 min"),
        (240, "", "4 minutes", "4 min"),
        (119 * 60, "", "119 minutes", "119 min"),
        (7200, "about", "about 2 hours", "about 2 h"),
        (9000, "at most", "at most 2.5 hours", "at most 2.5 h"),
    ],
)
def test_it_is_told_to_the_minute(seconds: float, about: str, said: str, short: str) -> None:
    assert duration(seconds, about) == said
    assert duration(seconds, about, short=True) == short
