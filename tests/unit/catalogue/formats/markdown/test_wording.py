"""A line is asked for a question's name only where it has one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.formats.markdown.wording import Asks, may_be_named, read

SIGNS = st.sampled_from(["**", "*", "_", "(", "[", "]", "#", "-", " ", ":", ".", ")", "\u2014", "?", "\U0001f525 "])
NUMBERS = st.sampled_from(["1. ", "3) ", "2.1 ", "1\ufe0f\u20e3 ", "No. ", "1", "12", "Scenario "])
NAMES = st.sampled_from(["Q", "Q: ", "q", "Que", "Ques", "Qn", "Question ", "QUESTION", "questions"])
OTHERS = st.sampled_from(["What", "is", "a", "<!-- id: q-1 -->", "`x`"])
PIECES = st.one_of(SIGNS, NUMBERS, NAMES, OTHERS)


@given(line=st.lists(PIECES, max_size=8).map("".join))
def test_no_line_that_is_named_is_passed_over(line: str) -> None:
    assert read(line).asks is not Asks.NAMED or may_be_named(line)


def test_words_that_begin_with_the_same_letter_are_no_names() -> None:
    assert not may_be_named("Which queue keeps the quota of a request?")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Question",
            "ques",
            "Que",
            "Qn",
            "Q",
            "q",
            "Pregunta",
            "Pergunta",
            "Frage",
            "\u0412\u043e\u043f\u0440\u043e\u0441",
            "\u95ee\u9898",
        ),
        *("Practice Question", "Sample Question", "Mock Question", "Exam Question", "Quiz Question", "Review Question"),
        *("Interview Question", "Test Question", "Coding Question", "Technical Question", "Bonus Question"),
    ],
)
@pytest.mark.parametrize("mark", ["", "**", "_"])
def test_each_name_is_taken_off(name: str, mark: str) -> None:
    asked = read(f"{mark}{name} 3:{mark} the bridge")
    assert (asked.asks, asked.number, asked.prompt) == (Asks.NAMED, "3", "the bridge")


@pytest.mark.parametrize(
    "name", ["", "(", "Problem ", "Scenario ", "Challenge ", "Task ", "Exercise ", "Case ", "CHALLENGE "]
)
def test_each_number_is_taken_off(name: str) -> None:
    asked = read(f"{name}3) the bridge")
    assert (asked.number, asked.prompt) == ("3", "the bridge")
