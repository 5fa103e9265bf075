"""Stores one parsed note: reads the rows that it may match, plans, and writes what differs. Knows no disk.

It is planned from what is stored before the import waits for its turn at writing, and written in the turn.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Table, and_, delete, insert, or_, select, update
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
from quizapp.catalogue.store.note_plan import NotePlan, PlannedConcept, PlannedQuestion, PlannedSection, plan_note
from quizapp.catalogue.store.note_tables import WrittenRows, catalogue_version, load_note, retire, write_plan
from quizapp.catalogue.store.question_store import as_json
from quizapp.catalogue.store.revisions import Revisions, packed
from quizapp.catalogue.store.run_opening import NOTE, ImportRun
from quizapp.catalogue.store.stored_rows import Sought, StoredItems
from quizapp.db import Foretold, foretell_writes, note_writes, snapshot

_NOTES: Table = Note.metadata.tables["note"]
Item = TypeVar("Item", PlannedSection, PlannedConcept, PlannedQuestion)


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


class Outdated(Exception):
    """The catalogue was changed after a note was planned. Nothing was written."""


@dataclass(frozen=True, kw_only=True)
class _Header:
    """The note's own row, and what its file changes in it."""

    note_id: int | None
    """None for a note that is not stored yet."""
    key: str
    values: Mapping[str, Any]
    """The columns that differ, by name."""
    displaced: int | None
    """The id of another note that has the file's name, which it must give away first."""
    before: bytes | None
    """The text that it had, as `revisions.packed` packs it, if that is kept; None if it stays."""

    @property
    def change(self) -> str:
        """The field of `Changes` that counts it; empty for none."""
        return "added" if self.note_id is None else "changed" if self.values else ""

    @property
    def concerns_all(self) -> bool:
        """Whether something of it is told with every item of the note."""
        return self.note_id is None or not self.values.keys().isdisjoint(("title", "retired_at"))


@dataclass(frozen=True, kw_only=True)
class PlannedNote:
    """What an import does with a note, of which nothing is written yet."""

    version: int
    """See `note_tables.catalogue_version`."""
    header: _Header
    rows: StoredItems
    plan: NotePlan
    disputes: Mapping[int, bool]
    """Of the stored disputes about its questions, by the question's id, whether an editor has settled it."""


def plan_ahead(db: Session, *, read: NoteFile, run: ImportRun) -> PlannedNote | None:
    """Plan a note without a turn at writing.

    None if it must be planned when it is stored: within a transaction that has begun, where nobody else can change
    anything anyway, and if another note has to give away the file's name, as that changes what is planned from.
    """
    if db.in_transaction():
        return None
    with snapshot(db):
        version = catalogue_version(db)
        header = _plan_header(db, read, run)
        if header.displaced is not None:
            return None
        planned = _plan(db, read, run, header, version=version)
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
        header = _plan_header(db, read, run)
        if header.displaced is not None:
            _displace(db, db.get_one(Note, header.displaced), now=now, revisions=revisions)
        ahead = _plan(db, read, run, header, version=0)
    elif catalogue_version(db) != ahead.version:
        raise Outdated
    note_id = _write_header(db, ahead.header, run, now=now)
    written = write_plan(db, ahead.plan, note_id=note_id, now=now)
    _write_disputes(db, ahead)
    if run.owner is None:  # nobody edits a note of one's own but its author
        _mark_stale(db, ahead.plan, note_id=note_id, now=now)
    if read.pictures or ahead.header.note_id is not None:
        _note_pictures(db, read, note_id)
    _note_down(run, ahead, written, path=read.name)
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
    return _stored_note(ahead, note_id)


def _stored_note(planned: PlannedNote, note_id: int) -> StoredNote:
    plan = planned.plan
    counts = plan.counts + Counter([planned.header.change] if planned.header.change else ())
    told = {doubt.key for doubt in plan.doubts}
    silent = [row.content for row in plan.retired_questions if row.key not in told]
    return StoredNote(
        note_id=note_id,
        changes=Changes(**counts),
        conflicts=(*plan.conflicts, *_disputed_departures(planned)),
        copies=tuple(plan.copies),
        doubts=tuple(plan.doubts),
        left=tuple(departures(silent)) if silent else (),
        replaced=len(plan.retired_questions) - len(silent),
    )


