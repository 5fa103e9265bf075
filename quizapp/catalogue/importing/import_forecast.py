"""What an import of notes that a browser sent would do, told from its plan: nothing is written, and nothing copied."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from quizapp.catalogue.formats.parsed import NoteWarning
from quizapp.catalogue.importing.planned_size import added_by
from quizapp.catalogue.importing.reading import ReadFiles
from quizapp.catalogue.models import Note
from quizapp.catalogue.own_notes import OwnNotes, own_notes
from quizapp.catalogue.remits import OutsideRemit, may_edit_note
from quizapp.catalogue.store.identity import Keep
from quizapp.catalogue.store.import_run import FileReport, NoteFile, failed
from quizapp.catalogue.store.note_planning import (
    UNSTORED,
    PlannedNote,
    note_down,
    note_report,
    plan_header,
    plan_items,
    told_of,
)
from quizapp.catalogue.store.note_rows import rendered
from quizapp.catalogue.store.run_opening import ImportRun, open_run
from quizapp.catalogue.visibility import Reader
from quizapp.db import snapshot
from quizapp.garbage_collection import collector_held


@dataclass(frozen=True, kw_only=True)
class ForeseenNote:
    """What an import would do with one of the files that were sent."""

    report: FileReport
    """What the import would say of it."""
    file: NoteFile | None = None
    planned: PlannedNote | None = None
    """None, as `file`, for one that would not be taken."""


def foresee(db: Session, found: ReadFiles) -> list[ForeseenNote]:
    """What `service.import_sent` would do with consent to all; the files in the order of their paths.

    Each is planned as if those before it were stored. Ends the transaction of `db`, which has written nothing.
    """
    with snapshot(db), collector_held():
        run, notes = open_run(db, found.notes, gone=frozenset(), keep=Keep(), owner=found.owner)
        room = _Room(db, found.owner) if found.owner is not None else None
        ids = count(1)
        planned = [_foreseen(db, note, run=run, ids=ids, room=room, sent_by=found.sent_by) for note in notes]
    return sorted([*map(_refused, found.reports), *planned], key=lambda one: one.report.path)


class _Room:
    """How much one learner would have, as far as the files were planned."""

    def __init__(self, db: Session, owner: UUID) -> None:
        self._had = own_notes(db, owner=owner)

    def too_much(self, more: OwnNotes) -> str | None:
        """Why a note that adds so much does not fit. One that fits is counted."""
        would_have = self._had + more
        if would_have.too_much is None:
            self._had = would_have
        return would_have.too_much


def _foreseen(
    db: Session, note: NoteFile, *, run: ImportRun, ids: Iterator[int], room: _Room | None, sent_by: Reader | None
) -> ForeseenNote:
    file = rendered(note)
    header = plan_header(db, file, run)
    planned = plan_items(db, file, run, header, version=0)
    why = _outside_remit(db, file, planned, sent_by) if run.owner is None and sent_by is not None else None
    if room is not None:
        why = room.too_much(added_by(db, planned, file))
    if why is not None:
        return _refused(failed(file.path, NoteWarning(line=1, message=why)))
    asked = planned.plan.questions
    made = {one.key: one.row.id if one.row is not None else -next(ids) for one in asked}  # no row has such an id
    note_down(run, planned, made, path=file.name)
    return ForeseenNote(
        report=note_report(file, told_of(planned, header.note_id or UNSTORED)), file=file, planned=planned
    )


def _refused(report: FileReport) -> ForeseenNote:
    return ForeseenNote(report=report)


def _outside_remit(db: Session, note: NoteFile, planned: PlannedNote, editor: Reader) -> str | None:
    """Why a limited editor may not bring this note; None if they may. `remits.RemitOfImport` holds the import to it."""
    if not editor.is_limited:
        return None
    key = note.parsed.key
    called = select(Note.id).where(or_(Note.path == note.name, Note.key == key) if key else Note.path == note.name)
    notes = {*db.scalars(called), planned.header.note_id}
    if not all(one is not None and may_edit_note(db, editor=editor, note_id=one) for one in notes):
        return f"{OutsideRemit('This note is not among those that you edit.')}"
    if planned.takes_from_others:
        return f"{OutsideRemit('It takes an item of another note, which is not among those that you edit.')}"
    return None
