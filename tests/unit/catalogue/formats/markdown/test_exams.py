"""Exams: questions that give points, and answers that stand apart from their questions. Small notes of our own."""

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote

NEAR_AND_FAR = ["What is near?", "Sketch what is far."]
POINTS = {
    "a list": "1. (10 pts) What is near?\n\n2. [5 points] Sketch what is far.\n",
    "bold lines": "**1. (2 points) What is near?**\n\n**2. (3 pts) Sketch what is far.**\n",
    "problems": "**Problem 1 (30 pts).** What is near?\n\n**Problem 2 (10 pts).** Sketch what is far.\n",
    "headings": "## Question 1 [5 points]\n\nWhat is near?\n\n## Question 2 [1 point]\n\nSketch what is far.\n",
    "headings with the question": "## Question 1 (5 marks) What is near?\n\n"
    "## Question 2 (5 marks) Sketch what is far.\n",
}
QUESTIONS = "# Quiz\n\n1. What is near?\n2. What is far?\n\n"
APART = {
    "items with more below": "## Answers\n\n1. Here.\n   - close\n2. There.\n",
    "paragraphs": "# Solutions\n\n**1.** Here.\n\n- close\n\n**2.** There.\n",
    "named paragraphs": "## Answers\n\nA1. Here.\n\n- close\n\nA2. There.\n",
    "headings": "## Answers\n\n### Question 1\n\nHere.\n\n- close\n\n### Question 2\n\nThere.\n",
}


def parse(text: str) -> ParsedNote:
    return parse_note(text.encode(), name="a-file")


@pytest.mark.parametrize("way", POINTS)
def test_points_belong_to_the_number(way: str) -> None:
    assert [one.prompt for one in parse(f"# Midterm exam\n\n{POINTS[way]}").questions] == NEAR_AND_FAR


def test_points_of_a_rubric_ask_nothing() -> None:
    text = "# Assignment\n\nHand in by Monday.\n\n- (5 points) Code compiles\n- (5 points) Tests pass\n"
    text += "- (2 points) Readme\n"
    assert list(parse(text).questions) == []


@pytest.mark.parametrize("way", APART)
def test_answers_apart_go_to_their_questions_whole(way: str) -> None:
    read = parse(QUESTIONS + APART[way])
    assert [one.answer.split() for one in read.questions] == [["Here.", "-", "close"], ["There."]]
    assert not any(section.teaches for section in read.sections)


def test_each_chapter_has_its_own_answers() -> None:
    part = "## Part {0}\n\n1. What is {1}?\n   - A. x\n   - B. y\n2. What is {2}?\n   - A. x\n   - B. y\n\n"
    part += "### Answers\n\n{3}\n\n"
    text = "# Quiz\n\n" + part.format(1, "a", "b", "1. B\n2. A: so") + part.format(2, "c", "d", "1. A\n2. B")
    read = [(["AB"[at] for at, one in enumerate(q.choices) if one.right], q.answer) for q in parse(text).questions]
    assert read == [(["B"], ""), (["A"], "so"), (["A"], ""), (["B"], "")]


def test_answers_of_other_questions_stay_text() -> None:
    read = parse(QUESTIONS + "## Answers\n\n1. Here.\n2. There.\n3. Nowhere.\n")
    assert not any("Nowhere" in one.answer and "Here" not in one.answer for one in read.questions)
    assert len(list(read.questions)) == 2