def _plan(db: Session, read: NoteFile, run: ImportRun, header: _Header, *, version: int) -> PlannedNote:
    rows = load_note(db, header.note_id, _sought(read, run))
    plan = plan_note(read, rows, run, note_key=header.key, tags=_tags(read.parsed))
    return PlannedNote(
        version=version, header=header, rows=rows, plan=plan, disputes=_disputes(db, header.note_id, plan)
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


def _note_down(run: ImportRun, planned: PlannedNote, written: WrittenRows, *, path: str) -> None:
    """Keep for the files after this one what it has taken and what it asks."""
    run.taken[NOTE].add(planned.header.key)
    for kind, keys in planned.plan.keys.items():
        run.taken[kind] |= keys
    run.settled |= set(written.questions.values())
    for row in planned.plan.retired_questions:
        run.asked.stop(row.id)
    for one in planned.plan.questions:
        run.asked.ask(written.questions[one.key], one.merged.fingerprint, path)


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


def _disputes(db: Session, note_id: int | None, plan: NotePlan) -> dict[int, bool]:
    """The stored disputes about what will be the note's questions, see `PlannedNote.disputes`."""
    moved = [one.row.id for one in plan.questions if one.row is not None and one.row.note_id != note_id]
    of_note = Unsettled.question_id.in_(select(Question.id).where(Question.note_id == note_id))
    found = select(Unsettled.question_id, Unsettled.settled).where(or_(of_note, Unsettled.question_id.in_(moved)))
    return dict(db.execute(found).all())


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


def _disputed_departures(planned: PlannedNote) -> list[NoteWarning]:
    """What is told of questions that were changed in the browser and have left their file."""
    rows = {row.id: row for row in planned.rows.questions}
    gone = [
        rows[question_id].content
        for question_id, content in planned.plan.disputed.items()
        if content is None and not planned.disputes.get(question_id, False)
    ]
    return [
        NoteWarning(
            line=1,
            message=f"“{in_words(content.fact)}” was changed in the browser and is no longer in the file. "
            "It is asked until an editor settles that.",
        )
        for content in gone
    ]


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


def _tags(parsed: ParsedNote) -> list[str]:
    """The note's tags. Those that are too long or too many are left out."""
    return sorted({name for name in parsed.tags if len(name) <= KEY_MAX_CHARS})[:TAGS_MAX]


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


def rendered(read: NoteFile) -> NoteFile:
    """The note with its sections as HTML, which takes long and needs no database."""
    bodies = render_document(*(section.body for section in read.parsed.sections))
    return replace(read, html=tuple(str(body) for body in bodies))


def _plan_header(db: Session, read: NoteFile, run: ImportRun) -> _Header:
    """What is to be done with the note's own row."""
    parsed, date = read.parsed, read.parsed.date
    by_path = db.scalar(select(Note.id).where(Note.path == read.name))
    found = _stored(db, read, run, by_path)
    was = _header_row(db, found) if found is not None else {}
    key = parsed.key or was.get("key") or new_key("n", read.name, taken=run.taken[NOTE])
    wanted = {
        "key": key,
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
        "retired_here": False,
    }
    return _Header(
        note_id=found,
        key=key,
        values={name: value for name, value in wanted.items() if name not in was or was[name] != value},
        displaced=by_path if by_path != found else None,
        before=packed(was["source"]) if run.owner is None and was.get("source", read.source) != read.source else None,
    )


def _header_row(db: Session, note_id: int) -> dict[str, Any]:
    row = db.execute(select(_NOTES).where(Note.id == note_id)).one()
    return dict(row._mapping)


def _write_header(db: Session, header: _Header, run: ImportRun, *, now: datetime) -> int:
    """Make or change the note's own row, and return its id."""
    values = {**header.values, "imported_at": now}
    if header.note_id is None:
        made = db.connection().execute(insert(_NOTES).values(**values, owner_id=run.owner))
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])
    if header.values:
        db.execute(update(_NOTES).where(Note.id == header.note_id).values(**values))
    return header.note_id


def _stored(db: Session, read: NoteFile, run: ImportRun, by_path: int | None) -> int | None:
    """The id of the stored note of this file; None for a new one.

    In order: the note with the file's id; the note with its name; a note whose file is gone, with the same text, with
    the same title and day number, or with more than half of its questions in this file.
    """
    parsed = read.parsed
    by_key = db.scalar(select(Note.id).where(Note.key == parsed.key)) if parsed.key is not None else None
    if by_key is not None or by_path is not None or not run.gone:
        return by_key if by_key is not None else by_path
    title, number = _called(parsed)
    same = or_(Note.source == read.source, and_(Note.title == title, Note.number.is_not_distinct_from(number)))
    gone = select(Note.id).where(Note.id.in_(run.gone)).order_by(Note.id)
    found = db.scalar(gone.where(same).limit(1))
    return found if found is not None else _moved(db, db.scalars(gone).all(), read)


def _moved(db: Session, gone: Sequence[int], read: NoteFile) -> int | None:
    """The note, of those whose files are gone, that has more than half of its questions in this file."""
    keys = {question.key for question in read.parsed.everything_asked if question.key is not None}
    prints = {content.fingerprint for content in read.contents}
    found: dict[int | None, list[bool]] = {}
    rows = select(Question.note_id, Question.key, Question.fingerprint).where(
        Question.note_id.in_(gone),
        Question.retired_at.is_(None),
        Question.kind != QuestionKind.LAB,
    )
    for note_id, key, fingerprint in db.execute(rows):
        found.setdefault(note_id, []).append(key in keys or fingerprint in prints)
    return next((note_id for note_id in gone if sum(found.get(note_id, [])) * 2 > len(found.get(note_id, []))), None)


def _displace(db: Session, note: Note, *, now: datetime, revisions: Revisions | None) -> None:
    """Retire a note whose file name another note has taken over, and give it a path that no file has."""
    retire_note(db, note, now=now, revisions=revisions)
    note.path = f"{note.key}: {note.path}"[:PATH_MAX_CHARS]
    db.flush()


def _called(parsed: ParsedNote) -> tuple[str, int | None]:
    return parsed.title[:TITLE_MAX_CHARS], parsed.number
