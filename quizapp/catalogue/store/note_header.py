"""A note's own row: find the stored note that a file is, bring it up to date, retire it. Knows no text."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.content_files import PATH_MAX_CHARS
from quizapp.catalogue.formats.parsed import ParsedNote
from quizapp.catalogue.keys import new_key
from quizapp.catalogue.models import TITLE_MAX_CHARS, Note, Question, QuestionKind
from quizapp.catalogue.store import question_store as store
from quizapp.catalogue.store.import_run import NOTE, ImportRun, NoteFile
from quizapp.catalogue.store.reports import Changes


def retire_note(db: Session, note: Note, *, now: datetime) -> Changes:
    """Take a note whose file is gone out of the lists. Nothing is deleted: the file may come back."""
    note.retired_at = now
    questions = db.scalars(select(Question).where(Question.note_id == note.id, Question.kind != QuestionKind.LAB))
    retired = sum(store.retire(question, now=now) for question in questions.all())
    for section in note.sections:
        for concept in section.concepts:
            concept.retired_at = concept.retired_at or now
    db.flush()
    return Changes(retired=retired)


def store_header(db: Session, read: NoteFile, run: ImportRun, *, now: datetime) -> tuple[Note, Changes]:
    """The note's own row, made or brought up to date."""
    parsed, date = read.parsed, read.parsed.date
    found = _stored(db, read, run, now=now)
    note = found or Note(key=parsed.key or new_key("n", read.name, taken=run.taken[NOTE]), imported_at=now)
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
        "retired_at": None,
    }
    differs = found is None or any(getattr(note, name) != value for name, value in wanted.items())
    if not differs:
        return note, Changes()
    for name, value in wanted.items():
        setattr(note, name, value)
    note.imported_at = now
    run.taken[NOTE].add(note.key)
    db.add(note)
    db.flush()
    return note, Changes(added=1) if found is None else Changes(changed=1)


def _stored(db: Session, read: NoteFile, run: ImportRun, *, now: datetime) -> Note | None:
    """The stored note that this file is: by its id, by its name, or one whose file is gone and that says the same."""
    parsed = read.parsed
    by_key = db.scalar(select(Note).where(Note.key == parsed.key)) if parsed.key is not None else None
    by_path = db.scalar(select(Note).where(Note.path == read.name))
    if by_key is not None:
        if by_path is not None and by_path is not by_key:
            _displace(db, by_path, now=now)
        return by_key
    if by_path is not None:
        return by_path
    gone = db.scalars(select(Note).where(Note.id.in_(run.gone)).order_by(Note.id))
    same = (note for note in gone if note.source == read.source or (note.title, note.number) == _called(parsed))
    return next(same, None)


def _displace(db: Session, note: Note, *, now: datetime) -> None:
    """Another note has taken over this one's file name. It is retired until its own text turns up in another file."""
    retire_note(db, note, now=now)
    note.path = f"{note.key}: {note.path}"[:PATH_MAX_CHARS]
    db.flush()


def _called(parsed: ParsedNote) -> tuple[str, int | None]:
    return parsed.title[:TITLE_MAX_CHARS], parsed.number
