"""What templates say of numbers of things."""

import pytest

from quizapp.web.templating import counted


@pytest.mark.parametrize(
    ("things", "said"),
    [
        ([(2, "section"), (0, "flashcard"), (1, "lab")], "2 sections · 1 lab"),
        ([(0, "section"), (0, "flashcard")], ""),
        ([(1000, "question")], "999+ questions"),
    ],
)
def test_what_there_is_none_of_is_not_named(things: list[tuple[int, str]], said: str) -> None:
    assert counted(things) == said
