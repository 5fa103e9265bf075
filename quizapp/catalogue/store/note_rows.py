"""Stores one parsed note: reads the rows that it may match, plans, and writes what differs. Knows no disk.

It is planned from what is stored before the import waits for its turn at writing, and written in the turn.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, undefer

from quizapp.catalogue.content_files import PATH_MAX_CHARS
from quizapp.catalogue.html.markdown_html import render_document
from quizapp.catalogue.models import (
    Concept,
    Note,
    NoteHere,
    NotePicture,
    Question,
    QuestionKind,
    Section,
    Unsettled,
)
from quizapp.catalogue.patches.laid_over import LaidOver, TextHere
from quizapp.catalogue.store.import_run import Changes, NoteFile
from quizapp.catalogue.store.note_plan import NotePlan, PlannedConcept, PlannedQuestion, PlannedSection
from quizapp.catalogue.store.note_planning import (
    NOTES,
    NoteHeader,
    PlannedNote,
    StoredNote,
    note_down,
    plan_header,
    plan_items,
    told_of,
)
from quizapp.catalogue.store.note_tables import WrittenRows, add_note, catalogue_version, retire, write_plan
from quizapp.catalogue.store.question_store import as_json
from quizapp.catalogue.store.revisions import Revisions
from quizapp.catalogue.store.run_opening import ImportRun
from quizapp.db import Foretold, foretell_writes, note_writes, snapshot

Item = TypeVar("Item", PlannedSection, PlannedConcept, PlannedQuestion)


class Outdated(Exception):
    """The catalogue was changed after a note was planned. Nothing was written."""


def plan_ahead(db: Session, *, read: NoteFile, run: ImportRun) -> PlannedNote | None:
    """Plan a note without a turn at writing.

    None if it must be planned when it is stored: within a transaction that has begun, where nobody else can change
    anything anyway, and if another note has to give away the file's name, as that changes what is planned from.
    """
    if db.in_transaction():
        return None
    with snapshot(db):
        version = catalogue_version(db)
        header = plan_header(db, read, run)
        if header.displaced is not None:
            return None
        planned = plan_items(db, read, run, header, version=version)
    foretell_writes(db, _foretold(planned))
    return planned


def store_note(
    db: Session,
    *,
    read: NoteFile,
    run: ImportRun,
    now: datetime,
    ahead: PlannedNote | None = None,
    revisions: Revisions | None = None,
) -> StoredNote:
    """Make the stored note equal to its file, but keep edits made in the browser. Flushes; the caller commits.

    `ahead` is its plan if there is one; `revisions` keeps what is changed. Raises Outdated if the plan no longer holds.
    """
    if ahead is None:
        header = plan_header(db, read, run)
        if header.displaced is not None:
            _displace(db, db.get_one(Note, header.displaced), now=now, revisions=revisions)
        ahead = plan_items(db, read, run, header, version=0)
    elif catalogue_version(db) != ahead.version:
        raise Outdated
    note_id = _write_header(db, ahead.header, run, now=now)
    written = write_plan(db, ahead.plan, note_id=note_id, now=now)
    _write_disputes(db, ahead)
    if run.owner is None:  # nobody edits a note of one's own but its author
        _mark_stale(db, ahead.plan, note_id=note_id, now=now)
    if read.pictures or ahead.header.note_id is not None:
        _note_pictures(db, read, note_id)
    note_down(run, ahead, written.questions, path=read.name)
    if revisions is not None:
        revisions.keep_note(
            db,
            ahead.plan,
            note_id=note_id,
            title=read.parsed.title,
            ids=written.questions,
            before=ahead.header.before,
            is_new=ahead.header.note_id is None,
            now=now,
        )
    db.expire_all()  # the plan is written past the session
    _note_writes(db, ahead, written, note_id=note_id)
    return told_of(ahead, note_id)


def _foretold(planned: PlannedNote) -> Foretold:
    """The texts of the note that its import will change."""
    plan, header = planned.plan, planned.header

    def anew(items: Sequence[Item]) -> list[Item]:
        return [one for one in items if header.concerns_all or plan.is_shown_anew(one, header.note_id)]

    gone = (row.content for row in plan.retired_questions)
    elsewhere = {place for place, one in enumerate(plan.sections) if plan.is_shown_anew(one, header.note_id)}
    beside = [one for one in plan.concepts if one.section in elsewhere]  # found at the section's address
    return {
        Note: [header.values] if "title" in header.values else [],
        Section: [vars(one) for one in anew(plan.sections)],
        Concept: [vars(one) for one in (*beside, *anew(plan.concepts))],
        Question: [vars(content) for content in (*(one.content for one in anew(plan.questions)), *gone)],
    }


def _note_writes(db: Session, planned: PlannedNote, written: WrittenRows, *, note_id: int) -> None:
    """Tell who follows the session which rows were written past it, or are shown with something that was."""
    plan, dropped = planned.plan, {row.id for row in planned.plan.dropped}
    if planned.header.concerns_all:
        note_writes(db, Note, [note_id])

    def anew(items: Sequence[Item], ids: Iterable[int]) -> Iterator[int]:
        return (row_id for one, row_id in zip(items, ids, strict=True) if plan.is_shown_anew(one, note_id))

    note_writes(db, Section, [*dropped, *anew(plan.sections, written.sections)])
    sectionless = (row.id for row in planned.rows.concepts if row.section_id in dropped)
    retired = (row.id for row in plan.retired_concepts)
    note_writes(db, Concept, [*sectionless, *retired, *anew(plan.concepts, written.concepts)])
    asked = (written.questions[one.key] for one in plan.questions)
    note_writes(db, Question, [*(row.id for row in plan.retired_questions), *anew(plan.questions, asked)])


def _write_disputes(db: Session, planned: PlannedNote) -> None:
    """Keep what the file says of questions that both sides have changed."""
    disputed, before = planned.plan.disputed, planned.disputes
    if over := [question_id for question_id in before if question_id not in disputed]:
        db.execute(delete(Unsettled).where(Unsettled.question_id.in_(over)))
    for question_id, content in disputed.items():
        settled = before.get(question_id, False) and content is None
        file = as_json(content) if content is not None else None
        db.merge(Unsettled(question_id=question_id, file=file, settled=settled))
    db.flush()


def _mark_stale(db: Session, plan: NotePlan, *, note_id: int, now: datetime) -> None:
    """Mark what was made of sections that say something else by now."""
    if any(one.row is not None and one.changes_row for one in plan.sections) or plan.counts["changed"]:
        from quizapp.catalogue.store.stale_marks import mark_stale  # an import of what is new needs none of it

        mark_stale(db, plan, note_id=note_id, now=now)


def _note_pictures(db: Session, read: NoteFile, note_id: int) -> None:
    """Keep which pictures the note shows. What it does not show any more stays while another of its texts does."""
    before = {row.address: row for row in db.scalars(select(NotePicture).where(NotePicture.note_id == note_id))}
    wanted = {address: (one.name, one.size) for address, one in read.pictures.items()}
    if wanted == {address: (row.name, row.size) for address, row in before.items()}:
        return
    from quizapp.catalogue.store.note_pictures import replace_pictures  # hardly any note comes here

    replace_pictures(db, note_id, list(before.values()), wanted)


def retire_note(db: Session, note: Note, *, now: datetime, revisions: Revisions | None = None) -> Changes:
    """Retire a note whose file is gone, with its concepts and questions. No row is deleted: the file may come back.

    `revisions` keeps it in the trail.
    """
    note.retired_at = now
    db.flush()
    asked = (Question.note_id == note.id, Question.kind != QuestionKind.LAB, Question.retired_at.is_(None))
    found = db.execute(
        select(Question.id, Question.key, Question.prompt).where(*asked).order_by(Question.position)
    ).all()
    questions = [row.id for row in found]
    retire(db, "question", questions, now=now)
    if revisions is not None:
        told = [(row.key, row.prompt) for row in found]
        revisions.keep_retired(db, title=note.title, questions=told, now=now)
    of_note = Concept.section_id.in_(select(Section.id).where(Section.note_id == note.id))
    concepts = db.scalars(select(Concept.id).where(of_note, Concept.retired_at.is_(None))).all()
    retire(db, "concept", concepts, now=now)
    db.expire_all()  # the rows are written past the session
    return Changes(retired=len(questions))


def restore_note(db: Session, note: Note) -> Sequence[Question]:
    """Let a retired note be there again, with the concepts and questions that went with it; returns those questions.

    What was retired by itself, before or since, stays retired.
    """
    at, note.retired_at, note.retired_here = note.retired_at, None, False
    of_note = select(Section.id).where(Section.note_id == note.id)
    for concept in db.scalars(select(Concept).where(Concept.section_id.in_(of_note), Concept.retired_at == at)):
        concept.retired_at = None
    went = (Question.note_id == note.id, Question.retired_at == at, Question.retired_here.is_(False))
    questions = db.scalars(select(Question).where(*went).order_by(Question.position)).all()
    for question in questions:
        question.retired_at = None
    db.flush()
    return questions


def rendered(read: NoteFile) -> NoteFile:
    """The note with its sections as HTML, which takes long and needs no database."""
    bodies = render_document(*(section.body for section in read.parsed.sections))
    return replace(read, html=tuple(str(body) for body in bodies))


def _write_header(db: Session, header: NoteHeader, run: ImportRun, *, now: datetime) -> int:
    """Make or change the note's own row, and return its id."""
    values = {**header.values, "imported_at": now}
    if header.note_id is None:
        return add_note(db, {**values, "owner_id": run.owner})
    if header.values:
        db.execute(update(NOTES).where(Note.id == header.note_id).values(**values))
    return header.note_id


def _displace(db: Session, note: Note, *, now: datetime, revisions: Revisions | None) -> None:
    """Retire a note whose file name another note has taken over, and give it a path that no file has."""
    retire_note(db, note, now=now, revisions=revisions)
    note.path = f"{note.key}: {note.path}"[:PATH_MAX_CHARS]
    db.flush()


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
