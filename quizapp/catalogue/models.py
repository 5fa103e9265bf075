"""Notes and what was understood of them. An item keeps its row through every edit: learners' history hangs on it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.db import Base, UtcDateTime, enum_column

KEY_MAX_CHARS = 64
TITLE_MAX_CHARS = 300
FINGERPRINT_CHARS = 64  # SHA-256 in hex


class QuestionKind(StrEnum):
    """How a question is asked."""

    FLASHCARD = "flashcard"  # a front and a back of a few words
    OPEN = "open"  # written, then marked by the learner against the guide's points
    SINGLE = "single"  # exactly one right choice
    MULTIPLE = "multiple"  # any number of right choices
    LAB = "lab"  # done in a sandbox


question_tag = Table(
    "question_tag",
    Base.metadata,
    Column("question_id", ForeignKey("question.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Tag(Base):
    """A word that questions can be picked by."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), unique=True)


class Note(Base):
    """An imported document. `year` is never guessed: a date line without one leaves it empty."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), unique=True)
    path: Mapped[str] = mapped_column(String(1024), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_MAX_CHARS))
    convention: Mapped[str] = mapped_column(String(KEY_MAX_CHARS))
    number: Mapped[int | None]
    """The N of "Day N: title"."""
    year: Mapped[int | None]
    month: Mapped[int | None]
    day: Mapped[int | None]
    source: Mapped[str] = mapped_column(Text)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sections: Mapped[list["Section"]] = relationship(
        back_populates="note", order_by="Section.position", cascade="all, delete-orphan"
    )


class Section(Base):
    """A part of a note under a heading of the second level. `teaches` is false for the interview section."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("note_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"))
    position: Mapped[int]
    number: Mapped[str | None] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(TITLE_MAX_CHARS))
    anchor: Mapped[str] = mapped_column(String(KEY_MAX_CHARS))
    html: Mapped[str] = mapped_column(Text)
    """The body as sanitised HTML, rendered at import."""
    teaches: Mapped[bool]
    note: Mapped[Note] = relationship(back_populates="sections")
    concepts: Mapped[list["Concept"]] = relationship(back_populates="section", order_by="Concept.position, Concept.id")


class Concept(Base):
    """Something a section explains: a term from a bold lead, with its text in Markdown."""

    __tablename__ = "concept"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), unique=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id", ondelete="SET NULL"), index=True)
    position: Mapped[int]
    term: Mapped[str] = mapped_column(String(TITLE_MAX_CHARS))
    text: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS), index=True)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    section: Mapped[Section | None] = relationship(back_populates="concepts")


class Question(Base):
    """Something that can be asked, of any kind. All texts are Markdown.

    `fingerprint` is of the item as last read from its file; an edit in the browser leaves it alone, so that the
    importer can tell which side changed. `rev` counts changes.
    """

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), unique=True)
    kind: Mapped[QuestionKind] = mapped_column(enum_column(QuestionKind, name="kind"))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="SET NULL"), index=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id", ondelete="SET NULL"), index=True)
    concept_id: Mapped[int | None] = mapped_column(ForeignKey("concept.id", ondelete="SET NULL"), index=True)
    position: Mapped[int]
    prompt: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    must: Mapped[list[str]] = mapped_column(JSON, default=list)
    bonus: Mapped[list[str]] = mapped_column(JSON, default=list)
    red_flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    level: Mapped[int | None]
    source_url: Mapped[str | None] = mapped_column(String(1024))
    as_of: Mapped[str | None] = mapped_column(String(16))
    lab_slug: Mapped[str | None] = mapped_column(String(KEY_MAX_CHARS))
    """The lab in which what it asks can be tried, which need not be there. The file alone says it."""
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS), index=True)
    edited: Mapped[bool] = mapped_column(default=False)
    """Whether the browser's editor has changed the item since it was last read from its file."""
    draft: Mapped[bool] = mapped_column(default=False)
    """Imported without an answer: kept for the editor, not asked."""
    rev: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    choices: Mapped[list["Choice"]] = relationship(
        back_populates="question", order_by="Choice.position", cascade="all, delete-orphan"
    )
    tags: Mapped[list[Tag]] = relationship(secondary=question_tag, order_by="Tag.name")
    note: Mapped[Note | None] = relationship()
    section: Mapped[Section | None] = relationship()
    concept: Mapped[Concept | None] = relationship()


class Choice(Base):
    """One option of a choice question and why it is right or wrong."""

    __tablename__ = "choice"
    __table_args__ = (UniqueConstraint("question_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    right: Mapped[bool]
    why: Mapped[str] = mapped_column(Text, default="")
    question: Mapped[Question] = relationship(back_populates="choices")


class Lab(Base):
    """A lab definition as read from its file. `question_id` is the hands-on question that it is asked as."""

    __tablename__ = "lab"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), unique=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_MAX_CHARS))
    summary: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The whole file, validated; `catalogue.lab_format.LabDefinition` reads it."""
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    question: Mapped[Question] = relationship()


class LastImport(Base):
    """The last import of the content folder: one row, which says when reading it again would change nothing."""

    __tablename__ = "last_import"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS))
    """Of the folder's files and the program that read them."""
    catalogue: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS))
    """Of everything that the import reads and writes, as it was afterwards."""
    reports: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """What a further import would say, file by file."""


class QuestionEdit(Base):
    """A change made in the browser: the item before and after, who and when. Never changed or deleted."""

    __tablename__ = "question_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    editor_id: Mapped[UUID] = mapped_column()
    """The account that made it; no foreign key, since this package knows no accounts."""
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
