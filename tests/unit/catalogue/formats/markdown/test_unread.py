"""What a note has that is not read as its author most likely meant it: it stays visible, and a warning has its line."""

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote


def parse(text: str) -> ParsedNote:
    return parse_note(text.encode())


def told(text: str) -> list[tuple[int, str]]:
    return [(warning.line, warning.message) for warning in parse(text).warnings]


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("What is <img src=x onerror=alert(1)> for", "What is x for"),
        ('The <img src="b.png" alt="bridge"> of it', "The bridge of it"),
        ('<img src="logo.png" width="20"> Networks', "Networks"),
    ],
)
def test_a_picture_between_the_words_of_a_title_leaves_its_text_or_address(heading: str, title: str) -> None:
    assert parse(f"# Note\n\n## {heading}\n\nText.\n").sections[-1].title == title


def test_the_tags_behind_a_card_between_percent_signs_are_told() -> None:
    assert "is not kept" in dict(told("# Deck\n\nFront\n\n%\n\nBack\n\n%\n\nnet, dns\n"))[11]


PAIRS = "# Mixed\n\nQ: What is A?\nA: a\n\nQ: And B, C or D?\nA: b\n\nQ: E?\nA: e\n\nQ: F?\nA: f\n\nQ: G?\nA: g\n\n"


def prompts(text: str) -> list[str]:
    return [question.prompt for question in parse(text).everything_asked]


def test_headings_that_ask_beside_questions_by_name_are_told() -> None:
    said = told(f"{PAIRS}## What is a pod?\n\nA group.\n\n## How does DNS work?\n\nBy names.\n")
    assert (18, "2 headings look like questions and were not taken: this note was read as Q: and A:. ") in [
        (line, message.removesuffix("Write all its questions in one way.")) for line, message in said
    ]


def test_a_bold_line_that_asks_beside_questions_by_name_is_told() -> None:
    assert "1 bold line looks like a question" in dict(told(f"{PAIRS}**What is a pod?**\n\nA group.\n"))[18]


@pytest.mark.parametrize(
    "items",
    [
        "5. What is a pod? -> A group.\n6. What is a node? -> A host.\n",
        "- Why a pod?\n  A group.\n- Why a node?\n  A host.\n",
    ],
)
def test_questions_of_a_list_that_become_the_answer_above_are_told(items: str) -> None:
    said = told(f"# Mixed\n\nQ: What is A?\nA: a\n\n{items}\nQ: What is B?\nA: b\n")
    assert [(line, message.partition(" and were")[0]) for line, message in said] == [
        (6, "2 lines of an answer look like questions")
    ]


def test_what_an_answer_says_to_ask_is_none_of_the_notes_questions() -> None:
    assert (
        told("# Mixed\n\nQ: Whom do you ask?\nA: All:\n\n- Who changed it?\n- When was it?\n\nQ: And B?\nA: b\n") == []
    )


def test_a_note_that_teaches_and_asks_in_a_section_of_its_own_is_told_nothing() -> None:
    assert told("# Day 1\n\n## 1. What is X?\n\nText.\n\n## Interview questions\n\nQ: What is A?\nA: a\n") == []
    assert told("# Day 1\n\n## 1. What is X?\n\nText.\n\nQ: What is A?\nA: a\n\n## End\n\nText.\n") == []


@pytest.mark.parametrize("heading", ["", "## More\n\n"])
def test_folded_questions_beside_questions_by_name_are_questions(heading: str) -> None:
    text = f"{PAIRS}{heading}<details><summary>What is C?</summary>\n\nIt is c.\n\n</details>\n"
    (question,) = [one for one in parse(text).everything_asked if one.prompt == "What is C?"]
    assert question.answer == "It is c."
    assert len(prompts(text)) == 6


def test_what_is_folded_below_a_question_without_another_answer_stays_its_answer() -> None:
    text = (
        "# Mixed\n\nQ: What is A?\n\n<details><summary>What does the manual say?</summary>\n\nIt is a.\n\n</details>\n"
    )
    assert len(prompts(f"{text}\nQ: What is B?\nA: b\n\nQ: What is C?\nA: c\n")) == 3


def test_a_name_without_a_question_takes_no_answer_to_the_question_above() -> None:
    text = "# Bad\n\nQ: no answer?\n\nQ:\nA: no question\n\nQ: and?\nA: yes\n"
    assert [(one.prompt, one.answer) for one in parse(text).everything_asked] == [("no answer?", ""), ("and?", "yes")]
    assert "This has no question beside it" in dict(told(text))[5]
    assert "no question" in parse(text).sections[0].body


@pytest.mark.parametrize(("line", "side"), [(" :: x", "front"), ("foo ::", "back"), ("- bar ::", "back")])
def test_a_card_of_one_side_is_told(line: str, side: str) -> None:
    assert f"here the {side} is missing" in dict(told(f"# Cards\n\nport :: 53\n\n{line}\n"))[5]


@pytest.mark.parametrize("line", ["`foo ::`", "listen on ::", "::1", "std::env", "::: tip", "tags:: net"])
def test_other_colons_are_no_card_of_one_side(line: str) -> None:
    assert not any("is missing" in message for _, message in told(f"# Text\n\n{line}\n"))
