"""What an import does with a stored note whose file is gone."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from quizapp.catalogue.formats.parsed import NoteWarning
from quizapp.catalogue.models import Note
from quizapp.catalogue.store.import_run import FileReport
from quizapp.catalogue.store.note_rows import retire_note
from quizapp.catalogue.store.revisions import Revisions


class MissingNote(NamedTuple):
    """A stored note whose file is gone."""

    id: int
    path: str


def retire_missing(
    db: Session, missing: MissingNote, *, now: datetime, revisions: Revisions | None = None
) -> list[FileReport]:
    """Retire a note whose file is gone, unless it was retired before, or a file of the import was matched with it."""
    note = db.scalar(select(Note).options(defer(Note.source)).where(Note.id == missing.id))
    if note is None or note.retired_at is not None or note.path != missing.path:
        return []
    name = note.path
    changes = retire_note(db, note, now=now, revisions=revisions)
    message = f"The file is gone. Its {changes.retired} questions are asked no more; what was learnt stays."
    warning = NoteWarning(line=1, message=message)
    return [
        FileReport(
            path=name,
            title=note.title,
            changes=changes,
            warnings=(warning,),
            gone=True,
            items_before=changes.retired,
        )
    ]
