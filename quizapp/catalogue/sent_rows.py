"""The stored notes that came by a browser and are no files. Reads no note's text, so it loads no parser."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Note
from quizapp.catalogue.sent_notes import BROWSER
from quizapp.errors import NotFound


def sent_note(db: Session, *, key: str) -> Note:
    """The note with this key that a browser sent and that is not retired. Raises NotFound without one."""
    note = db.scalar(sent_notes().where(Note.key == key))
    if note is None:
        raise NotFound("There is no such note, or it is a file: change the file and import it again.")
    return note


def sent_note_at(db: Session, *, path: str) -> Note:
    """The note that was just stored at this Note.path. Raises NoResultFound without one."""
    return db.scalars(sent_notes().where(Note.path == path)).one()


def sent_notes() -> Select[Note]:
    """The notes that a browser sent and that are not retired, by title."""
    return select(Note).where(Note.path.startswith(BROWSER), Note.retired_at.is_(None)).order_by(Note.title, Note.id)
