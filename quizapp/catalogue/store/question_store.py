"""Merges a question's file content into its stored row, without losing edits made in the browser.

Knows no note and no lab; both importers use it. Learners' cards and attempts are never changed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from quizapp.catalogue.formats.parsed import ParsedChoice, ParsedQuestion
from quizapp.catalogue.kinds.expected import Expected, from_json, to_json
from quizapp.catalogue.models import CHOICE_KINDS, Choice, Question, QuestionKind
from quizapp.catalogue.store.likeness import Fact

Stored = TypeVar("Stored")
_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False)


_LATER = ("expected", "hints")  # left out of a fingerprint where empty, so that older questions keep theirs
_LISTS = ("must", "bonus", "red_flags", "hints")


@dataclass(frozen=True, kw_only=True)
class Content:
    """A question's texts, options, level and source, from a file or from the database. Its place and tags are not."""

    kind: QuestionKind
    prompt: str
    answer: str = ""
    must: tuple[str, ...] = ()
    bonus: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()
    choices: tuple[ParsedChoice, ...] = ()
    expected: Expected | None = None
    hints: tuple[str, ...] = ()
    level: int | None = None
    source_url: str | None = None
    as_of: str | None = None

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content, in hex; equal for equal content on every machine. Computed once."""
        # Not by `asdict`, which copies every text and takes ten times as long.
        data = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in _LATER}
        if self.expected is not None:
            data["expected"] = to_json(self.expected)
        if self.hints:
            data["hints"] = self.hints
        return fingerprint(data | {"choices": [vars(choice) for choice in self.choices]})

    @property
    def fact(self) -> Fact:
        """What it asks; without a text the right options are the answer, and what is expected is a part of it."""
        if self.expected is not None:
            return Fact(prompt=self.prompt, answer="\n".join(filter(None, (self.expected.solution, self.answer))))
        right = (choice.text for choice in self.choices if choice.right)
        return Fact(prompt=self.prompt, answer=self.answer or "\n".join(right))

    @property
    def can_be_asked(self) -> bool:
        """Whether it has an answer, or for a choice question two options of which one is right."""
        if self.kind in CHOICE_KINDS:
            return len(self.choices) > 1 and any(choice.right for choice in self.choices)
        return bool(self.answer) or self.expected is not None


def as_json(content: Content) -> dict[str, Any]:
    """A content as JSON data."""
    data = {name: getattr(content, name) for name in content.__dataclass_fields__}
    lists = {name: list(data[name]) for name in _LISTS}
    expected = {"expected": to_json(content.expected) if content.expected is not None else None}
    choices = {"choices": [dict(vars(choice)) for choice in content.choices]}
    return data | lists | choices | expected | {"kind": content.kind.value}


def content_from(data: Mapping[str, Any]) -> Content:
    """The content that `as_json` has written."""
    lists = {name: tuple(data.get(name, ())) for name in _LISTS}
    choices = tuple(ParsedChoice(**choice) for choice in data["choices"])
    expected = from_json(data["expected"]) if data.get("expected") is not None else None
    return Content(**{**data, **lists, "kind": QuestionKind(data["kind"]), "choices": choices, "expected": expected})


class Merge(StrEnum):
    """The result of merging a file's content into a stored question."""

    NEW = "new"  # there was none
    SAME = "same"  # nothing to change
    CHANGED = "changed"  # the file's content was stored
    CONFLICT = "conflict"  # the file and the browser have both changed it; the stored content stays


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What a stored question is after the merge."""

    outcome: Merge
    fingerprint: str
    edited: bool
    content: Content | None = None
    """What it says if that is neither all the file's nor all that was stored; None else."""
    base: Content | None = None
    """See `Question.base`."""


def fingerprint(data: Any) -> str:
    """SHA-256 of JSON data, in hex."""
    return hashlib.sha256(_JSON.encode(data).encode()).hexdigest()


def content_of(question: ParsedQuestion) -> Content:
    """The content of a parsed question."""
    return Content(
        kind=_kind(question),
        prompt=question.prompt,
        answer=question.answer,
        must=question.must,
        bonus=question.bonus,
        red_flags=question.red_flags,
        choices=question.choices,
        expected=question.expected,
        hints=question.hints,
        level=question.level,
        source_url=question.source_url,
        as_of=question.as_of,
    )


def served(question: Question) -> Content:
    """The present content of a stored question."""
    return Content(
        kind=question.kind,
        prompt=question.prompt,
        answer=question.answer,
        must=tuple(question.must),
        bonus=tuple(question.bonus),
        red_flags=tuple(question.red_flags),
        choices=tuple(ParsedChoice(text=each.text, right=each.right, why=each.why) for each in question.choices),
        expected=question.expected,
        hints=tuple(question.hints),
        level=question.level,
        source_url=question.source_url,
        as_of=question.as_of,
    )


