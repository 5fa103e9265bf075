"""Keeps what can be found in line with the catalogue, in the transaction that changes it.

A session notes which rows of the catalogue it writes, whoever does it and why, and brings their documents in line
before it commits; with a note, all that is in it. Statements that bypass the session's objects, as those of an import,
are followed by `db.note_writes` of their notes; what is written past the product, by `rebuild`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Select,
    String,
    Table,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.catalogue.models import ONLY_ROW, CatalogueVersion, Choice, Concept, Lab, Note, Question, Section
from quizapp.db import Base, Foretold, forget_writes
from quizapp.prepared_statements import Prepared, one_of_ids
from quizapp.search.documents import UNFORESEEN, Foreseen, documents, plain_text, texts_to_come, tokens_of
from quizapp.search.models import INDEX, MAKE_FTS5, DocumentKind, SearchDocument, has_fts5

AT_ONCE = 500  # rows read, compared and written in one go
MICROSECONDS = 1_000_000  # of a second; rows are written more slowly than one a microsecond
Pending = dict[DocumentKind, set[int]]
Item = TypeVar("Item")
_Item = tuple[DocumentKind, int]
_Row = Mapping[str, Any]

_DOCUMENTS: Table = SearchDocument.metadata.tables["search_document"]
_FTS5 = table(INDEX, *(column(name) for name in ("rowid", "codes", INDEX)))
_VERSION: Table = CatalogueVersion.metadata.tables["catalogue_version"]


def _ids_of(kind: DocumentKind, item_id: Any, refers_to: Any) -> Select[*tuple[Any, ...]]:
    """The ids of the rows of a kind that refer to given ones."""
    return select(literal_column(f"'{kind}'", _DOCUMENTS.c.kind.type), item_id).where(one_of_ids(refers_to))


_DEPENDS: Sequence[tuple[DocumentKind, Prepared]] = (
    (
        DocumentKind.NOTE,
        Prepared(
            union_all(
                select(_DOCUMENTS.c.kind, _DOCUMENTS.c.item_id).where(one_of_ids(_DOCUMENTS.c.note_id)),
                _ids_of(DocumentKind.SECTION, Section.id, Section.note_id),
                _ids_of(DocumentKind.QUESTION, Question.id, Question.note_id),
            )
        ),
    ),
    (DocumentKind.SECTION, Prepared(_ids_of(DocumentKind.CONCEPT, Concept.id, Concept.section_id))),
    (DocumentKind.QUESTION, Prepared(_ids_of(DocumentKind.LAB, Lab.id, Lab.question_id))),
)
"""What has a part of its document from a row of a kind, or had one that said so."""
_STORED = Prepared(
    select(*_DOCUMENTS.columns).where(_DOCUMENTS.c.kind == bindparam("kind"), one_of_ids(_DOCUMENTS.c.item_id))
)
_CODES = select(_DOCUMENTS.c.id, _DOCUMENTS.c.codes).where(one_of_ids(_DOCUMENTS.c.id))
_INDEXED = Prepared(insert(_FTS5).from_select(["rowid", "codes"], _CODES))
_NO_LONGER_INDEXED = Prepared(
    insert(_FTS5).from_select(["rowid", "codes", INDEX], _CODES.add_columns(literal_column("'delete'")))
)
_GONE = Prepared(delete(_DOCUMENTS).where(one_of_ids(_DOCUMENTS.c.id)))
_LAST = Prepared(select(func.max(_DOCUMENTS.c.id)))
_GROWN = Prepared(update(_VERSION).values(number=_VERSION.c.number + literal_column("1")))
_IS_THERE = Prepared(
    select(literal_column("1"))
    .select_from(table("sqlite_master"))
    .where(literal_column("type") == literal_column("'table'"), column("name") == bindparam("called", type_=String()))
)
_NAMES = tuple(column.name for column in _DOCUMENTS.columns)
_FORESEEN = "search_foreseen"  # where a session keeps what `prepare` has computed
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
    written, foreseen = forget_writes(db), db.info.pop(_FORESEEN, UNFORESEEN)
    if not written:
        return
    pending = {kind: written.get(model, set()) for kind, model in _ITEMS.items()}
    pending[DocumentKind.QUESTION] |= written.get(Choice, set())
    connection = db.connection()
    indexed = uses_fts5(connection)
    found = _with_what_depends(connection, pending)
    for some in _batches([(kind, item_id) for kind in DocumentKind for item_id in sorted(found[kind])]):
        _bring_in_line(db, some, foreseen=foreseen, indexed=indexed)
    _count_change(connection)


def prepare(db: Session, rows: Foretold) -> None:
    """Compute what is needed of rows that the session is about to write, so that nobody waits for it at its commit."""
    plain = {row["html"]: plain_text(row["html"]) for row in rows.get(Section, ())}
    db.info[_FORESEEN] = Foreseen(tokens={text: tokens_of(text) for text in texts_to_come(rows, plain)}, plain=plain)


def rebuild(db: Session, *, step: Callable[[int], None] = lambda _: None) -> int:
    """Make all documents anew; returns how many there are. `step` is told of each few hundred.

    Makes SQLite's index if it has none, as when the file was made by a SQLite without FTS5.
    """
    connection = db.connection()
    if connection.dialect.name == "sqlite" and has_fts5(connection) and not _has_index(connection):
        connection.execute(text(MAKE_FTS5))
    indexed = uses_fts5(connection)
    if indexed:
        connection.execute(text(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('delete-all')"))
    connection.execute(delete(_DOCUMENTS))
    made = 0
    for kind, model in _ITEMS.items():
        ids = db.scalars(select(model.__table__.c.id).order_by(model.__table__.c.id)).all()
        for some in _batches([(kind, item_id) for item_id in ids]):
            _bring_in_line(db, some, foreseen=UNFORESEEN, indexed=indexed)
            made += len(some)
            step(made)
    return db.scalar(select(text("count(*)")).select_from(_DOCUMENTS)) or 0


def uses_fts5(connection: Connection) -> bool:
    """Whether codes are looked for in SQLite's index: it is there, and this SQLite can read it."""
    return connection.dialect.name == "sqlite" and has_fts5(connection) and _has_index(connection)


