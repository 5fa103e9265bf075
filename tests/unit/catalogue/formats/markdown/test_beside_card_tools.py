"""Small notes beside what other card tools made of them: md-cards.tsv, made by running the tools that it names.

The fifth column is what is asked here. Where that is not what the tool asks, the sixth says why. Line ends, tabs and
backslashes are escaped in the third column; quotes mean nothing.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note

TABLE = Path(__file__).with_name("md-cards.tsv").read_text(encoding="utf-8")
ROWS = [line.split("\t") for line in TABLE.splitlines()[1:]]
ESCAPED = {"\\\\": "\\", "\\n": "\n", "\\t": "\t"}
Pair = tuple[str, ...]


def same_words(html: str) -> str:
    """A side of a card without what only HTML adds."""
    return " ".join(re.sub(r"</?[a-z]\w*[^<>]*>", " ", html).replace("&lt;", "<").replace("&gt;", ">").split())


def pair_of(card: dict[str, Any]) -> Pair:
    if "cloze" in card:
        return (card["cloze"].replace(card.get("hidden", ""), "[\u2026]", 1), card.get("hidden", ""))
    fields = list(card.get("fields", card).values())
    return (card.get("front", card.get("q", fields[0])), card.get("back", card.get("a", fields[1])))


def tool_asks(tool: str, column: str) -> list[Pair]:
    """Front and back of each of the tool's cards; none where it refuses the note."""
    said = json.loads(column)
    if tool.startswith("mldoc"):
        return []  # it tells blocks alone
    if isinstance(said, dict):
        said = said.get("cards", [])
    if any(isinstance(card, list) for card in said):
        return [tuple(map(same_words, card[:2])) for card in said]
    return [tuple(map(same_words, pair_of(note))) for card in said for note in card.get("notes", [card])]


@pytest.mark.parametrize(("tool", "version", "markdown", "cards", "ours", "why"), ROWS)
def test_what_is_asked_is_what_the_tool_asks_or_the_table_says_why_not(
    tool: str, version: str, markdown: str, cards: str, ours: str, why: str
) -> None:
    text = re.sub(r"\\[\\nt]", lambda found: ESCAPED[found[0]], markdown)
    asked = [(one.prompt, one.answer) for one in parse_note(text.encode()).everything_asked]
    assert asked == [tuple(pair) for pair in json.loads(ours)], f"{tool} {version}"
    alike = [tuple(map(same_words, pair)) for pair in asked] == tool_asks(tool, cards)
    assert alike is (not why), why or "The table says nothing of what is different here."


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("some text\n\nveth::cable\n", 3, "If it is a card, tag the note as flashcards"),
        ("a ==b== c\n\n- d ==e==\n", 1, "2 lines are like this"),
        ("C: a [b\n", 1, "This text with gaps has none"),
        ("## What is a veth?\n\nA cable.\n", 1, "No questions are read from this note: 1 line asks"),
        ("- What? #card\n  card-repeats:: 2\n\t- So.\n", 2, "What another program remembers"),
    ],
)
def test_card_syntax_that_is_read_as_text_is_told(text: str, line: int, message: str) -> None:
    (warning,) = parse_note(text.encode()).warnings
    assert warning.line == line
    assert message in warning.message


@pytest.mark.parametrize(
    "text", ["use std::env and `a::b`\n", "---\ntags: flashcards\n---\nveth :: cable\n", "# Why?\n"]
)
def test_a_name_in_a_sentence_a_card_and_a_title_are_told_nothing_of(text: str) -> None:
    assert parse_note(text.encode()).warnings == ()


def test_between_start_and_end_fields_are_taken_apart_and_fences_stay_whole() -> None:
    text = "START\nBasic (and reversed card)\nWhat?\nBack: So:\n\n```\nFront: x\n\nEND\n```\nTags: net\nEND\n\nmore\n"
    note = parse_note(text.encode())
    back = "So:\n\n```\nFront: x\n\nEND\n```"
    assert [(one.prompt, one.answer) for one in note.questions] == [("What?", back), (back, "What?")]
    assert note.sections[0].body == "more"


def test_a_start_without_an_end_is_text() -> None:
    (question,) = parse_note(b"START\nBasic\nWhat?\n\nSTART\nBasic\nWhy?\nBack: So.\nEND\n").questions
    assert (question.prompt, question.answer) == ("Why?", "So.")


def test_a_percent_sign_parts_front_and_back_below_a_heading_that_asks() -> None:
    (question,) = parse_note(b"# T\n\n## What runs?\n\nSay it.\n\n%\n\nThis:\n\n- ps\n\n%\n\nnet\n").questions
    assert (question.prompt, question.answer) == ("What runs?\n\nSay it.", "This:\n\n- ps")


def test_an_answer_that_is_a_quotation_alone_is_asked_without_its_marks() -> None:
    asked = [one.answer for one in parse_note(b"Q: a?\n\n> one\n> two\n\nQ: b?\n\n> [!note]\n> three\n").questions]
    assert asked == ["one\ntwo", "> [!note]\n> three"]
