"""Finds, changes and retires a note's own row and the rows of its sections."""

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.content_files import PATH_MAX_CHARS
from quizapp.catalogue.formats.parsed import ParsedNote, ParsedSection
from quizapp.catalogue.models import KEY_MAX_CHARS, TITLE_MAX_CHARS, Note, Question, QuestionKind, Section
from quizapp.catalogue.rendering import render_document
from quizapp.catalogue.store import question_store as store
from quizapp.catalogue.store.identity import new_key
from quizapp.catalogue.store.import_run import NOTE, Changes, ImportRun, NoteFile

_SLUG_CHARS = KEY_MAX_CHARS - 8  # the prefix and a number need the rest


def retire_note(db: Session, note: Note, *, now: datetime) -> Changes:
    """Retire a note whose file is gone, with its concepts and questions. No row is deleted: the file may come back."""
    note.retired_at = now
    questions = db.scalars(select(Question).where(Question.note_id == note.id, Question.kind != QuestionKind.LAB))
    retired = sum(store.retire(question, now=now) for question in questions.all())
    for section in note.sections:
        for concept in section.concepts:
            concept.retired_at = concept.retired_at or now
    db.flush()
    return Changes(retired=retired)


def rendered(read: NoteFile) -> NoteFile:
    """The note with its sections as HTML, which takes long and needs no database."""
    bodies = render_document(*(section.body for section in read.parsed.sections))
    return replace(read, html=tuple(str(body) for body in bodies))


def store_header(db: Session, read: NoteFile, run: ImportRun, *, now: datetime) -> tuple[Note, Changes]:
    """Make or change the note's own row; returns the row and the changes."""
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
    """The stored note of this file; None for a new one.

    In order: the note with the file's id; the note with its name; a note whose file is gone, with the same text, or
    with the same title and day number.
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
    gone = db.scalars(select(Note).where(Note.id.in_(run.gone)).order_by(Note.id))
    same = (note for note in gone if note.source == read.source or (note.title, note.number) == _called(parsed))
    return next(same, None)


def _displace(db: Session, note: Note, *, now: datetime) -> None:
    """Retire a note whose file name another note has taken over, and give it a path that no file has."""
    retire_note(db, note, now=now)
    note.path = f"{note.key}: {note.path}"[:PATH_MAX_CHARS]
    db.flush()


def _called(parsed: ParsedNote) -> tuple[str, int | None]:
    return parsed.title[:TITLE_MAX_CHARS], parsed.number


def store_sections(db: Session, note: Note, read: NoteFile) -> tuple[list[Section], list[Section], int]:
    """Store the sections; returns their rows in the file's order, the rows left over, and how many sections changed.

    The caller deletes the rows left over, once no concept and no question refers to them.
    """
    parsed, free = read.parsed, list(note.sections)
    rows = _matched(free, parsed)
    _make_room(db, [*free, *(row for row in rows if row is not None)], rows)
    anchors: set[str] = set()
    sections, changed = [], 0
    for position, (row, section, html) in enumerate(zip(rows, parsed.sections, read.html, strict=True), start=1):
        title = (section.title or parsed.title)[:TITLE_MAX_CHARS]
        anchor = anchor_of(title, taken=anchors)
        anchors.add(anchor)
        stored = row or Section(note_id=note.id, position=position)
        changed += _write_section(stored, section, title=title, anchor=anchor, html=html) and row is not None
        stored.position = position
        db.add(stored)
        sections.append(stored)
    db.flush()
    db.expire(note, ["sections"])
    return sections, free, changed


def anchor_of(title: str, *, taken: Container[str]) -> str:
    """The id of a section's element, not in `taken`. The prefix keeps it different from the page's other ids."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_CHARS].rstrip("-") or "section"
    numbered = (f"s-{slug}" if number == 1 else f"s-{slug}-{number}" for number in count(1))
    return next(anchor for anchor in numbered if anchor not in taken)


def _matched(free: list[Section], parsed: ParsedNote) -> list[Section | None]:
    """The stored section of each parsed one, removed from `free`: one with the same title, else the next one left."""
    rows: list[Section | None] = []
    for section in parsed.sections:
        title = (section.title or parsed.title)[:TITLE_MAX_CHARS]
        same = next((row for row in free if row.title == title), None)
        rows.append(same)
        if same is not None:
            free.remove(same)
    return [row or (free.pop(0) if free else None) for row in rows]


def _make_room(db: Session, stored: Sequence[Section], rows: Sequence[Section | None]) -> None:
    """If a section changes its position, give all negative ones first: two rows may never have one position."""
    if len(stored) == len(rows) and all(row and row.position == place for place, row in enumerate(rows, start=1)):
        return
    for number, row in enumerate(stored, start=1):
        row.position = -number
    db.flush()


def _write_section(row: Section, parsed: ParsedSection, *, title: str, anchor: str, html: str) -> bool:
    """Set the columns that differ; returns whether any did."""
    wanted = {
        "number": parsed.number,
        "title": title,
        "anchor": anchor,
        "html": html,
        "teaches": parsed.teaches,
    }
    differs = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in differs.items():
        setattr(row, name, value)
    return bool(differs)
