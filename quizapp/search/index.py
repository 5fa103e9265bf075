"""Keeps what can be found in line with the catalogue, in the transaction that changes it.

A session notes which rows of the catalogue it writes, whoever does it and why, and brings their documents in line
before it commits; with a note, all that is in it. Statements that bypass the session's objects, as those of an import,
are followed by `db.note_writes` of their notes; what is written past the product, by `rebuild`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.catalogue.models import Choice, Concept, Lab, Note, Question, Section
from quizapp.db import Base, follow_writes, forget_writes
from quizapp.search.documents import documents
from quizapp.search.models import INDEX, MAKE_FTS5, DocumentKind, SearchDocument, has_fts5

AT_ONCE = 500  # rows read, compared and written in one go
MICROSECONDS = 1_000_000  # of a second; rows are written more slowly than one a microsecond
Pending = dict[DocumentKind, set[int]]

_DOCUMENTS: Table = SearchDocument.metadata.tables["search_document"]
_ITEMS: Mapping[DocumentKind, type[Base]] = {
    DocumentKind.NOTE: Note,
    DocumentKind.SECTION: Section,
    DocumentKind.CONCEPT: Concept,
    DocumentKind.QUESTION: Question,
    DocumentKind.LAB: Lab,
}


def settle(db: Session) -> None:
    """Bring the documents in line with what the session has written; a commit does so by itself."""
    db.flush()
    written = forget_writes(db)
    pending = {kind: written.get(model, set()) for kind, model in _ITEMS.items()}
    pending[DocumentKind.QUESTION] |= written.get(Choice, set())
    for kind, ids in _with_what_depends(db, pending).items():
        for some in _batches(sorted(ids)):
            _bring_in_line(db, kind, some)


def rebuild(db: Session, *, step: Callable[[int], None] = lambda _: None) -> int:
    """Make all documents anew; returns how many there are. `step` is told of each few hundred.

    Makes SQLite's index if it has none, as when the file was made by a SQLite without FTS5.
    """
    connection = db.connection()
    if connection.dialect.name == "sqlite" and has_fts5(connection) and not _has_index(connection):
        connection.execute(text(MAKE_FTS5))
    _empty_index(connection)
    connection.execute(delete(_DOCUMENTS))
    made = 0
    for kind, model in _ITEMS.items():
        for some in _batches(db.scalars(select(model.__table__.c.id).order_by(model.__table__.c.id)).all()):
            _bring_in_line(db, kind, some)
            made += len(some)
            step(made)
    return db.scalar(select(text("count(*)")).select_from(_DOCUMENTS)) or 0


def uses_fts5(connection: Connection) -> bool:
    """Whether codes are looked for in SQLite's index: it is there, and this SQLite can read it."""
    return connection.dialect.name == "sqlite" and has_fts5(connection) and _has_index(connection)


follow_writes({**dict.fromkeys(_ITEMS.values(), "id"), Choice: "question_id"}, before_commit=settle)


def _with_what_depends(db: Session, pending: Pending) -> Pending:
    """The rows to bring in line: those written, and what has a part of its document from them."""
    found = {kind: set(ids) for kind, ids in pending.items()}
    for some in _batches(sorted(found.get(DocumentKind.NOTE, ()))):
        were = select(_DOCUMENTS.c.kind, _DOCUMENTS.c.item_id).where(_DOCUMENTS.c.note_id.in_(some))
        for kind, item_id in db.execute(were):
            found.setdefault(kind, set()).add(item_id)
    depends: Sequence[tuple[DocumentKind, DocumentKind, Any, Any]] = (
        (DocumentKind.NOTE, DocumentKind.SECTION, Section.id, Section.note_id),
        (DocumentKind.NOTE, DocumentKind.QUESTION, Question.id, Question.note_id),
        (DocumentKind.SECTION, DocumentKind.CONCEPT, Concept.id, Concept.section_id),
        (DocumentKind.QUESTION, DocumentKind.LAB, Lab.id, Lab.question_id),
    )
    for on, what, id, refers_to in depends:
        for some in _batches(sorted(found.get(on, ()))):
            found.setdefault(what, set()).update(db.scalars(select(id).where(refers_to.in_(some))))
    return found


def _bring_in_line(db: Session, kind: DocumentKind, ids: Sequence[int]) -> None:
    """Write the documents of rows that differ from what they should be."""
    connection = db.connection()
    stored_rows = select(*_DOCUMENTS.columns).where(_DOCUMENTS.c.kind == kind, _DOCUMENTS.c.item_id.in_(ids))
    stored = {row["item_id"]: dict(row) for row in connection.execute(stored_rows).mappings()}
    wanted = {found.item_id: found.columns for found in documents(db, kind=kind, ids=ids)}
    gone = [row for item_id, row in stored.items() if item_id not in wanted]
    new = [row for item_id, row in wanted.items() if item_id not in stored]
    changed = [
        (stored[item_id], row)
        for item_id, row in wanted.items()
        if item_id in stored and _differs(stored[item_id], row)
    ]
    indexed = uses_fts5(connection)
    if indexed:
        _remove(connection, [*gone, *(before for before, _ in changed)])
    if gone:
        connection.execute(delete(_DOCUMENTS).where(_DOCUMENTS.c.id.in_([row["id"] for row in gone])))
    if changed:
        rows = [{**row, "the_id": before["id"]} for before, row in changed]
        connection.execute(update(_DOCUMENTS).where(_DOCUMENTS.c.id == bindparam("the_id")), rows)
    if new:
        connection.execute(insert(_DOCUMENTS), _numbered(connection, new))
    if indexed:
        written = [row["item_id"] for row in (*new, *(row for _, row in changed))]
        _add(connection, kind, written)


def _numbered(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """New documents with ids, on SQLite: those after all there are, and after all there were, by the time of day."""
    if connection.dialect.name != "sqlite":
        return rows
    last = connection.scalar(select(func.max(_DOCUMENTS.c.id))) or 0
    first = max(last + 1, int(clock.now().timestamp() * MICROSECONDS))
    return [{"id": id, **row} for id, row in enumerate(rows, first)]


def _differs(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return any(stored[name] != value for name, value in wanted.items())


def _remove(connection: Connection, rows: Collection[Mapping[str, Any]]) -> None:
    """Take codes from SQLite's index, which must be told what they were."""
    if rows:
        statement = text(f"INSERT INTO {INDEX} ({INDEX}, rowid, codes) VALUES ('delete', :id, :codes)")
        connection.execute(statement, [{"id": row["id"], "codes": row["codes"]} for row in rows])


def _add(connection: Connection, kind: DocumentKind, item_ids: Sequence[int]) -> None:
    """Add the codes of documents that have just been written to SQLite's index."""
    columns = _DOCUMENTS.c.id, _DOCUMENTS.c.codes
    written = select(*columns).where(_DOCUMENTS.c.kind == kind, _DOCUMENTS.c.item_id.in_(item_ids))
    rows = [{"id": id, "codes": codes} for id, codes in connection.execute(written)]
    if rows:
        connection.execute(text(f"INSERT INTO {INDEX} (rowid, codes) VALUES (:id, :codes)"), rows)


def _empty_index(connection: Connection) -> None:
    if uses_fts5(connection):
        connection.execute(text(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('delete-all')"))


def _has_index(connection: Connection) -> bool:
    there = text("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = :name")
    return bool(connection.scalar(there, {"name": INDEX}))


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
