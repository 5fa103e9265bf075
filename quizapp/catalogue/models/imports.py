"""The tables by which an import knows what has changed since the last one."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.catalogue.models.lengths import FINGERPRINT_CHARS
from quizapp.db import Base

ONLY_ROW = 1  # the id in a table of one row


class NoteImport(Base):
    """What the last import of a note's file left, by which `store.unchanged` knows whether to read the file again."""

    __tablename__ = "note_import"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS))
    """SHA-256 of the file and of the program that read it."""
    rows: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS))
    """SHA-256 of the note's rows in all tables, after the import."""
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The FileReport that another import would return, as JSON."""


class Unsettled(Base):
    """A question that both its file and the browser have changed since they were the same. It is asked as it was."""

    __tablename__ = "conflict"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    file: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the file says, as `question_store.as_json` writes it; None if the question is no longer in it."""
    settled: Mapped[bool] = mapped_column(default=False)
    """Whether an editor has kept a question that the file no longer has."""


class LastImport(Base):
    """The last import of the content folder, in one row, by which `last_import` knows whether another is needed."""

    __tablename__ = "last_import"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS))
    """SHA-256 of the folder's files and of the program that read them."""
    catalogue: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS))
    """SHA-256 of the rows that an import reads and writes, after the import."""
    reports: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The FileReports that another import would return, as JSON."""


class CatalogueVersion(Base):
    """How often the catalogue was changed, in one row: an import that has planned knows by it that its plan holds."""

    __tablename__ = "catalogue_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    """Grows with each commit that writes notes, sections, concepts, questions, options or labs."""
