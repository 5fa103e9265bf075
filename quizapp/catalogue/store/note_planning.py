"""Plans what an import does with a note: its own row, its items, what is told of it. Reads rows and writes none."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, and_, or_, select
from sqlalchemy.orm import Session

from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote
from quizapp.catalogue.models import TITLE_MAX_CHARS, Note, Question, QuestionKind, Unsettled
from quizapp.catalogue.store.identity import new_key
from quizapp.catalogue.store.import_run import Changes, Doubt, FileReport, NoteFile, departures, in_words
from quizapp.catalogue.store.note_plan import NotePlan, plan_note
from quizapp.catalogue.store.note_tables import load_note
from quizapp.catalogue.store.revisions import packed
from quizapp.catalogue.store.run_opening import NOTE, ImportRun
from quizapp.catalogue.store.stored_rows import Sought, StoredItems

NOTES: Table = Note.metadata.tables["note"]
UNSTORED = 0  # no row has this id


@dataclass(frozen=True, kw_only=True)
class NoteHeader:
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
    header: NoteHeader
    rows: StoredItems
    plan: NotePlan
    disputes: Mapping[int, bool]
    """Of the stored disputes about its questions, by the question's id, whether an editor has settled it."""

    @property
    def takes_from_others(self) -> bool:
        """Whether one of its items is a stored one that is not the note's."""
        sections = {row.id for row in self.rows.sections}
        concepts = (one.row for one in self.plan.concepts if one.row is not None)
        questions = (one.row for one in self.plan.questions if one.row is not None and not one.row.placed_here)
        return any(row.section_id not in sections for row in concepts) or any(
            row.note_id != self.header.note_id for row in questions
        )


@dataclass(frozen=True, kw_only=True)
class StoredNote:
    """What comes of a note."""

    note_id: int
    """UNSTORED for a new one that was planned alone."""
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


def plan_items(db: Session, read: NoteFile, run: ImportRun, header: NoteHeader, *, version: int) -> PlannedNote:
    """The plan of a note whose own row is planned; `version` is that of the catalogue, 0 within a transaction."""
    rows = load_note(db, header.note_id, _sought(read, run))
    plan = plan_note(read, rows, run, note_key=header.key)
    return PlannedNote(
        version=version, header=header, rows=rows, plan=plan, disputes=_disputes(db, header.note_id, plan)
    )


def told_of(planned: PlannedNote, note_id: int) -> StoredNote:
    """What is told of a note that was planned, and stored with this id if it was."""
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


def note_down(run: ImportRun, planned: PlannedNote, ids: Mapping[str, int], *, path: str) -> None:
    """Keep for the files after this one what it has taken and what it asks; `ids` are those of its questions by key."""
    run.taken[NOTE].add(planned.header.key)
    for kind, keys in planned.plan.keys.items():
        run.taken[kind] |= keys
    run.settled |= set(ids.values())
    for row in planned.plan.retired_questions:
        run.asked.stop(row.id)
    for one in planned.plan.questions:
        run.asked.ask(ids[one.key], one.merged.fingerprint, path)


def plan_header(db: Session, read: NoteFile, run: ImportRun) -> NoteHeader:
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
    return NoteHeader(
        note_id=found,
        key=key,
        values={name: value for name, value in wanted.items() if name not in was or was[name] != value},
        displaced=by_path if by_path != found else None,
        before=packed(was["source"]) if run.owner is None and was.get("source", read.source) != read.source else None,
    )


def note_report(note: NoteFile, stored: StoredNote) -> FileReport:
    """The report on a note, from its file and what came of it."""
    parsed = note.parsed
    questions = [one for one in parsed.everything_asked if not one.flashcard]
    once = (*stored.copies, *(doubt.warning for doubt in stored.doubts), *stored.left)
    said = (*parsed.warnings, *stored.conflicts, *once)
    warnings = sorted(said, key=lambda warning: (warning.line, warning.message))
    return FileReport(
        path=note.path,
        title=parsed.heading,
        convention=parsed.convention,
        questions=len(questions),
        answered=sum(question.answered for question in questions),
        concepts=sum(section.teaches for section in parsed.sections),
        cards=sum(1 for _ in parsed.everything_asked) - len(questions),
        warnings=tuple(warnings),
        changes=stored.changes,
        once=once,
        items_before=_items_before(parsed, stored.changes),
        doubts=stored.doubts,
        replaced=stored.replaced,
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


def _disputes(db: Session, note_id: int | None, plan: NotePlan) -> dict[int, bool]:
    """The stored disputes about what will be the note's questions, see `PlannedNote.disputes`."""
    moved = [one.row.id for one in plan.questions if one.row is not None and one.row.note_id != note_id]
    if note_id is None and not moved:
        return {}
    of_note = Unsettled.question_id.in_(select(Question.id).where(Question.note_id == note_id))
    found = select(Unsettled.question_id, Unsettled.settled).where(or_(of_note, Unsettled.question_id.in_(moved)))
    return dict(db.execute(found).all())


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


def _header_row(db: Session, note_id: int) -> dict[str, Any]:
    row = db.execute(select(NOTES).where(Note.id == note_id)).one()
    return dict(row._mapping)


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


def _called(parsed: ParsedNote) -> tuple[str, int | None]:
    return parsed.title[:TITLE_MAX_CHARS], parsed.number


def _items_before(parsed: ParsedNote, changes: Changes) -> int:
    """How many concepts, cards and questions of a note were live before its file was stored; 0 if all still are."""
    if not changes.retired:
        return 0
    now = sum(len(section.concepts) for section in parsed.sections) + sum(1 for _ in parsed.everything_asked)
    return max(now - changes.added - changes.restored, 0) + changes.retired
