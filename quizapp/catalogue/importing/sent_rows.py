"""The stored notes that came by a browser and are no files. Reads no note's text, so it loads no parser."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from quizapp.catalogue.formats.learnt import LearntElsewhere
from quizapp.catalogue.formats.parsed import heading_of
from quizapp.catalogue.importing.sent_notes import path_of, suffix_of
from quizapp.catalogue.models import Note, Question, Unsettled, file_note_id
from quizapp.catalogue.note_paths import BROWSER, kept_path, shown_path
from quizapp.catalogue.visibility import owned_by
from quizapp.errors import NotFound

if TYPE_CHECKING:
    from quizapp.catalogue.store.import_run import NoteFile


def sent_note(db: Session, *, key: str, owner: UUID | None) -> Note:
    """The note of `sent_notes` with this key. Raises NotFound without one."""
    note = db.scalar(sent_notes(owner=owner).where(Note.key == key))
    if note is None:
        raise NotFound("There is no such note, or it is a file: change the file and import it again.")
    return note


def paths_by_heading(db: Session, *, owner: UUID | None) -> dict[str, str]:
    """The paths, as a browser sends them, of the notes of `sent_notes` in Markdown: each by itself, and by its heading.

    A heading is written as the path that it makes. One that several notes have does not say which of them is meant.
    """
    found, paths = dict[str, list[str]](), dict[str, str]()
    for number, title, stored in db.execute(
        sent_notes(owner=owner).with_only_columns(Note.number, Note.title, Note.path)
    ):
        path = BROWSER + shown_path(stored)
        if not suffix_of(path):
            paths[path] = path
            found.setdefault(path_of(heading_of(title, number)), []).append(path)
    return paths | {heading: same[0] for heading, same in found.items() if len(same) == 1}


def paths_by_id(db: Session, *, owner: UUID | None) -> dict[str, str]:
    """The paths, as a browser sends them, of the notes of `sent_notes` in Markdown, by the ids of their questions."""
    asked = sent_notes(owner=owner).join(Question, Question.note_id == Note.id)
    rows = db.execute(asked.with_only_columns(Question.key, Note.path))
    return {key: path for key, stored in rows if not suffix_of(path := BROWSER + shown_path(stored))}


def sent_note_at(db: Session, *, path: str, owner: UUID | None) -> Note:
    """The note that was just stored as it was sent with this path. Raises NoResultFound without one."""
    return db.scalars(sent_notes(owner=owner).where(Note.path == kept_path(path, owner=owner))).one()


def learnt_of(db: Session, notes: "Sequence[NoteFile]") -> dict[int, LearntElsewhere]:
    """What was learnt in another program of the questions of these notes, by the id of the question.

    The notes must be stored as they are here: where a file names no questions, their places say which is which.
    """
    found = {}
    for note in notes:
        learnt, states = {one.key: one for one in note.parsed.learnt}, dict(note.parsed.states)
        if not learnt and not states:
            continue
        left = select(Unsettled.question_id).where(Unsettled.file.is_(None))  # not in the file, with the place they had
        stored = select(Question.key, Question.id, Question.position).join(Note, Note.id == file_note_id)
        stored = stored.where(Note.path == note.name, Question.made_here.is_(False))
        for row in db.execute(stored.where(Question.retired_at.is_(None), Question.id.not_in(left))):
            if row.key in learnt:
                found[row.id] = learnt[row.key]
            elif row.position - 1 in states:
                found[row.id] = LearntElsewhere(key=row.key, state=states[row.position - 1])
    return found


def sent_notes(*, owner: UUID | None) -> Select[Note]:
    """The notes that a browser sent and that are not retired, by title: this learner's own; None: those for all."""
    live = Note.path.startswith(BROWSER), Note.retired_at.is_(None), owned_by(owner)
    return select(Note).where(*live).order_by(Note.title, Note.id)
