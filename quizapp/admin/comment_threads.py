"""What editors have said about a question, a lab or a note, with their names. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.admin.trail import who_is
from quizapp.catalogue.comments.models import EditorComment
from quizapp.catalogue.comments.service import open_threads, threads_about
from quizapp.catalogue.html.rendering import in_plain_text
from quizapp.catalogue.models import Note, Question
from quizapp.catalogue.trail import shortened
from quizapp.catalogue.visibility import Reader


@dataclass(frozen=True, kw_only=True)
class SaidComment:
    """A comment as a page shows it."""

    id: int
    who: str
    at: datetime
    words: str


@dataclass(frozen=True, kw_only=True)
class SaidThread:
    """A thread as a page shows it."""

    first: SaidComment
    answers: Sequence[SaidComment]
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class OpenThread:
    """An open thread in the list of all."""

    first: SaidComment
    question: str | None
    """The key of the question; None if it is about a note."""
    note: str | None
    """The key of the note; None if it is about a question."""
    about: str
    """How the question begins, or what the note is called."""


def said_about(db: Session, about: Question | Note) -> Sequence[SaidThread]:
    """The threads about a question or note, those that are open first."""
    threads = threads_about(db, about)
    names = _names(db, (one.editor_id for thread in threads for one in (thread.first, *thread.answers)))
    return [
        SaidThread(
            first=_said(thread.first, names),
            answers=[_said(one, names) for one in thread.answers],
            is_open=thread.first.resolved_at is None,
        )
        for thread in threads
    ]


def all_open(db: Session, *, editor: Reader) -> Sequence[OpenThread]:
    """The open threads about what the editor may change, the newest first."""
    found = open_threads(db, editor=editor)
    names = _names(db, (one.editor_id for one in found))
    return [
        OpenThread(
            first=_said(one, names),
            question=one.question.key if one.question is not None else None,
            note=one.note.key if one.note is not None else None,
            about=_about(one),
        )
        for one in found
    ]


def _names(db: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    wanted = set(ids)
    return dict(db.execute(select(User.id, User.name).where(User.id.in_(wanted))).all()) if wanted else {}


def _said(one: EditorComment, names: dict[UUID, str]) -> SaidComment:
    who = who_is(names.get(one.editor_id), one.editor_id)
    return SaidComment(id=one.id, who=who, at=one.at, words=one.words)


def _about(one: EditorComment) -> str:
    """The beginning of the question, or the title of the note."""
    if one.question is not None:
        return in_plain_text(shortened(one.question.prompt))
    return shortened(one.note.title) if one.note is not None else ""
