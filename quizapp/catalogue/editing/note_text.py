"""The source of a note, as it is changed in the browser: read with what was edited since, and stored by the import."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing.browser_texts import keep_changed_here
from quizapp.catalogue.editing.conflict_settling import disputed_of
from quizapp.catalogue.exporting.markdown_out import is_of_another_tool, markdown_of
from quizapp.catalogue.importing.reading import ReadFiles
from quizapp.catalogue.importing.sent_notes import SentNote
from quizapp.catalogue.importing.service import NONE_KEPT, import_sent
from quizapp.catalogue.models import KEY_MAX_CHARS, DeedOf, Note, NoteHere
from quizapp.catalogue.note_paths import BROWSER, shown_path
from quizapp.catalogue.patches.laid_over import with_ends_of
from quizapp.catalogue.pictures.picture_text import Picture
from quizapp.catalogue.remits import hold_note
from quizapp.catalogue.retirement_consent import Consent
from quizapp.catalogue.store.identity import Keep
from quizapp.catalogue.store.import_run import FileReport
from quizapp.catalogue.visibility import Reader, owned_by
from quizapp.errors import Conflict, NotFound

# A form has the text as it was opened and as it is now, in a body of 1 MiB. The longest note that was seen has 180 KiB.
EDITED_MAX_BYTES = 450 * 1024


@dataclass(frozen=True, kw_only=True)
class NoteSource:
    """A note with its source."""

    id: int
    key: str
    title: str
    path: str
    """Its Note.path."""
    text: str
    """Its Markdown, with what was edited in the browser question by question."""
    left_out: Sequence[str]
    """A sentence for each edit that the text does not have."""
    owner: UUID | None
    """Whose own note it is; None for a note for all."""
    exact: str = ""
    """Of a file, its text as the note has it, with the file's own line ends."""
    waiting: str | None = None
    """What the file says, if it has changed lines that were changed here too; None else."""

    @property
    def is_file(self) -> bool:
        """Whether its truth is a file, into which `content sync` writes what is changed here."""
        return not self.path.startswith(BROWSER)

    edited_max_kib = EDITED_MAX_BYTES // 1024
    """How many KiB a text may have that is changed on the note's page."""

    @property
    def is_too_long(self) -> bool:
        """Whether the text does not fit into the form."""
        return len(self.text.encode()) > EDITED_MAX_BYTES


class TextChanged(Conflict):
    """The note has been saved, here or by an import, since its text was opened."""

    def __init__(self, note: NoteSource) -> None:
        super().__init__("Somebody saved this note while you were editing it. Nothing of yours is lost.")
        self.note = note
        """The note as it is stored now."""


class OfAnotherTool(NotFound):
    """The note's file was questions of another tool, of which no text is kept."""

    status = 409
    title = "This note has no text"

    def __init__(self, note: Note) -> None:
        super().__init__(
            f"“{note.title}” came as {note.convention}, and of such a file the questions are kept, not the text. Edit "
            "them one by one, or bring the changed file again: what was learnt of them stays."
        )


def mark_of(text: str) -> str:
    """What tells a text from any other."""
    return hashlib.sha256(text.encode()).hexdigest()


def note_text(db: Session, *, user: Reader, key: str) -> NoteSource:
    """A note for all, for an editor, or for a learner one of their own.

    Raises NotFound, also for one that has no Markdown, and OutsideRemit.
    """
    note = _note(db, owner=None if user.is_editor else user.id, key=key, is_locked=False)
    if user.is_editor:
        hold_note(db, note, user)
    return _text_of(db, note)


def store_text(
    db: Session,
    found: ReadFiles,
    *,
    key: str,
    opened: str,
    now: datetime,
    consent: Consent,
    keep: Keep = NONE_KEPT,
) -> FileReport:
    """Store the one text that `found` has, as an import does, and report on it. The caller commits.

    Raises TextChanged if the note is no longer as it was `opened`, and NotFound if it is no longer there.
    """
    note = _note(db, owner=found.owner, key=key, is_locked=True)
    stored = _text_of(db, note)
    if stored.text != opened:
        raise TextChanged(stored)
    found.what = DeedOf.NOTE
    [report] = import_sent(db, found, now=now, consent=consent, keep=keep)
    if report.error is None:
        keep_changed_here(db, note=note, before=stored.exact)
    return report


def as_sent(note: NoteSource, text: str, *, pictures: Mapping[str, Picture]) -> SentNote:
    """Another text of a note, as a browser sends it, in the place of that note."""
    if note.is_file:
        return SentNote(path=note.path, data=with_ends_of(note.exact, text).encode(), pictures=pictures)
    return SentNote(path=BROWSER + shown_path(note.path), data=text.encode(), pictures=pictures)


def _note(db: Session, *, owner: UUID | None, key: str, is_locked: bool) -> Note:
    usable = len(key) <= KEY_MAX_CHARS and key.isprintable()  # PostgreSQL refuses to compare with a NUL
    found = select(Note).where(Note.key == key, owned_by(owner))
    note = db.scalar(found.with_for_update() if is_locked else found) if usable else None
    if note is not None and note.retired_at is not None:
        raise NotFound(
            "This note is retired. Bring notes lists it: restore it there, and open it again. What you typed into it "
            "and did not save is kept in this browser until then."
        )
    if note is None:
        raise NotFound("There is no such note that you could edit. The list of notes has those there are.")
    if is_of_another_tool(note):
        raise OfAnotherTool(note)
    return note


def _text_of(db: Session, note: Note) -> NoteSource:
    disputed = disputed_of(db, note_id=note.id)
    is_file = not note.path.startswith(BROWSER)
    here = db.get(NoteHere, note.id) if is_file else None
    file = markdown_of(db, note, text=note.source, disputed=disputed, in_place=True)
    return NoteSource(
        id=note.id,
        key=note.key,
        title=note.title,
        path=note.path,
        text=file.data.decode(),
        left_out=file.left_out,
        owner=note.owner_id,
        exact=(note.exact or note.source) if is_file else "",
        waiting=here.waiting if here is not None else None,
    )
