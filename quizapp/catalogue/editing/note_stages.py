"""Retires notes for all in the browser, and restores them with what they had.

A note that is a file stays retired when the file is imported: `service` leaves the file aside. What learners have of
its questions stays. The caller commits.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer

from quizapp.catalogue.models import DeedOf, Note
from quizapp.catalogue.note_paths import BROWSER
from quizapp.catalogue.remits import hold_note, notes_edited_by
from quizapp.catalogue.visibility import FOR_ALL, Reader
from quizapp.errors import NotFound

# What an editor or the retiring of a browser's note took away. What went with its file comes back with its file.
_COMES_BACK = or_(Note.retired_here, Note.path.startswith(BROWSER))
LISTED_MAX = 50  # the newest


def retire_note_here(db: Session, *, note: Note, editor: Reader, now: datetime) -> int:
    """Retire a note for all with its concepts and questions; returns how many questions were asked until now.

    Nothing for one that is retired. Raises OutsideRemit.
    """
    # They load the parsers, which no other page needs.
    from quizapp.catalogue.store.note_rows import retire_note
    from quizapp.catalogue.store.revisions import Revisions

    _lock(db, note, editor)
    if note.retired_at is not None:
        return 0
    note.retired_here = True
    revisions = Revisions(editor_id=editor.id, what=DeedOf.RETIRE_NOTE)
    return retire_note(db, note, now=now, revisions=revisions).retired


def restore_note(db: Session, *, note: Note, editor: Reader, now: datetime) -> int:
    """Let a retired note be there again, with the concepts and questions that went with it; returns how many questions.

    What was retired by itself, before or since, stays retired. Nothing for a note that is there. Raises OutsideRemit,
    and NotFound for one that comes back with its file alone.
    """
    from quizapp.catalogue.store import note_rows  # as above
    from quizapp.catalogue.store.revisions import Revisions

    _lock(db, note, editor)
    if note.retired_at is None:
        return 0
    if db.scalar(select(Note.id).where(Note.id == note.id, _COMES_BACK)) is None:
        raise NotFound("This note was a file that is gone. It comes back with its file.")
    questions = note_rows.restore_note(db, note)
    Revisions(editor_id=editor.id, what=DeedOf.RESTORE_NOTE).keep_restored(
        db, title=note.title, questions=[(one.key, one.prompt) for one in questions], now=now
    )
    return len(questions)


def retired_notes(db: Session, *, editor: Reader) -> Sequence[Note]:
    """The notes for all that can be restored and that this editor may change, the last retired first."""
    found = select(Note).options(defer(Note.source)).where(Note.retired_at.is_not(None), FOR_ALL, _COMES_BACK)
    found = found.where(notes_edited_by(editor)).order_by(Note.retired_at.desc(), Note.id)
    return db.scalars(found.limit(LISTED_MAX)).all()


def _lock(db: Session, note: Note, editor: Reader) -> None:
    db.refresh(note, with_for_update=True)
    hold_note(db, note, editor)
