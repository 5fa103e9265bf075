"""The texts of notes that are files and were changed in the browser, as rows. `sync` writes them into the files."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from quizapp.catalogue.laid_over import LaidOver, TextHere
from quizapp.catalogue.models import Note, NoteHere
from quizapp.catalogue.note_paths import BROWSER


def texts_here(db: Session) -> Mapping[str, TextHere]:
    """The texts that were changed here, by Note.path."""
    rows = select(Note, NoteHere.file).join(NoteHere, NoteHere.note_id == Note.id).options(undefer(Note.exact))
    return {note.path: TextHere(here=note.exact or note.source, file=file) for note, file in db.execute(rows)}


def keep_text_here(db: Session, *, note_id: int, laid: LaidOver) -> None:
    """Keep what is known of a note's file after its import."""
    row = db.get(NoteHere, note_id)
    if laid.file is None:
        if row is not None:
            db.delete(row)
    elif row is None:
        db.add(NoteHere(note_id=note_id, file=laid.file, waiting=laid.waiting))
    else:
        row.file, row.waiting = laid.file, laid.waiting
    db.flush()


def keep_changed_here(db: Session, *, note: Note, before: str) -> None:
    """Keep the text that a note's file has, as the note's is about to be another one; nothing for one of the browser.

    `before` is the note's text until now, with the file's line ends.
    """
    if not note.path.startswith(BROWSER) and db.get(NoteHere, note.id) is None:
        db.add(NoteHere(note_id=note.id, file=before))
        db.flush()


def unsettled_texts(db: Session, *, paths: Sequence[str]) -> Sequence[str]:
    """The keys of the notes with these Note.paths whose file and text here have changed the same lines, by path."""
    waits = select(Note.key).join(NoteHere, NoteHere.note_id == Note.id).where(NoteHere.waiting.is_not(None))
    return db.scalars(waits.where(Note.path.in_(paths), Note.retired_at.is_(None)).order_by(Note.path)).all()
