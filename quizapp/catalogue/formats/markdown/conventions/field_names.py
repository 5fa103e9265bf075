"""The names of fields in which a note may write its questions: `Question`, `Options`, `Answer`, `Explanation`. Pure.

Such words also head the sections of a manual. So they are fields if the note repeats them, or has no other heading.
"""

import re
from collections.abc import Container, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.languages import (
    ANSWER_FIELDS,
    OPTION_FIELDS,
    QUESTION_FIELDS,
    REMARK_FIELDS,
)
from quizapp.catalogue.formats.markdown.wording import has_question_mark, plain, undecorated

# What columns of questions and of answers are called, in Markdown and in HTML, in lower case.
QUESTION_COLUMNS = frozenset({"question", "questions", "q", "front", "prompt", "interview question"}) | frozenset(
    QUESTION_FIELDS
)
ANSWER_COLUMNS = frozenset({"answer", "answers", "a", "back", "response", "solution", "short answer"}) | frozenset(
    ANSWER_FIELDS
)
NAME_MAX_CHARS = 40  # of a line that is a name, with its marks
FEWEST = 2  # questions of a note that has other headings too, or whose names are no headings
_DECK_LEVEL = 6  # of a heading that is made of a line: whatever else is a heading stands above it
_MARKS = re.compile(r"^ {0,3}(?:(?P<bold>\*\*|__)(?P<name>[^*_]+)(?P=bold)|(?P<bare>[A-Z][A-Za-z ]+))(?P<colon>:?)\s*$")


_FOR_WHOM = re.compile(
    r"(?:beginner|junior|intermediate|senior|advanced|expert|sample|model|short|detailed|star|ideal|strong) answer"
)
# Behind the name of a field, of which it says nothing that a learner needs: "Answer (hidden)", "Question (EN)".
_REMARK = re.compile(r"\s\((?:hidden|[a-z]{2}|short|brief|optional|spoiler)\)$", re.IGNORECASE)


class Field(StrEnum):
    """What stands below a name."""

    QUESTION = "question"
    OPTIONS = "options"
    ANSWER = "answer"
    REMARK = "remark"


_ROLES = {
    **dict.fromkeys(
        ("question", "prompt", "front", "question text", "practice question", "interview question"), Field.QUESTION
    ),
    **dict.fromkeys(("options", "choices", "answer options", "answer choices"), Field.OPTIONS),
    **dict.fromkeys(
        (
            "answer",
            "answers",
            "correct answer",
            "correct answers",
            "back",
            "expected answer",
            "suggested answer",
            "suggested answers",
        ),
        Field.ANSWER,
    ),
    **dict.fromkeys(QUESTION_FIELDS, Field.QUESTION),
    **dict.fromkeys(ANSWER_FIELDS, Field.ANSWER),
    **dict.fromkeys(OPTION_FIELDS, Field.OPTIONS),
    **dict.fromkeys(REMARK_FIELDS, Field.REMARK),
    **dict.fromkeys(("explanation", "reason", "rationale", "short explanation", "detailed explanation"), Field.REMARK),
}
# Headings that are fields if what stands below the first asks; elsewhere such words head the parts of a manual.
_OF_SCENARIOS = {"scenario": Field.QUESTION, "solution": Field.ANSWER, "solution approach": Field.ANSWER}
_WORDS = frozenset(word for name in _ROLES for word in (name, name.capitalize(), name.title()))


def field_of(text: str) -> Field | None:
    """What a heading or line announces as a field; None for other words."""
    if len(text) > NAME_MAX_CHARS:
        return None
    name = _REMARK.sub("", plain(undecorated(text)).strip("*_: \uff1a")).lower()
    return _ROLES.get(name) or (Field.ANSWER if _FOR_WHOM.fullmatch(name) else None)


def heading_role(text: str) -> Field | None:
    """The same for a heading that is known to be one of the note's fields."""
    return field_of(text) or _OF_SCENARIOS.get(plain(undecorated(text)).strip("*_: \uff1a").lower())


def lines_as_headings(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """Headings in the place of lines that are names of fields and no headings, if questions and answers repeat so."""
    found: dict[int, Field] = {}
    for number, line in enumerate(lines):
        if len(line) > NAME_MAX_CHARS or line.strip(" *_:\uff1a") not in _WORDS or number in code:
            continue
        name = _MARKS.match(line)
        followed = number + 1 < len(lines) and bool(lines[number + 1].strip())
        role = field_of(line) if name is not None and not (name["colon"] or (":" in line and followed)) else None
        if role is not None:
            found[number] = role
    roles = list(found.values())
    if min(roles.count(Field.QUESTION), roles.count(Field.ANSWER)) < FEWEST:
        return {}
    return {number: f"{'#' * _DECK_LEVEL} {lines[number].strip(' *_:')}" for number in found}


def _scenarios(blocks: Sequence[Block]) -> dict[int, Field]:
    """Headings `Scenario` with a text that asks below, and `Solution`, `Solution approach`, if both repeat."""
    found: dict[int, Field] = {}
    for heading, below in pairwise(blocks):
        if heading.kind is Kind.HEADING and len(heading.text) <= NAME_MAX_CHARS:
            role = _OF_SCENARIOS.get(plain(undecorated(heading.text)).strip("*_: \uff1a").lower())
            if role is Field.ANSWER or (
                role is not None and below.kind is Kind.PARAGRAPH and has_question_mark(below.text)
            ):
                found[heading.first] = role
    asked = list(found.values()).count(Field.QUESTION)
    return found if asked >= FEWEST and asked * 2 >= len(found) else {}


def _is_one(headings: Sequence[Block], found: Mapping[int, Field]) -> bool:
    """Whether a note is one question and its answer: its first headings are these, and no other parts them."""
    answer = next((place for place, block in enumerate(headings) if found.get(block.first) is Field.ANSWER), 0)
    return found.get(headings[0].first) is Field.QUESTION and all(block.first in found for block in headings[:answer])


def _without_title(headings: list[Block]) -> list[Block]:
    """The headings below the only one of the first level, if that comes first."""
    alone = [block for block in headings if block.level == 1] == headings[:1]
    return headings[1:] if alone and headings and field_of(headings[0].text) is None else headings


def fields_of(blocks: Sequence[Block]) -> frozenset[int]:
    """The lines of the headings that are names of fields; empty for a note that does not ask in this way."""
    headings = [block for block in blocks if block.kind is Kind.HEADING]
    found = {block.first: role for block in headings if (role := field_of(block.text)) is not None}
    headings = _without_title(headings) if Field.ANSWER in found.values() else headings
    found |= _scenarios(blocks)
    roles = list(found.values())
    asked, answered = roles.count(Field.QUESTION), max(roles.count(Field.ANSWER), roles.count(Field.OPTIONS))
    alone = len(found) == len(headings) >= FEWEST
    if alone and not asked and Field.REMARK in roles:
        return frozenset(found)  # the questions stand above them
    enough = FEWEST if len(found) < len(headings) and not _is_one(headings, found) else 1
    return frozenset(found) if min(asked, answered) >= enough and answered * 2 >= asked else frozenset()
