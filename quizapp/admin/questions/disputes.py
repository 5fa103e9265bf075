"""A question that its file and the browser have both changed: how the versions differ, and an editor's decision."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.catalogue.models import Question, Unsettled
from quizapp.catalogue.question_wording import LABELS
from quizapp.catalogue.store.question_store import Content, content_from, served

_PARTS = (
    "prompt",
    "answer",
    "choices",
    "must",
    "bonus",
    "red_flags",
    "hints",
    "expected",
    "level",
    "source_url",
    "as_of",
)


@dataclass(frozen=True, kw_only=True)
class DisputedText:
    """A part of a question that differs between the versions."""

    label: str
    base: str
    """As it was when both were the same; empty if that is not known."""
    file: str
    here: str


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """What an editor has to decide."""

    parts: Sequence[DisputedText]
    """None of them if the file no longer has the question."""


def dispute_of(db: Session, question: Question) -> Dispute | None:
    """What there is to decide about a question; None if nothing."""
    row = db.get(Unsettled, question.id)
    if row is None or row.settled or question.retired_at is not None:
        return None
    if row.file is None:
        return Dispute(parts=())
    base = content_from(question.base) if question.base is not None else None
    file, here = content_from(row.file), served(question)
    return Dispute(
        parts=[
            DisputedText(
                label=LABELS.get(name, name),
                base=_shown(base, name) if base is not None else "",
                file=_shown(file, name),
                here=_shown(here, name),
            )
            for name in _PARTS
            if getattr(file, name) != getattr(here, name)
        ]
    )


def _shown(content: Content, name: str) -> str:
    if name == "choices":
        return "\n".join(f"[{'x' if one.right else ' '}] {one.text}  {one.why}".rstrip() for one in content.choices)
    if name == "expected":
        return content.expected.source if content.expected is not None else ""
    value = getattr(content, name)
    return "\n".join(value) if isinstance(value, tuple) else str(value or "")
