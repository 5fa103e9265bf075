"""What editors say to each other about a question, a lab or a note: threads that are answered and resolved.

Learners never see them. The caller commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from quizapp.catalogue.comments.models import EditorComment
from quizapp.catalogue.models import DeedOf, Note, Question
from quizapp.catalogue.question_wording import tidy
from quizapp.catalogue.remits import edited_by, hold, hold_note, notes_edited_by
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.visibility import FOR_ALL, Reader, is_for_all
from quizapp.errors import Conflict, Invalid, NotFound

WORDS_MAX_CHARS = 2_000  # a page; what is longer is a text of its own
COMMENTS_MAX = 300  # on one question or note
OPEN_SHOWN_MAX = 100  # threads of the list, the newest


@dataclass(frozen=True, kw_only=True)
class CommentThread:
    """A comment with its answers, in their order."""

    first: EditorComment
    answers: Sequence[EditorComment]


def say(
    db: Session, *, about: Question | Note, words: str, editor: Reader, now: datetime, answers_id: int | None = None
) -> EditorComment:
    """Begin a thread about a question or note for all, or answer in one, which opens it again.

    Raises OutsideRemit, Invalid for no words or too many, Conflict for too many comments, and NotFound for a thread
    about something else.
    """
    _hold(db, about, editor)
    said = tidy(words).strip()
    if not said:
        raise Invalid("Write something first.")
    if len(said) > WORDS_MAX_CHARS:
        raise Invalid(f"A comment has at most {WORDS_MAX_CHARS} characters.")
    if (db.scalar(select(func.count()).where(_about(about))) or 0) >= COMMENTS_MAX:
        raise Conflict(f"There are {COMMENTS_MAX} comments here. Say it in the text, or to each other.")
    if answers_id is not None:
        first = db.scalar(select(EditorComment).where(EditorComment.id == answers_id, _about(about)))
        if first is None or first.answers_id is not None:
            raise NotFound("There is no such thread here any more.")
        first.resolved_at = None
    comment = EditorComment(answers_id=answers_id, editor_id=editor.id, at=now, words=said)
    comment.question_id = about.id if isinstance(about, Question) else None
    comment.note_id = about.id if isinstance(about, Note) else None
    db.add(comment)
    _tell(db, about, DeedOf.COMMENT, editor=editor, now=now)
    return comment


def resolve(db: Session, *, comment_id: int, editor: Reader, now: datetime) -> EditorComment:
    """Resolve a thread; nothing if it is resolved already. Raises NotFound and OutsideRemit."""
    found = db.scalar(select(EditorComment).where(EditorComment.id == comment_id).with_for_update())
    about = (found.question or found.note) if found is not None else None
    if found is None or about is None or found.answers_id is not None:
        raise NotFound("There is no such thread any more.")
    _hold(db, about, editor)
    if found.resolved_at is None:
        found.resolved_at = now
        _tell(db, about, DeedOf.RESOLVE, editor=editor, now=now)
    return found


def threads_about(db: Session, about: Question | Note) -> Sequence[CommentThread]:
    """The threads about a question or note, those that are open first."""
    rows = db.scalars(select(EditorComment).where(_about(about)).order_by(EditorComment.id)).all()
    answers: dict[int, list[EditorComment]] = {}
    for row in rows:
        if row.answers_id is not None:
            answers.setdefault(row.answers_id, []).append(row)
    threads = [CommentThread(first=row, answers=answers.get(row.id, ())) for row in rows if row.answers_id is None]
    return sorted(threads, key=lambda one: one.first.resolved_at is not None)


def open_threads(db: Session, *, editor: Reader) -> Sequence[EditorComment]:
    """The newest OPEN_SHOWN_MAX comments that began an open thread about what the editor may change."""
    is_open = EditorComment.answers_id.is_(None), EditorComment.resolved_at.is_(None)
    of_question = EditorComment.question_id.is_not(None) & is_for_all() & edited_by(editor)
    of_note = EditorComment.note_id.is_not(None) & FOR_ALL & notes_edited_by(editor)
    rows = select(EditorComment).outerjoin(EditorComment.question).outerjoin(Note, Note.id == EditorComment.note_id)
    rows = rows.options(contains_eager(EditorComment.question)).where(*is_open, or_(of_question, of_note))
    return db.scalars(rows.order_by(EditorComment.id.desc()).limit(OPEN_SHOWN_MAX)).all()


def count_open_about_question() -> ScalarSelect[int]:
    """In a statement on questions, how many open threads there are about each."""
    counted = select(func.count(EditorComment.id)).where(EditorComment.question_id == Question.id)
    is_open = EditorComment.answers_id.is_(None), EditorComment.resolved_at.is_(None)
    return counted.where(*is_open).correlate(Question).scalar_subquery()


def _hold(db: Session, about: Question | Note, editor: Reader) -> None:
    if isinstance(about, Question):
        hold(db, about, editor)
    else:
        hold_note(db, about, editor)


def _about(about: Question | Note) -> ColumnElement[bool]:
    column = EditorComment.question_id if isinstance(about, Question) else EditorComment.note_id
    return column == about.id


def _tell(db: Session, about: Question | Note, what: DeedOf, *, editor: Reader, now: datetime) -> None:
    key, words = (about.key, about.prompt) if isinstance(about, Question) else (None, about.title)
    note_down(db, what=what, words=words, editor=editor, now=now, key=key)
