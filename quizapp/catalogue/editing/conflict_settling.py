"""Settles questions that both their file and the browser have changed."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing.authored_rows import By, record
from quizapp.catalogue.models import DeedOf, Note, Question, Unsettled, file_note_id
from quizapp.catalogue.question_shape import shape_of
from quizapp.catalogue.remits import hold
from quizapp.catalogue.store.question_store import content_from, retire, update
from quizapp.catalogue.visibility import Reader


class TakenSide(StrEnum):
    """Whose version is taken."""

    FILE = "file"
    DATABASE = "database"  # what was edited in the browser


def unsettled(db: Session, *, paths: Sequence[str] | None = None) -> Sequence[Question]:
    """The questions that wait for an editor, note by note; of these Note.paths alone if they are given."""
    rows = (
        select(Question)
        .join(Unsettled)
        .join(Question.note)
        .where(Unsettled.settled.is_(False), Question.retired_at.is_(None))
    )
    rows = rows.where(Note.path.in_(paths)) if paths is not None else rows
    return db.scalars(rows.order_by(Note.path, Question.position, Question.id)).all()


def settle(db: Session, question: Question, *, take: TakenSide, now: datetime) -> None:
    """Take one side's version; the other one stays in the question's history or in the file. Nothing if it is settled.

    The file's version is stored as an import would store it. The browser's stays, and the file's is taken as known, so
    that it is the browser that has changed the question since; a question that left its file stays asked.
    """
    dispute = db.get(Unsettled, question.id, with_for_update=True)
    if dispute is None:
        return
    match take, dispute.file:
        case TakenSide.FILE, None:
            retire(question, now=now)
            question.edited, question.base = False, None
            db.delete(dispute)
        case TakenSide.FILE, file:
            assert file is not None
            question.edited = False
            update(db, question, content_from(file), now=now)
            db.delete(dispute)
        case TakenSide.DATABASE, None:
            dispute.settled = True
        case TakenSide.DATABASE, file:
            assert file is not None
            question.fingerprint, question.base = content_from(file).fingerprint, file
            db.delete(dispute)
    db.flush()


def decide(db: Session, question: Question, *, take: TakenSide, editor: Reader, now: datetime) -> None:
    """Take one side's version as `settle` does, with an edit and a line of the trail. Raises OutsideRemit."""
    hold(db, question, editor)
    before, rev = shape_of(question), question.rev
    settle(db, question, take=take, now=now)
    db.refresh(question)
    if record(db, question, before, what=DeedOf.SETTLE, by=By(editor=editor, now=now)) is not None:
        question.rev = rev + 1  # once, though the file's version has counted it already


def disputed_of(db: Session, *, note_id: int) -> frozenset[int]:
    """The ids of the questions of a note that wait for an editor."""
    rows = select(Unsettled.question_id).join(Question).where(file_note_id == note_id, Unsettled.settled.is_(False))
    return frozenset(db.scalars(rows))
