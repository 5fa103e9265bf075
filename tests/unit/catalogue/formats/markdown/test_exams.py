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
    "folded": "<details>\n<summary>Click for answers</summary>\n\n1. Here.\n   - close\n2. There.\n\n</details>\n",
    "a line": "**Answers**: 1-Here. - close, 2-There.\n",
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


CHOICES = "# Quiz\n\n1. Which is near?\n   - a) x\n   - b) y\n2. Which is far?\n   - a) x\n   - b) y\n\n"
KEYS = {
    "in a line": "**Answers**: 1-b, 2-a\n",
    "in a line with stops": "Answers: 1. B 2. A\n",
    "folded away": "<details>\n<summary>Answers</summary>\n\n1. b\n2. a - so it is\n\n</details>\n",
}


@pytest.mark.parametrize("key", KEYS)
def test_a_key_tells_which_options_are_right(key: str) -> None:
    read = parse(CHOICES + KEYS[key])
    assert [[one.text for one in each.choices if one.right] for each in read.questions] == [["y"], ["x"]]
    assert not read.sections[0].body


def test_folded_answers_that_do_not_fit_ask_nothing() -> None:
    read = parse(CHOICES + "<details>\n<summary>Answers</summary>\n\n1. Why?\n2. How?\n3. What?\n\n</details>\n")
    assert [one.prompt for one in read.questions] == ["Which is near?", "Which is far?"]


def test_numbers_of_papers_have_a_letter() -> None:
    text = "# Exam questions\n\n- **Q.1.b.** List the devices.\n- **Q.2.a.** Sketch the model.\n"
    assert [one.prompt for one in parse(text).questions] == ["List the devices.", "Sketch the model."]


def test_a_folded_hint_helps_and_is_neither_question_nor_answer() -> None:
    text = "# Quiz\n\n**Question 1:** Where is it?\n\n<details>\n<summary>Hint</summary>\n\nBelow `/var`.\n"
    text += "</details>\n\n"
    text += "<details>\n<summary>Answer</summary>\n\nIn `/var/lib`.\n</details>\n"
    (one,) = parse(text).questions
    assert (one.prompt, one.hints, one.answer) == ("Where is it?", ("Below `/var`.",), "In `/var/lib`.")


def test_steps_that_check_something_ask_nothing() -> None:
    steps = "1. Is the name right? If not, mend it.\n2. Does it answer? Then go on.\n3. Is it blocked? Open it.\n"
    assert list(parse(f"# Trouble with names\n\n## How to fix it\n\n{steps}").questions) == []


def test_a_front_matter_whose_parts_are_called_questions() -> None:
    one = "  - questions:\n      question: What is {0}?\n      answers:\n        - x\n        - y\n"
    one += "      correct_answer: 2\n"
    text = "---\nreview:\n" + one.format("a pod") + one.format("a node") + "title: Review\n---\n"
    read = [(each.prompt, [option.text for option in each.choices if option.right]) for each in parse(text).questions]
    assert read == [("What is a pod?", ["y"]), ("What is a node?", ["y"])]


def test_things_to_check_ask_nothing() -> None:
    boxes = "- [ ] Is the daemon running?\n- [ ] Are the ports published?\n- [x] Is the name right?\n"
    assert list(parse(f"# How networks work\n\nBy bridges.\n\n## Checklist\n\n{boxes}").questions) == []


@pytest.mark.parametrize("name", ["Correct: 2", "Correct answer: 2", "**Correct:** 2"])
def test_a_note_of_one_question_with_the_number_of_the_right_item(name: str) -> None:
    (one,) = parse(
        f"# Meter\n\nWhen does it show?\n\n1. Always\n2. For files\n3. Never\n\n{name}\n\nSo it is.\n"
    ).questions
    assert (one.prompt, [option.text for option in one.choices if option.right], one.answer) == (
        "When does it show?",
        ["For files"],
        "So it is.",
    )


def test_correct_before_other_words_is_no_label() -> None:
    assert "Correct: the bridge drops it." in parse("# Bridges\n\nCorrect: the bridge drops it.\n").sections[0].body


def test_a_line_that_begins_with_questions_of_a_kind_names_none() -> None:
    assert (
        list(parse("# Format\n\nThis is so below\n*Interview Questions*: ten of them ask.\n\nMore text.\n").questions)
        == []
    )
