"""Stores one parsed note: reads the rows that it may match, plans, and writes what differs. Knows no disk."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.bounds import TAGS_MAX
from quizapp.catalogue.content_files import PATH_MAX_CHARS
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote
from quizapp.catalogue.markdown_html import render_document
from quizapp.catalogue.models import (
    KEY_MAX_CHARS,
    TITLE_MAX_CHARS,
    Concept,
    Note,
    NotePicture,
    Question,
    QuestionKind,
    Section,
    Unsettled,
)
from quizapp.catalogue.store.identity import new_key
from quizapp.catalogue.store.import_run import Changes, Doubt, NoteFile, departures, in_words
from quizapp.catalogue.store.note_plan import NotePlan, plan_note
from quizapp.catalogue.store.note_tables import load_note, retire, write_plan
from quizapp.catalogue.store.question_store import as_json, served
from quizapp.catalogue.store.run_opening import NOTE, ImportRun
from quizapp.catalogue.store.stored_rows import Sought
from quizapp.db import note_writes


@dataclass(frozen=True, kw_only=True)
class StoredNote:
    """The result of storing a note."""

    note_id: int
    changes: Changes
    conflicts: tuple[NoteWarning, ...]
    """Questions that both the file and the browser have changed."""
    copies: tuple[NoteWarning, ...]
    """New questions that another note asks in the same words."""
    doubts: tuple[Doubt, ...]
    left: tuple[NoteWarning, ...]
    """Questions that are no longer in the file."""
    replaced: int
    """How many questions were retired for others that may be edits of them."""


def store_note(db: Session, *, read: NoteFile, run: ImportRun, now: datetime) -> StoredNote:
    """Make the stored note equal to its file, but keep edits made in the browser. Flushes; the caller commits."""
    note, change = _store_header(db, read, run, now=now)
    rows = load_note(db, note.id if change != "added" else None, _sought(read, run))
    plan = plan_note(read, rows, run, note_key=note.key, tags=_tags(read.parsed))
    ids = write_plan(db, plan, note_id=note.id, now=now)
    _note_down(run, plan, ids, path=read.name)
    gone = _note_disputes(db, plan, note.id)
    _note_pictures(db, read, note.id)
    db.expire_all()  # the plan is written past the session
    plan.counts += Counter([change] if change else ())
    if plan.counts.total():
        note_writes(db, Note, [note.id])
    told = {doubt.key for doubt in plan.doubts}
    silent = [row.content for row in plan.retired_questions if row.key not in told]
    return StoredNote(
        note_id=note.id,
        changes=Changes(**plan.counts),
        conflicts=(*plan.conflicts, *gone),
        copies=tuple(plan.copies),
        doubts=tuple(plan.doubts),
        left=tuple(departures(silent)) if silent else (),
        replaced=len(plan.retired_questions) - len(silent),
    )


def _sought(read: NoteFile, run: ImportRun) -> Sought:
    """Of concepts of no section nobody knows whose they were, so that a learner's own note takes none by its text."""
    asked = list(read.parsed.everything_asked)
    concepts = (concept for section in read.parsed.sections for concept in section.concepts)
    adrift = (run.adrift.get(content.fingerprint, ()) for content in read.contents)
    return Sought(
        concept_keys=frozenset(concept.key for concept in concepts if concept.key is not None),
        concept_prints=frozenset(read.concept_prints if run.owner is None else ()),
        question_keys=frozenset(question.key for question in asked if question.key is not None),
        adrift=frozenset(row_id for ids in adrift for row_id in ids),
    )


def _note_down(run: ImportRun, plan: NotePlan, ids: dict[str, int], *, path: str) -> None:
    """Keep for the files after this one what it has taken and what it asks."""
    run.settled |= set(ids.values())
    for row in plan.retired_questions:
        run.asked.stop(row.id)
    for one in plan.questions:
        run.asked.ask(ids[one.key], one.merged.fingerprint, path)


def _note_disputes(db: Session, plan: NotePlan, note_id: int) -> list[NoteWarning]:
    """Keep what the file says of questions that both sides have changed; warn of those that it no longer has."""
    of_note = Unsettled.question_id.in_(select(Question.id).where(Question.note_id == note_id))
    before = {row.question_id: row for row in db.scalars(select(Unsettled).where(of_note))}
    for question_id, row in before.items():
        if question_id not in plan.disputed:
            db.delete(row)
    warnings = []
    for question_id, content in plan.disputed.items():
        row = before.get(question_id) or Unsettled(question_id=question_id, settled=False)
        row.file = as_json(content) if content is not None else None
        row.settled = row.settled and content is None
        db.add(row)
        if content is None and not row.settled:
            question = db.get_one(Question, question_id)
            message = f"“{in_words(served(question).fact)}” was changed in the browser and is no longer in the file."
            warnings.append(NoteWarning(line=1, message=f"{message} It is asked until an editor settles that."))
    db.flush()
    return warnings