def _with_what_depends(connection: Connection, pending: Pending) -> Pending:
    """The rows to bring in line: those written, and what has a part of its document from them."""
    found = {kind: set(pending.get(kind, ())) for kind in DocumentKind}
    for on, depends in _DEPENDS:
        for some in _batches(sorted(found[on])):
            for kind, item_id in depends.all(connection, ids=some):
                found[kind].add(item_id)
    return found


def _count_change(connection: Connection) -> None:
    """Note down that the catalogue is another one: an import that has planned before this commit plans anew."""
    if not _GROWN.change(connection):
        connection.execute(insert(_VERSION).values(id=ONLY_ROW, number=1))


def _bring_in_line(
    db: Session, items: Sequence[tuple[DocumentKind, int]], *, foreseen: Foreseen, indexed: bool
) -> None:
    """Write the documents of rows that differ from what they should be."""
    connection, by_kind = db.connection(), dict[DocumentKind, list[int]]()
    for kind, item_id in items:
        by_kind.setdefault(kind, []).append(item_id)
    stored, wanted = dict[_Item, _Row](), dict[_Item, _Row]()
    for kind, ids in by_kind.items():
        rows = (dict(zip(_NAMES, row, strict=True)) for row in _STORED.all(connection, {"kind": kind}, ids=ids))
        stored |= {(kind, row["item_id"]): row for row in rows}
        found = documents(connection, kind=kind, ids=ids, foreseen=foreseen)
        wanted |= {(kind, one.item_id): one.columns(foreseen) for one in found}
    _write(connection, stored, wanted, indexed=indexed)


def _write(
    connection: Connection, stored: Mapping[_Item, _Row], wanted: Mapping[_Item, _Row], *, indexed: bool
) -> None:
    """Make the stored documents the wanted ones."""
    gone = [row["id"] for item, row in stored.items() if item not in wanted]
    new = [row for item, row in wanted.items() if item not in stored]
    changed = [(stored[item], row) for item, row in wanted.items() if item in stored and _differs(stored[item], row)]
    outdated = [*gone, *(before["id"] for before, _ in changed)]
    if indexed and outdated:
        _NO_LONGER_INDEXED.change(connection, ids=outdated)  # as long as the documents say what it had
    if gone:
        _GONE.change(connection, ids=gone)
    if changed:
        rows = [{**row, "the_id": before["id"]} for before, row in changed]
        connection.execute(update(_DOCUMENTS).where(_DOCUMENTS.c.id == bindparam("the_id")), rows)
    if new:
        new = _numbered(connection, new)
        _inserting(tuple(new[0])).change_each(connection, new)
    if indexed and (new or changed):
        _INDEXED.change(connection, ids=[row["id"] for row in (*new, *(before for before, _ in changed))])


@cache
def _inserting(columns: tuple[str, ...]) -> Prepared:
    return Prepared(insert(_DOCUMENTS).values({name: bindparam(name) for name in columns}))


def _numbered(connection: Connection, rows: list[_Row]) -> list[_Row]:
    """New documents with ids, on SQLite: those after all there are, and after all there were, by the time of day."""
    if connection.dialect.name != "sqlite":
        return rows
    (last,) = _LAST.first(connection, {}) or (0,)
    first = max((last or 0) + 1, int(clock.now().timestamp() * MICROSECONDS))
    return [{"id": id, **row} for id, row in enumerate(rows, first)]


def _differs(stored: _Row, wanted: _Row) -> bool:
    return any(stored[name] != value for name, value in wanted.items())


def _has_index(connection: Connection) -> bool:
    return _IS_THERE.first(connection, {"called": INDEX}) is not None


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
