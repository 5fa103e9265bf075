"""The table of what can be found, and the index over its codes that each database has in its own way.

SQLite has FTS5 where it was built with it, as a table of its own that holds the codes by the document's id; PostgreSQL
has a GIN index. Without FTS5 the codes themselves are looked through: slower, with the same results.
"""

from enum import StrEnum

from sqlalchemy import Connection, String, Text, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.catalogue.models import KEY_MAX_CHARS
from quizapp.column_types import enum_column
from quizapp.db import Base

HEAD_MAX_CHARS = 300
INDEX = "search_index"  # SQLite's table of codes; what it is made of begins so too
POSTGRESQL_INDEX = "ix_search_document_codes"
# No places and no sizes are kept, as nothing asks for them: the order of results is our own.
MAKE_FTS5 = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5"
    "(codes, content='search_document', content_rowid='id', detail=none, columnsize=0)"
)
MAKE_GIN = f"CREATE INDEX {POSTGRESQL_INDEX} ON search_document USING gin (to_tsvector('simple', codes))"

_has_fts5: bool | None = None  # until it was asked


class DocumentKind(StrEnum):
    """What a document is, in the order of results."""

    NOTE = "note"
    CONCEPT = "concept"
    SECTION = "section"
    QUESTION = "question"
    LAB = "lab"


class SearchDocument(Base):
    """Something that can be found: a row of the catalogue, with its texts as they are compared. See `index`."""

    __tablename__ = "search_document"
    __table_args__ = (UniqueConstraint("kind", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    """On SQLite never a number twice: what was left in the index of a row that is gone must not lead to another one."""
    kind: Mapped[DocumentKind] = mapped_column(enum_column(DocumentKind, name="kind"))
    item_id: Mapped[int]
    """The id of the row of the catalogue."""
    note_id: Mapped[int | None] = mapped_column(index=True)
    question_id: Mapped[int | None] = mapped_column(index=True)
    """Of a question and of a lab; of these a learner can have a card."""
    hidden: Mapped[bool]
    """Whether nobody finds it: it is retired, or a draft."""
    length: Mapped[int]
    """The characters of its text; of results of one kind the shortest comes first."""
    anchor: Mapped[str] = mapped_column(String(KEY_MAX_CHARS))
    """The rest of its address: a section's anchor on its note's page, or that of a lab."""
    head: Mapped[str] = mapped_column(String(HEAD_MAX_CHARS))
    """What results show, in Markdown: a title, a term or a prompt."""
    words: Mapped[str] = mapped_column(Text)
    """See `tokens.words_of`."""
    codes: Mapped[str] = mapped_column(Text)
    """See `tokens.codes_of`."""


def _make_index(target: object, connection: Connection, **_: object) -> None:
    """Make the database's own index with the table, as migrations do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(MAKE_GIN))
    elif has_fts5(connection):
        connection.execute(text(MAKE_FTS5))


def has_fts5(connection: Connection) -> bool:
    """Whether this SQLite has FTS5, by the list of what it was built with. Asked once: a process has one SQLite."""
    global _has_fts5
    if _has_fts5 is None:
        _has_fts5 = bool(connection.scalar(text("SELECT count(*) FROM pragma_module_list WHERE name = 'fts5'")))
    return _has_fts5


event.listen(SearchDocument.__table__, "after_create", _make_index)
