"""Aiken files, kinder than Moodle reads them."""

import time
from contextlib import suppress

import pytest

from quizapp.catalogue.formats.banks.aiken import looks_like_aiken, read
from quizapp.catalogue.formats.parsed import ParsedNote, Unreadable

MIB = 1024 * 1024
CPU_S = 2  # seconds for a hostile text of this size
PORTS = "Which port\ndoes HTTPS use?\nA. 80\nB. 443\nANSWER: b\n"


def note(text: str) -> ParsedNote:
    return read(text.encode(), "bank")


def test_a_question_of_two_lines_is_one() -> None:
    assert next(note(PORTS).questions).prompt == "Which port  \ndoes HTTPS use?"


def test_a_small_letter_names_the_right_option() -> None:
    assert [choice.right for choice in next(note(PORTS).questions).choices] == [False, True]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Why?\na. x\nb) y\nanswer: b\n", "y"),
        ("Why?\n\nA. x\n\nB. y\n\n\nANSWER: B\n\nNext?\nA. p\nB. q\nANSWER: A\n", "y"),
        ("Why?\nA. x\nB. y\nC. z\nANSWER: A, C\n", "x z"),
        ("Why?\nA. x\nB. y\nC. z\nANSWER: a and c.\n", "x z"),
        ("Where?\na. is a word here\nA. x\nB. y\nANSWER: B\n", "y"),
    ],
)
def test_options_with_small_letters_behind_blank_lines_and_several_right_ones_are_read(text: str, right: str) -> None:
    read_of = note(text)
    assert [choice.text for choice in next(read_of.questions).choices if choice.right] == right.split()
    assert read_of.warnings == ()


@pytest.mark.parametrize(
    ("answer", "right"),
    [("B)", "y"), ("B) y", "y"), ("(B)", "y"), ("y", "y"), ("A C", "x z"), ("AC", "x z"), ("B) z", ""), ("AA", "")],
)
def test_the_answer_may_be_a_text_or_several_letters_in_a_row(answer: str, right: str) -> None:
    (question,) = note(f"Why?\nA. x\nB)y\nC. z\nANSWER: {answer}\n").questions
    assert [choice.text for choice in question.choices if choice.right] == right.split()


@pytest.mark.parametrize(
    "said",
    [
        "FEEDBACK: So it is.\n",
        "Explanation: So it is.\n\n",
        "\nRationale: So it is.\n\n",
        "So it is.\n\n",
        "\nWhy:\nSo it is.\n\n",
    ],
)
def test_what_explains_an_answer_is_no_part_of_the_next_question(said: str) -> None:
    """Moodle has no such line, and takes it for a stem of its own."""
    first, second = note(f"Why?\nA. x\nB. y\nANSWER: B\n{said}Next?\nA. p\nB. q\nANSWER: A\n").questions
    assert (first.answer, second.prompt) == ("So it is.", "Next?")


@pytest.mark.parametrize("gap", ["", "\n", "\n\n"])
def test_a_question_of_two_lines_right_below_an_answer_is_no_explanation(gap: str) -> None:
    _, second = note(f"Why?\nA. x\nB. y\nANSWER: B\n{gap}Look:\nwhich?\n{gap}A. p\nB. q\nANSWER: A\n").questions
    assert second.prompt == "Look:  \nwhich?"


def test_numbers_of_a_list_are_no_part_of_its_questions() -> None:
    text = "1. Why?\n A) x\n B) y\n ANSWER: B\n2. 3 of what?\n A) p\n B) q\n ANSWER: A\n"
    assert [question.prompt for question in note(text).questions] == ["Why?", "3 of what?"]
    assert next(note("802.1q: what?\nA) x\nB) y\nANSWER: B\n").questions).prompt == "802.1q: what?"
    assert looks_like_aiken(text)


def test_several_letters_of_which_one_names_no_option_make_none_right() -> None:
    read_of = note("Why?\nA. x\nB. y\nANSWER: A, D\n")
    assert [choice.right for choice in next(read_of.questions).choices] == [False, False]
    assert "ANSWER: A, D names no option" in read_of.warnings[0].message


def test_tags_are_text() -> None:
    text = "What does <b> do & why?\nA) Bold <i>\nB) no\nANSWER: A\n"
    question = next(note(text).questions)
    assert (question.prompt, question.choices[0].text) == (r"What does \<b> do & why?", r"Bold \<i>")


def test_faulty_questions_are_told_with_their_line_and_are_drafts() -> None:
    read_of = note(f"{PORTS}\nNone?\nA) x\nB) y\n\nOut?\nA) x\nB) y\nANSWER: D\n")
    assert [question.answered for question in read_of.questions] == [True, False, False]
    assert {warning.line for warning in read_of.warnings} == {7, 11}


def test_the_word_answer_in_a_text_makes_no_aiken() -> None:
    assert not looks_like_aiken("ANSWER: the question\n")


@pytest.mark.parametrize("unit", ["ANSWER: A\nwhy\n", "Q\nA) x\nANSWER: A\nx\n", "A) x\n\n", "Q\n"])
def test_a_hostile_text_takes_little_time(unit: str) -> None:
    data = (unit * (MIB // len(unit))).encode()
    began = time.process_time()
    with suppress(Unreadable):
        read(data, "bank")
    assert time.process_time() - began < CPU_S