def create(content: Content, *, key: str, now: datetime) -> Question:
    """A new question, without a note and not added to a database session."""
    question = Question(key=key, fingerprint=content.fingerprint, updated_at=now, edited=False, rev=1, retired_at=None)
    question.choices = [
        Choice(position=number, text=choice.text, right=choice.right, why=choice.why)
        for number, choice in enumerate(content.choices, start=1)
    ]
    _write_texts(question, content)
    return question


def merge(content: Content, present: Content, *, fingerprint: str, edited: bool, base: Content | None = None) -> Merged:
    """Decide about the content of a file; the other arguments are what is stored.

    It is taken, unless the browser's editor has changed the question since the last import of it. Then of each part
    that one side alone has changed that side's version is taken; a part that both have changed is a conflict.
    """
    if edited and content.fingerprint == fingerprint:
        return Merged(outcome=Merge.SAME, fingerprint=fingerprint, edited=True, base=base)
    if not edited or content == present:
        outcome = Merge.SAME if content == present else Merge.CHANGED
        return Merged(outcome=outcome, fingerprint=content.fingerprint, edited=False)
    both = _of_both(base, content, present) if base is not None else None
    if both is None:
        return Merged(outcome=Merge.CONFLICT, fingerprint=fingerprint, edited=True, base=base)
    return Merged(
        outcome=Merge.SAME if both == present else Merge.CHANGED,
        fingerprint=content.fingerprint,
        edited=both != content,
        content=both,
        base=content if both != content else None,
    )


def _of_both(base: Content, file: Content, stored: Content) -> Content | None:
    """The changes of both sides; None if they have changed one part in two ways."""
    parts: dict[str, Any] = {}
    for name in base.__dataclass_fields__:
        was, theirs, ours = getattr(base, name), getattr(file, name), getattr(stored, name)
        if theirs not in (was, ours) and ours != was:
            return None
        parts[name] = ours if theirs == was else theirs
    return Content(**parts)


def update(db: Session, question: Question, content: Content, *, now: datetime) -> Merge:
    """Store the file's content if `merge` says so."""
    merged = merge(content, served(question), fingerprint=question.fingerprint, edited=question.edited)
    question.fingerprint, question.edited = merged.fingerprint, merged.edited
    question.base = as_json(merged.base) if merged.base is not None else None
    if merged.outcome is Merge.CHANGED:
        _write_choices(db, question, content.choices)
        _write_texts(question, content)
        question.rev += 1
        question.updated_at = now
    return merged.outcome


def retire(question: Question, *, now: datetime) -> bool:
    """Retire a question, so that it is not asked; cards and log stay. Returns whether it was not retired before."""
    if question.retired_at is not None:
        return False
    question.retired_at = now
    return True


def restore(question: Question) -> bool:
    """Undo `retire`, so that the question is asked again. Returns whether it was retired."""
    if question.retired_at is None:
        return False
    question.retired_at = None
    return True


def _kind(question: ParsedQuestion) -> QuestionKind:
    if question.flashcard:
        return QuestionKind.FLASHCARD
    if not question.choices:
        return QuestionKind(question.expected.kind) if question.expected is not None else QuestionKind.OPEN
    right = sum(choice.right for choice in question.choices)
    return QuestionKind.MULTIPLE if right > 1 else QuestionKind.SINGLE


def columns_of(content: Content) -> dict[str, Any]:
    """The values of a question's columns that its content decides."""
    return {
        "kind": content.kind,
        "prompt": content.prompt,
        "answer": content.answer,
        "must": list(content.must),
        "bonus": list(content.bonus),
        "red_flags": list(content.red_flags),
        "expected": content.expected,
        "hints": list(content.hints),
        "level": content.level,
        "source_url": content.source_url,
        "as_of": content.as_of,
        "draft": not content.can_be_asked,
    }


def _write_texts(question: Question, content: Content) -> None:
    for name, value in columns_of(content).items():
        setattr(question, name, value)


def matched(wanted: Sequence[ParsedChoice], stored: Sequence[tuple[str, Stored]]) -> list[Stored | None]:
    """The stored one of each option, given with its text: that of the same text, else the next one left, or None."""
    free = list(stored)
    found: list[tuple[str, Stored] | None] = []
    for choice in wanted:
        same = next((one for one in free if one[0] == choice.text), None)
        found.append(same)
        if same is not None:
            free.remove(same)
    return [one[1] if one is not None else (free.pop(0)[1] if free else None) for one in found]


def _write_choices(db: Session, question: Question, wanted: Sequence[ParsedChoice]) -> None:
    """Change options in place, matched by text, else by order: answers that others have kept refer to their ids."""
    if wanted == served(question).choices:
        return
    free = list(question.choices)
    for number, row in enumerate(free, start=1):
        row.position = -number  # free all positions: no two rows may have one position at a time
    db.flush()
    kept = [found or Choice() for found in matched(wanted, [(row.text, row) for row in free])]
    for number, (row, choice) in enumerate(zip(kept, wanted, strict=True), start=1):
        row.position, row.text, row.right, row.why = number, choice.text, choice.right, choice.why
    question.choices = kept
    db.flush()
