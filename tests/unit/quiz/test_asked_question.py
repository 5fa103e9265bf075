"""The words that a sitting keeps of its questions: stored, and read whichever version stored them."""

import json

import pytest
from pydantic import ValidationError

from quizapp.quiz.asked_question import Asked, AskedChoice, AskedKind, from_json, to_json

ASKED = Asked(
    kind=AskedKind.MULTIPLE,
    prompt="Which *survive*?",
    must=("one", "two"),
    choices=(AskedChoice(id=7, text="A volume", right=True, why="It is kept."),),
    source_url="https://example.org/",
)


def test_what_is_stored_is_read_again() -> None:
    assert from_json(json.loads(json.dumps(to_json(ASKED)))) == ASKED


def test_what_an_older_version_stored_is_read_with_defaults() -> None:
    assert from_json({"kind": "open", "prompt": "Why?"}) == Asked(kind=AskedKind.OPEN, prompt="Why?")


def test_what_a_newer_version_added_is_left_out() -> None:
    assert from_json(to_json(ASKED) | {"mood": "bright"}) == ASKED


@pytest.mark.parametrize("data", [{}, {"kind": "open"}, {"kind": "essay", "prompt": "Why?"}])
def test_what_is_no_question_is_refused(data: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        from_json(data)
