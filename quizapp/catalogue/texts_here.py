"""Texts of notes that are files, changed in the browser: an import reads them in the place of what the file says.

What the file has changed since is put into the text line by line. Where both have changed the same lines the text stays
as it is here, and the file's waits until an editor takes one of the two. `sync` writes the text into the file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from quizapp.catalogue.formats.parsed import NoteWarning
from quizapp.catalogue.line_merge import merged_lines
from quizapp.catalogue.models import Note, NoteHere
from quizapp.catalogue.note_paths import BROWSER

_MARK = "\ufeff"  # that some programs begin a file with
DISPUTED = (
    "Lines of this note were changed in the file and in the browser; the browser's text is kept until you choose."
)


@dataclass(frozen=True, kw_only=True)
class TextHere:
    """A text that was changed here, and the file's that it is a change of; both with the file's line ends."""

    here: str
    file: str


@dataclass(frozen=True, kw_only=True)
class LaidOver:
    """What is read of a file whose note was changed here, and what is to be kept of the file."""

    data: bytes
    file: str | None
    """None if the file has all of the text, so that nothing is kept."""
    waiting: str | None = None
    """See NoteHere."""

    @property
    def warnings(self) -> tuple[NoteWarning, ...]:
        """What is said of it in the report on the file."""
        return (NoteWarning(line=1, message=DISPUTED),) if self.waiting is not None else ()


def texts_here(db: Session) -> Mapping[str, TextHere]:
    """The texts that were changed here, by Note.path."""
    rows = select(Note, NoteHere.file).join(NoteHere, NoteHere.note_id == Note.id).options(undefer(Note.exact))
    return {note.path: TextHere(here=note.exact or note.source, file=file) for note, file in db.execute(rows)}


def laid_over(data: bytes, text: TextHere) -> LaidOver:
    """What is read of a file that holds `data`. Raises UnicodeDecodeError."""
    file = data.decode()
    if _plain(file) == _plain(text.here):
        return LaidOver(data=data, file=None)
    if file == text.file:
        return LaidOver(data=text.here.encode(), file=file)
    both = merged_lines(text.file, mine=text.here, theirs=file)
    if both.disputed:
        return LaidOver(data=text.here.encode(), file=text.file, waiting=file)
    return LaidOver(data=both.text.encode(), file=file)


def with_ends_of(file: str, text: str) -> str:
    """A text with the line ends and the mark of a file."""
    end = "\r\n" if "\r\n" in file else "\r" if "\r" in file and "\n" not in file else "\n"
    mark = _MARK if file.startswith(_MARK) else ""
    return mark + text.removeprefix(_MARK).replace("\n", end)


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


def _plain(text: str) -> str:
    return text.removeprefix(_MARK).replace("\r\n", "\n").replace("\r", "\n")
