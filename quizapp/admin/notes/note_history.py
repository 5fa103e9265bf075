"""The texts that a note for all had: who changed them, when, what came of it, and how two differ. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from quizapp.accounts.models import User
from quizapp.admin.diff import DiffLine, line_diff
from quizapp.admin.trail import who_is
from quizapp.catalogue.editing.note_text import NoteSource
from quizapp.catalogue.models import ContentDeed, Note, NoteEdit
from quizapp.catalogue.store.revisions import unpacked
from quizapp.errors import NotFound

VERSIONS_MAX = 100  # the newest; more of them are not looked through one by one


@dataclass(frozen=True, kw_only=True)
class NoteVersion:
    """A change of a note's text."""

    id: int
    who: str
    at: datetime
    words: str
    """What came of it, such as "“Ports”: 2 new, 1 changed"."""


@dataclass(frozen=True, kw_only=True)
class NoteHistory:
    """The newest changes of a note's text, and one of them to be looked at."""

    note: NoteSource
    versions: Sequence[NoteVersion]
    chosen: NoteVersion | None
    lines: Sequence[DiffLine]
    """How the text before the chosen change differs from the one after it."""


def note_history(db: Session, *, note: NoteSource, version: int | None) -> NoteHistory:
    """The history of a note for all; with `version` its lines. Raises NotFound for one of another note."""
    rows = db.execute(
        select(NoteEdit, User.name, ContentDeed.words)
        .options(defer(NoteEdit.before))
        .outerjoin(User, User.id == NoteEdit.editor_id)
        .outerjoin(ContentDeed, ContentDeed.id == NoteEdit.step_id)
        .where(NoteEdit.note_id == note.id)
        .order_by(NoteEdit.id.desc())
        .limit(VERSIONS_MAX)
    )
    versions = [
        NoteVersion(id=edit.id, who=who_is(name, edit.editor_id), at=edit.edited_at, words=words or "")
        for edit, name, words in rows
    ]
    chosen = next((one for one in versions if one.id == version), None)
    lines: Sequence[DiffLine] = ()
    if version is not None:
        before = text_before(db, note=note, version=version)
        later = [one.id for one in versions if one.id > version]
        after = text_before(db, note=note, version=later[-1]) if later else _stored_text(db, note)
        lines = line_diff(before, after)
    return NoteHistory(note=note, versions=versions, chosen=chosen, lines=lines)


def text_before(db: Session, *, note: NoteSource, version: int) -> str:
    """The text of a note before a change. Raises NotFound for a change of another note."""
    edit = db.get(NoteEdit, version)
    if edit is None or edit.note_id != note.id:
        raise NotFound("There is no such version of this note. Its history lists those there are.")
    return unpacked(edit.before)


def _stored_text(db: Session, note: NoteSource) -> str:
    """The text as the last import left it, without what was edited question by question since."""
    return db.scalars(select(Note.source).where(Note.id == note.id)).one()
