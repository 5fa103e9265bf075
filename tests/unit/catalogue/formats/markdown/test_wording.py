"""A line is asked for a question's name only where it has one."""

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
