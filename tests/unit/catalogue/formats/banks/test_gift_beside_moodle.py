"""GIFT questions beside what Moodle's own reader (4.1dev, build 20221108) makes of them: gift-moodle.tsv.

The third column is empty where this reader says the same, and else what it says, with the reason in the fourth. Tabs,
line ends and backslashes are escaped in the first column; quotes mean nothing.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from quizapp.catalogue.formats.bank import BankItem, ItemKind
from quizapp.catalogue.formats.bank_answer import BankAnswer
from quizapp.catalogue.formats.banks.gift import items_of
from quizapp.catalogue.formats.decoding import decoded

TABLE = Path(__file__).with_name("gift-moodle.tsv").read_text(encoding="utf-8")
ROWS = [line.split("\t") for line in TABLE.splitlines()[1:]]
ESCAPED = {"\\\\": "\\", "\\n": "\n", "\\t": "\t", "\\r": "\r"}
KINDS = {
    ItemKind.CHOICE: "multichoice",
    ItemKind.TRUE_FALSE: "truefalse",
    ItemKind.TYPED: "shortanswer",
    ItemKind.NUMERIC: "numerical",
    ItemKind.MATCHING: "match",
    ItemKind.ESSAY: "essay",
    ItemKind.TEXT: "description",
}
KEPT = ("type", "text", "answers", "pairs", "general", "id", "tags", "correct", "single")


def same_words(text: str) -> str:
    """A text without what only Markdown or a site adds: escapes and the widths of blanks."""
    return " ".join(re.sub(r"\\(?=[^\w\s])", "", text).replace("```", "").split())


def answer_of(answer: BankAnswer) -> dict[str, Any]:
    shown = {"a": same_words(answer.text), "f": round(answer.weight / 100, 3), "fb": same_words(answer.feedback)}
    return {name: value for name, value in shown.items() if value or name != "fb"}


def said_of(item: BankItem) -> dict[str, Any]:
    said: dict[str, Any] = {"type": KINDS[item.kind], "text": same_words(item.stem)}
    if item.kind is ItemKind.TRUE_FALSE:
        said["correct"] = item.answers[0].weight > 0
    elif item.answers:
        said["answers"] = [answer_of(answer) for answer in item.answers]
    if item.kind is ItemKind.CHOICE:
        said["single"] = int(item.one_right)
    more = {"pairs": [list(pair) for pair in item.pairs], "general": item.feedback, "tags": list(item.tags)}
    return said | {name: value for name, value in more.items() if value} | ({"id": item.key} if item.key else {})


def moodle_said(column: str) -> list[dict[str, Any]]:
    """Moodle's questions, without what only a site needs."""
    given = json.loads(column)
    questions = given.get("questions", [] if "errors" in given else [given]) if isinstance(given, dict) else given
    return [normal(question) for question in questions if question["type"] != "category"]


def normal(question: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in question.items() if name in KEPT}
    kept["text"] = same_words(question["text"])
    if question["type"] == "match":
        kept["pairs"] = [[same_words(side) for side in pair] for pair in question["pairs"]]
    for answer in kept.get("answers", []):
        answer.pop("tol", None)
        answer |= {"a": same_words(str(answer["a"])), "f": round(answer["f"], 3)}
        answer |= {"fb": same_words(answer["fb"])} if "fb" in answer else {}
    return kept


@pytest.mark.parametrize(("gift", "moodle", "ours", "why"), ROWS)
def test_a_question_means_what_it_means_to_moodle_or_the_table_says_why_not(
    gift: str, moodle: str, ours: str, why: str
) -> None:
    text = re.sub(r"\\[\\ntr]", lambda found: ESCAPED[found[0]], gift)
    wanted = json.loads(ours) if ours else moodle_said(moodle)
    assert [said_of(item) for item in items_of(decoded(text.encode()))] == wanted
    assert bool(ours) == bool(why)