def _note_pictures(db: Session, read: NoteFile, note_id: int) -> None:
    """Keep which pictures the note shows. What it does not show any more stays while another of its texts does."""
    before = {row.address: row for row in db.scalars(select(NotePicture).where(NotePicture.note_id == note_id))}
    wanted = {address: (one.name, one.size) for address, one in read.pictures.items()}
    if wanted == {address: (row.name, row.size) for address, row in before.items()}:
        return
    from quizapp.catalogue.store.note_pictures import replace_pictures  # hardly any note comes here

    replace_pictures(db, note_id, list(before.values()), wanted)


def _tags(parsed: ParsedNote) -> list[str]:
    """The note's tags. Those that are too long or too many are left out."""
    return sorted({name for name in parsed.tags if len(name) <= KEY_MAX_CHARS})[:TAGS_MAX]


def retire_note(db: Session, note: Note, *, now: datetime) -> Changes:
    """Retire a note whose file is gone, with its concepts and questions. No row is deleted: the file may come back."""
    note.retired_at = now
    db.flush()
    asked = (Question.note_id == note.id, Question.kind != QuestionKind.LAB, Question.retired_at.is_(None))
    questions = db.scalars(select(Question.id).where(*asked)).all()
    retire(db, "question", questions, now=now)
    of_note = Concept.section_id.in_(select(Section.id).where(Section.note_id == note.id))
    concepts = db.scalars(select(Concept.id).where(of_note, Concept.retired_at.is_(None))).all()
    retire(db, "concept", concepts, now=now)
    db.expire_all()  # the rows are written past the session
    return Changes(retired=len(questions))


def rendered(read: NoteFile) -> NoteFile:
    """The note with its sections as HTML, which takes long and needs no database."""
    bodies = render_document(*(section.body for section in read.parsed.sections))
    return replace(read, html=tuple(str(body) for body in bodies))


def _store_header(db: Session, read: NoteFile, run: ImportRun, *, now: datetime) -> tuple[Note, str]:
    """Make or change the note's own row; returns the row and the field of `Changes` that counts it, empty for none."""
    parsed, date = read.parsed, read.parsed.date
    found = _stored(db, read, run, now=now)
    note = found or Note(
        key=parsed.key or new_key("n", read.name, taken=run.taken[NOTE]), imported_at=now, owner_id=run.owner
    )
    wanted = {
        "key": parsed.key or note.key,
        "path": read.name,
        "title": parsed.title[:TITLE_MAX_CHARS],
        "convention": parsed.convention,
        "number": parsed.number,
        "year": date.year if date is not None else None,
        "month": date.month if date is not None else None,
        "day": date.day if date is not None else None,
        "source": read.source,
        "exact": read.exact,
        "retired_at": None,
    }
    differs = found is None or any(getattr(note, name) != value for name, value in wanted.items())
    if not differs:
        return note, ""
    for name, value in wanted.items():
        setattr(note, name, value)
    note.imported_at = now
    run.taken[NOTE].add(note.key)
    db.add(note)
    db.flush()
    return note, "added" if found is None else "changed"


def _stored(db: Session, read: NoteFile, run: ImportRun, *, now: datetime) -> Note | None:
    """The stored note of this file; None for a new one.

    In order: the note with the file's id; the note with its name; a note whose file is gone, with the same text, with
    the same title and day number, or with more than half of its questions in this file.
    """
    parsed = read.parsed
    by_key = db.scalar(select(Note).where(Note.key == parsed.key)) if parsed.key is not None else None
    by_path = db.scalar(select(Note).where(Note.path == read.name))
    if by_key is not None:
        if by_path is not None and by_path is not by_key:
            _displace(db, by_path, now=now)
        return by_key
    if by_path is not None:
        return by_path
    gone = db.scalars(select(Note).where(Note.id.in_(run.gone)).order_by(Note.id)).all()
    same = (note for note in gone if note.source == read.source or (note.title, note.number) == _called(parsed))
    return next(same, None) or _moved(db, gone, read)


def _moved(db: Session, gone: Sequence[Note], read: NoteFile) -> Note | None:
    """The note, of those whose files are gone, that has more than half of its questions in this file."""
    if not gone:
        return None
    keys = {question.key for question in read.parsed.everything_asked if question.key is not None}
    prints = {content.fingerprint for content in read.contents}
    found: dict[int | None, list[bool]] = {}
    rows = select(Question.note_id, Question.key, Question.fingerprint).where(
        Question.note_id.in_([note.id for note in gone]),
        Question.retired_at.is_(None),
        Question.kind != QuestionKind.LAB,
    )
    for note_id, key, fingerprint in db.execute(rows):
        found.setdefault(note_id, []).append(key in keys or fingerprint in prints)
    return next((note for note in gone if sum(found.get(note.id, [])) * 2 > len(found.get(note.id, []))), None)


def _displace(db: Session, note: Note, *, now: datetime) -> None:
    """Retire a note whose file name another note has taken over, and give it a path that no file has."""
    retire_note(db, note, now=now)
    note.path = f"{note.key}: {note.path}"[:PATH_MAX_CHARS]
    db.flush()


def _called(parsed: ParsedNote) -> tuple[str, int | None]:
    return parsed.title[:TITLE_MAX_CHARS], parsed.number
