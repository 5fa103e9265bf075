"""Bring a note's stored sections in line with its file. Knows no concept and no question."""

import re
import unicodedata
from collections.abc import Container, Sequence
from itertools import count

from sqlalchemy.orm import Session

from quizapp.catalogue.formats.parsed import ParsedNote, ParsedSection
from quizapp.catalogue.models import KEY_MAX_CHARS, TITLE_MAX_CHARS, Note, Section
from quizapp.catalogue.rendering import render_document

_SLUG_CHARS = KEY_MAX_CHARS - 8  # leaves room for the prefix and a number


def store_sections(db: Session, note: Note, parsed: ParsedNote) -> tuple[list[Section], list[Section], int]:
    """The sections in the file's order, those left over for the caller to delete, how many of them differed."""
    free = list(note.sections)
    rows = _matched(free, parsed)
    _make_room(db, [*free, *(row for row in rows if row is not None)], rows)
    anchors: set[str] = set()
    sections, changed = [], 0
    for position, (row, section) in enumerate(zip(rows, parsed.sections, strict=True), start=1):
        title = (section.title or parsed.title)[:TITLE_MAX_CHARS]
        anchor = anchor_of(title, taken=anchors)
        anchors.add(anchor)
        stored = row or Section(note_id=note.id, position=position)
        changed += _write(stored, section, title=title, anchor=anchor) and row is not None
        stored.position = position
        db.add(stored)
        sections.append(stored)
    db.flush()
    db.expire(note, ["sections"])
    return sections, free, changed


def anchor_of(title: str, *, taken: Container[str]) -> str:
    """The address of a section within its page. The prefix keeps it apart from the page's own ids."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_CHARS].rstrip("-") or "section"
    numbered = (f"s-{slug}" if number == 1 else f"s-{slug}-{number}" for number in count(1))
    return next(anchor for anchor in numbered if anchor not in taken)


def _matched(free: list[Section], parsed: ParsedNote) -> list[Section | None]:
    """The stored section of each parsed one: of the same title, else the next that is left. `free` keeps the rest."""
    rows: list[Section | None] = []
    for section in parsed.sections:
        title = (section.title or parsed.title)[:TITLE_MAX_CHARS]
        same = next((row for row in free if row.title == title), None)
        rows.append(same)
        if same is not None:
            free.remove(same)
    return [row or (free.pop(0) if free else None) for row in rows]


def _make_room(db: Session, stored: Sequence[Section], rows: Sequence[Section | None]) -> None:
    """Move every section out of the way if any changes its place: no two may ever share a position."""
    if len(stored) == len(rows) and all(row and row.position == place for place, row in enumerate(rows, start=1)):
        return
    for number, row in enumerate(stored, start=1):
        row.position = -number
    db.flush()


def _write(row: Section, parsed: ParsedSection, *, title: str, anchor: str) -> bool:
    """Set what differs; whether anything did."""
    wanted = {
        "number": parsed.number,
        "title": title,
        "anchor": anchor,
        "html": str(render_document(parsed.body)),
        "teaches": parsed.teaches,
    }
    differs = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in differs.items():
        setattr(row, name, value)
    return bool(differs)
