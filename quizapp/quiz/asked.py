"""A question as a sitting asks it: its words, its options, which are right. Knows no database and no learner.

A sitting keeps these words from its draw on, so that whatever becomes of the question, an answer is marked by what
the learner was asked, and its page later shows what was offered and picked. The draw is the moment because a page view
writes nothing: which question has been shown by then cannot be known. A question mended, left without an answer or
retired after the draw is therefore asked and marked as drawn, and the next sitting takes its new words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter


class AskedKind(StrEnum):
    """How a sitting asks."""

    OPEN = "open"
    SINGLE = "single"
    MULTIPLE = "multiple"


@dataclass(frozen=True, kw_only=True)
class AskedChoice:
    """An option as it was offered."""

    id: int
    text: str
    right: bool
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked. All texts are Markdown.

    It is stored with each attempt and never rewritten: a field that is added needs a default, for those stored before.
    """

    kind: AskedKind
    prompt: str
    answer: str = ""
    must: tuple[str, ...] = ()
    bonus: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()
    choices: tuple[AskedChoice, ...] = ()
    source_url: str | None = None
    as_of: str | None = None


_STORED = TypeAdapter(Asked)


def to_json(asked: Asked) -> dict[str, Any]:
    """Plain data to store."""
    data: dict[str, Any] = _STORED.dump_python(asked, mode="json")
    return data


def from_json(data: Mapping[str, Any]) -> Asked:
    """What was stored, by this version or another: fields that are missing have their defaults, unknown ones are left.

    Raises pydantic's ValidationError for data that is no question.
    """
    return _STORED.validate_python(data)
