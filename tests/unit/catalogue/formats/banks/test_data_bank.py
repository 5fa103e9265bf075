"""Questions in JSON, in YAML and in the front matter of a note, in ways that people have: small banks of our own."""

import json
from typing import Any

import pytest

from quizapp.catalogue.formats.banks.data_bank import read_json, read_yaml
from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote, ParsedQuestion, Unreadable


def asked(note: ParsedNote) -> list[ParsedQuestion]:
    return list(note.everything_asked)


def of_json(value: Any) -> list[ParsedQuestion]:
    return asked(read_json(json.dumps(value).encode(), "a-file"))


WAYS: dict[str, Any] = {
    "the words": {"question": "What is a cache?", "options": ["A line", "A copy"], "correctAnswer": "A copy"},
    "a letter": {"question": "What is a cache?", "options": ["A. A line", "B. A copy"], "answer": "B"},
    "letters as names": {"question": "What is a cache?", "choices": {"A": "A line", "B": "A copy"}, "correct": "B"},
    "an id": {
        "text": "What is a cache?",
        "options": [{"id": "x1", "text": "A line"}, {"id": "x2", "text": "A copy"}],
        "correctOptionId": "x2",
    },
    "a mark": {
        "question_text": "What is a cache?",
        "answers": [{"answer_text": "A line", "is_correct": False}, {"answer_text": "A copy", "is_correct": True}],
    },
    "a list of words": {"prompt": "What is a cache?", "options": ["A line", "A copy"], "correct_answers": ["A copy"]},
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_say_which_option_is_right(way: str) -> None:
    (question,) = of_json({"title": "T", "topics": [{"name": "Net", "questions": [WAYS[way]]}]})
    assert question.prompt == "What is a cache?"
    assert [(one.text, one.right) for one in question.choices] == [("A line", False), ("A copy", True)]


def test_numbers_of_options_count_from_0_or_1_as_all_of_them_say() -> None:
    def right(*numbers: int) -> list[list[bool]]:
        bank = [
            {"question": f"What {n}?", "options": ["a", "b", "c"], "answer": number} for n, number in enumerate(numbers)
        ]
        return [[one.right for one in question.choices] for question in of_json(bank)]

    assert right(0, 1) == [[True, False, False], [False, True, False]]
    assert right(3, 1) == [[False, False, True], [True, False, False]]
    unsure = read_json(json.dumps([{"question": "What?", "options": ["a", "b", "c"], "answer": 1}]).encode(), "a")
    assert "counts from 0" in unsure.warnings[0].message


def test_wrong_answers_apart_cards_open_questions_and_statements() -> None:
    bank = [
        {"question": "What is a &quot;cache&quot;?", "correct_answer": "A copy", "incorrect_answers": ["A line"]},
        {"front": "What is a queue?", "back": "A line."},
        {"question": "Explain pipes.", "answer": "Tubes.", "category": "Shell"},
        {"question": "A cache is a copy.", "answer": True},
    ]
    choice, card, statement, essay = of_json(bank)  # the section of the third stands behind the others
    assert (choice.prompt, [one.right for one in choice.choices]) == ('What is a "cache"?', [True, False])
    assert (card.flashcard, card.answer) == (True, "A line.")
    assert (essay.flashcard, essay.answer) == (False, "Tubes.")
    assert statement.expected is not None


def test_a_deck_of_crowdanki_has_the_cards_of_its_notes() -> None:
    deck = {
        "__type__": "Deck",
        "name": "Net",
        "note_models": [{"crowdanki_uuid": "m1", "name": "Basic (and reversed card)"}],
        "notes": [{"fields": ["cache", "a <b>copy</b>"], "guid": "g1", "note_model_uuid": "m1", "tags": ["net"]}],
    }
    assert [(one.prompt, one.answer) for one in of_json(deck)] == [("cache", "a **copy**"), ("a **copy**", "cache")]


YAML = (
    "questions:\n  - text: What is a cache?\n    options:\n      - text: A copy\n        is_correct: true\n"
    "      - text: A line\n"
)


@pytest.mark.parametrize("text", [YAML, YAML.removeprefix("questions:\n"), f"title: T\n{YAML}"])
def test_yaml_is_read_with_and_without_a_name_above_the_list(text: str) -> None:
    (question,) = asked(read_yaml(text.encode(), "a-file"))
    assert (question.prompt, [one.right for one in question.choices]) == ("What is a cache?", [True, False])


def test_questions_in_front_matter_are_asked_beside_those_of_the_note() -> None:
    note = parse_note(f"---\ntitle: T\n{YAML}---\n\nQ: What is a queue?\nA: A line.\n".encode())
    assert [(one.line, one.prompt) for one in asked(note)] == [(4, "What is a cache?"), (11, "What is a queue?")]


@pytest.mark.parametrize(
    ("read", "text", "line"),
    [(read_json, '{"a": 1}', 1), (read_json, "[\n{", 2), (read_json, "[" * 100_000, 1), (read_yaml, "a: [\n", 2)],
)
def test_what_holds_no_questions_is_refused_with_a_sentence(read: Any, text: str, line: int) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text.encode(), "a-file")
    assert refused.value.line == line
    assert str(refused.value).endswith(".")
