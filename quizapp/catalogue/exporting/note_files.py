"""Notes as files to keep, each named as its file was: Markdown with the ids of its items, or its questions. Reads only.

With its ids a note that is imported again keeps what was learnt of it, however its items were reworded or moved.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from quizapp.catalogue.content_files import PACKAGES
from quizapp.catalogue.exporting.export import ExportFormat, export
from quizapp.catalogue.exporting.markdown_out import MarkdownFile, markdown_of
from quizapp.catalogue.exporting.notes_zip import lost_pictures, zipped
from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.item_keys import keys_of
from quizapp.catalogue.models import Note
from quizapp.catalogue.note_paths import shown_path
from quizapp.catalogue.patches.id_comments import items_of, with_ids
from quizapp.catalogue.remits import may_edit_note
from quizapp.catalogue.visibility import Reader, read_by
from quizapp.errors import NotFound

__all__ = ["ExportFormat", "note_file", "zip_of_own"]

# Of the texts of one zip that get ids: each is read four times for it, a megabyte in a second each time.
NAMED_CHARS_MAX = 1_000_000
LEFT_OUT = "left-out.txt"  # in the zip, the sentences on what is not in it
# How the questions of another tool's file are given back: as that tool reads them, in a file of the same name.
_FORMS = {
    ".gift": ExportFormat.GIFT,
    ".csv": ExportFormat.CSV,
    ".tsv": ExportFormat.CSV,
    **dict.fromkeys(PACKAGES, ExportFormat.APKG),
}


def note_file(
    db: Session, *, user: Reader, key: str, form: ExportFormat, now: datetime, pictures: Path | None = None
) -> MarkdownFile:
    """One note as a file, for an editor or its owner. Raises NotFound for others, and for a form that it does not have.

    Its name is that of the note's file, with the form's ending. `pictures` is the folder of copies.
    """
    found = select(Note).options(undefer(Note.exact)).where(Note.key == key, Note.retired_at.is_(None), read_by(user))
    note = db.scalar(found)
    if note is None or not may_export(db, user=user, note_id=note.id, owner_id=note.owner_id):
        raise NotFound("There is no such note that you could export. The list of notes has those there are.")
    if form not in (ExportFormat.MARKDOWN, ExportFormat.ZIP):
        return _written(db, note, form, now, pictures)
    file = _named(db, note)
    if not file.is_markdown:
        raise NotFound("This note came from another tool and has no Markdown. Take another form, such as apkg.")
    if form is ExportFormat.ZIP:
        data, lost = zipped([file], pictures=pictures), lost_pictures([file], pictures=pictures)
        return replace(file, path=f"{_stem(note)}.zip", data=data, left_out=[*file.left_out, *lost])
    return file


def may_export(db: Session, *, user: Reader, note_id: int, owner_id: UUID | None) -> bool:
    """Whether this person may take a note, with its drafts, as a file: its owner, and who may edit a note for all.

    What a learner offers, an editor of all notes may take too.
    """
    if owner_id is not None:
        return owner_id == user.id or (user.is_editor and not user.is_limited)
    return may_edit_note(db, editor=user, note_id=note_id)


def zip_of_own(db: Session, *, owner: UUID, now: datetime, pictures: Path | None = None) -> bytes:
    """All own notes of a learner in a zip file. Raises NotFound without any.

    Markdown has ids, the first NAMED_CHARS_MAX characters of it; files of other tools are written anew.
    """
    files = list(_own_files(db, owner, now, pictures))
    if not files:
        raise NotFound("You have no notes of your own. Bring some at the top of Notes.")
    left_out = [sentence for file in files for sentence in file.left_out]
    said = "".join(f"{sentence}\n" for sentence in (*left_out, *lost_pictures(files, pictures=pictures)))
    return zipped([*files, MarkdownFile(path=LEFT_OUT, data=said.encode())] if said else files, pictures=pictures)


def _own_files(db: Session, owner: UUID, now: datetime, pictures: Path | None) -> Iterator[MarkdownFile]:
    own = select(Note).options(undefer(Note.exact)).where(Note.owner_id == owner, Note.retired_at.is_(None))
    left = NAMED_CHARS_MAX
    for note in db.scalars(own.order_by(Note.path)):
        left -= len(note.source)
        file = _named(db, note) if left >= 0 else markdown_of(db, note, text=note.exact or note.source)
        if file.is_markdown:
            yield file
        else:
            suffix = PurePosixPath(note.path).suffix.lower()
            yield _written(db, note, _FORMS.get(suffix, ExportFormat.JSON), now, pictures)


def _named(db: Session, note: Note) -> MarkdownFile:
    """The note in Markdown with its ids; without them if the text has other items than the catalogue."""
    file = markdown_of(db, note, text=note.exact or note.source)
    if not file.is_markdown:
        return file
    name, keys = _stem(note), keys_of(db, note)
    if sum(1 for _ in items_of(parse_note(file.data, name=name))) != len(keys):
        return replace(file, left_out=[*file.left_out, f"{file.path} has no ids: its text waits for another import."])
    return replace(file, data=with_ids(file.data, keys, name=name).data)


def _written(db: Session, note: Note, form: ExportFormat, now: datetime, pictures: Path | None) -> MarkdownFile:
    made = export(db, form=form, note_keys=[note.key], now=now, pictures=pictures)
    return MarkdownFile(path=f"{_stem(note)}.{form.value}", data=made.data, left_out=made.left_out, is_markdown=False)


def _stem(note: Note) -> str:
    return PurePosixPath(shown_path(note.path)).stem
