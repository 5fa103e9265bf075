"""The texts of notes that are files and are changed in the browser, as rows. `sync` writes them into the files.

What an import reads and keeps of them is in `store.note_rows`.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing.conflict_settling import TakenSide
from quizapp.catalogue.models import Note, NoteHere
from quizapp.catalogue.note_paths import BROWSER


def keep_changed_here(db: Session, *, note: Note, before: str) -> None:
    """Keep the text that a note's file has, as the note's is about to be another one; nothing for one of the browser.

    `before` is the note's text until now, with the file's line ends.
    """
    if not note.path.startswith(BROWSER) and db.get(NoteHere, note.id) is None:
        db.add(NoteHere(note_id=note.id, file=before))
        db.flush()


def settle_in_copy(db: Session, *, key: str, take: TakenSide) -> None:
    """Take one side of a note that waits, in a copy that has no trail and whose texts nobody reads."""
    row = db.scalars(select(NoteHere).join(Note, Note.id == NoteHere.note_id).where(Note.key == key)).one()
    if take is TakenSide.FILE or row.waiting is None:
        db.delete(row)  # the file has all that the note says
    else:
        row.file, row.waiting = row.waiting, None
    db.flush()


def unsettled_texts(db: Session, *, paths: Sequence[str]) -> Sequence[str]:
    """The keys of the notes with these Note.paths whose file and text here have changed the same lines, by path."""
    waits = select(Note.key).join(NoteHere, NoteHere.note_id == Note.id).where(NoteHere.waiting.is_not(None))
    return db.scalars(waits.where(Note.path.in_(paths), Note.retired_at.is_(None)).order_by(Note.path)).all()
