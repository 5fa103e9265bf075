"""Knows the files that need not be read again: neither they, nor the program, nor the rows of their notes have changed.

A second import of a file right after the first one changes nothing. So what the first one said is kept with a
fingerprint of the file and one of all rows of its note.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Choice, Concept, Note, NoteHere, NoteImport, NotePicture, Question, Section
from quizapp.catalogue.store.import_run import FileReport, NoteFile
from quizapp.catalogue.store.row_texts import found, texts_of
from quizapp.db import Base
from quizapp.prepared_statements import Prepared

_REPORT = TypeAdapter(FileReport)
# All rows of a note, each table as `row_texts.texts_of` takes it. Labs are stored after notes, with their questions
# in them. Questions are found by their ids, so that SQLite sorts these alone and not the whole rows.
_OF_NOTE = "q.note_id = {note} AND q.kind <> 'lab'"
_ROWS = (
    (Note, "WHERE id = {note}"),
    (NoteHere, "WHERE note_id = {note}"),
    (NotePicture, "WHERE note_id = {note} ORDER BY address"),
    (Section, "WHERE note_id = {note} ORDER BY id"),
    (Concept, "JOIN section s ON s.id = o.section_id WHERE s.note_id = {note} ORDER BY o.id"),
    (Question, f"WHERE id IN (SELECT q.id FROM question q WHERE {_OF_NOTE}) ORDER BY id"),
    (Choice, f"JOIN question q ON q.id = o.question_id WHERE {_OF_NOTE} ORDER BY o.id"),
)
_TAGS = (  # by how many questions have each, as all of a note have the same
    "SELECT t.name || ' ' || n || ' ' || ids FROM (SELECT l.tag_id AS id, COUNT(*) AS n, SUM(q.id) AS ids "
    f"FROM question q JOIN question_tag l ON l.question_id = q.id WHERE {_OF_NOTE} GROUP BY l.tag_id) counted "
    "JOIN tag t ON t.id = counted.id ORDER BY t.name"
)
_FORGET = Prepared(delete(NoteImport).where(NoteImport.note_id == bindparam("of_note")))
_KEEP = Prepared(
    insert(NoteImport).values({name: bindparam(name) for name in ("note_id", "content", "rows", "report")})
)
_KEYS_AT_ONCE = 5_000  # of one IN; SQLite takes 32,766 values in a statement


@dataclass(frozen=True, kw_only=True)
class KnownFile:
    """What the last import of a file left."""

    note_id: int
    content: str
    """The fingerprint of the file; see `file_print`."""
    rows: str
    """The fingerprint of the note's rows."""
    said: Mapping[str, object]

    @property
    def report(self) -> FileReport:
        """What another import of the file would say."""
        return _REPORT.validate_python(self.said)


def file_print(data: bytes, *, name: str, program: str) -> str:
    """SHA-256 of all that decides how a file is read: its bytes, its own name, and the program."""
    digest = hashlib.sha256(f"{program}\0{name}\0".encode(errors="surrogateescape"))
    digest.update(data)
    return digest.hexdigest()


def known_files(db: Session) -> dict[str, KnownFile]:
    """What is kept of files, by Note.path."""
    columns = select(Note.path, NoteImport.note_id, NoteImport.content, NoteImport.rows, NoteImport.report)
    return {
        row.path: KnownFile(note_id=row.note_id, content=row.content, rows=row.rows, said=row.report)
        for row in db.execute(columns.join(NoteImport, NoteImport.note_id == Note.id))
    }


def has_its_rows(db: Session, known: KnownFile) -> bool:
    """Whether the rows of a note are as the import left them."""
    return _rows_print(db, known.note_id) == known.rows


def keep(db: Session, note_id: int, report: FileReport, *, content: str) -> None:
    """Keep what an import said of a note that it has just stored; the caller commits."""
    db.flush()
    said = _REPORT.dump_python(report.repeated(), mode="json")
    row = {"note_id": note_id, "content": content, "rows": _rows_print(db, note_id), "report": said}
    _FORGET.change(db.connection(), {"of_note": note_id})
    _KEEP.change(db.connection(), row)


def notes_with_ids_of(db: Session, files: Iterable[NoteFile]) -> set[str]:
    """The paths of the notes that have an item with an id that one of these files gives to one of its own."""
    notes, concepts, questions = set[str](), set[str](), set[str]()
    for file in files:
        notes |= {file.parsed.key or ""}
        concepts |= {concept.key or "" for section in file.parsed.sections for concept in section.concepts}
        questions |= {question.key or "" for question in file.parsed.everything_asked}
    of_concept = select(Note.path).join(Section, Section.note_id == Note.id).join(Concept)
    of_question = select(Note.path).join(Question, Question.note_id == Note.id)
    found = {path for some in _parts(notes) for path in db.scalars(select(Note.path).where(Note.key.in_(some)))}
    found |= {path for some in _parts(concepts) for path in db.scalars(of_concept.where(Concept.key.in_(some)))}
    return found | {
        path for some in _parts(questions) for path in db.scalars(of_question.where(Question.key.in_(some)))
    }


def _rows_print(db: Session, note_id: int) -> str:
    digest, note = hashlib.sha256(), int(note_id)
    of_tables = (texts_of(db, Base.metadata.tables[kind.__tablename__], rest.format(note=note)) for kind, rest in _ROWS)
    for texts in (*of_tables, found(db, _TAGS.format(note=note))):
        for some in texts:
            digest.update(some)
        digest.update(b"\0")
    return digest.hexdigest()


def _parts(keys: set[str]) -> Iterable[Sequence[str]]:
    some = sorted(keys - {""})
    return (some[start : start + _KEYS_AT_ONCE] for start in range(0, len(some), _KEYS_AT_ONCE))
