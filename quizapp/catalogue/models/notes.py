"""The tables of notes, of their sections and concepts, and of what is typed at a note and not saved yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, UniqueConstraint, and_, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.catalogue.models.lengths import FINGERPRINT_CHARS, KEY_MAX_CHARS, TITLE_MAX_CHARS
from quizapp.column_types import UtcDateTime
from quizapp.db import Base


class Note(Base):
    """An imported document."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_owner_id", "owner_id", "retired_at"),)  # beside `source` each look reads all texts

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), unique=True)
    """The author's id, or one made from the path; part of the note's address."""
    path: Mapped[str] = mapped_column(String(1024), unique=True)
    """The file's path: relative to the content folder if it is below that, else full."""
    title: Mapped[str] = mapped_column(String(TITLE_MAX_CHARS))
    convention: Mapped[str] = mapped_column(String(KEY_MAX_CHARS))
    """How its questions are written; see ParsedNote.convention."""
    number: Mapped[int | None]
    """The N of "Day N: title"."""
    year: Mapped[int | None]
    """None if the date in the note has no year; it is never guessed."""
    month: Mapped[int | None]
    day: Mapped[int | None]
    source: Mapped[str] = mapped_column(Text)
    """The file's text."""
    exact: Mapped[str | None] = mapped_column(Text, deferred=True)
    """The file's text with its own line ends and mark; None if that is `source`, or for no Markdown."""
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When an import last changed this row."""
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an import found the file gone, or an editor retired it; None while it is there."""
    retired_here: Mapped[bool] = mapped_column(default=False)
    """Whether an editor retired it, so that an import leaves its file aside."""
    owner_id: Mapped[UUID | None]
    """The id of the learner whose own note it is; None for a note for all. No foreign key, as in QuestionEdit."""
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the owner offered it to all; None if not, or if it is for all. See `visibility`."""
    sections: Mapped[list["Section"]] = relationship(
        back_populates="note", order_by="Section.position", cascade="all, delete-orphan"
    )


HASH_CHARS = 64  # of a file that was no Markdown: the name of its format and this stand in place of its text
# The condition that a note's file was questions of another tool; its text need not be loaded for it.
IS_OF_ANOTHER_TOOL: ColumnElement[bool] = and_(
    Note.source.startswith(Note.convention + " "),
    func.length(Note.source) == func.length(Note.convention) + 1 + HASH_CHARS,
)


class Section(Base):
    """A part of a note: a heading of the first or second level and what is under it."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("note_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"))
    position: Mapped[int]
    number: Mapped[str | None] = mapped_column(String(16))
    """The number that its heading begins with, such as "2.1"; None without one."""
    title: Mapped[str] = mapped_column(String(TITLE_MAX_CHARS))
    anchor: Mapped[str] = mapped_column(String(KEY_MAX_CHARS))
    """The id of its element on the note's page."""
    html: Mapped[str] = mapped_column(Text)
    """The body as sanitised HTML, rendered at import."""
    teaches: Mapped[bool]
    """Whether it explains something; false for a section that only asks, such as interview questions."""
    note: Mapped[Note] = relationship(back_populates="sections")
    concepts: Mapped[list["Concept"]] = relationship(back_populates="section", order_by="Concept.position, Concept.id")


class Concept(Base):
    """A term that a section explains, with its text in Markdown."""

    __tablename__ = "concept"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), unique=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id", ondelete="SET NULL"), index=True)
    position: Mapped[int]
    term: Mapped[str] = mapped_column(String(TITLE_MAX_CHARS))
    text: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS), index=True)
    """SHA-256 of term and text as last read from the file."""
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an import no longer found it in its note, or an editor retired it; None while it is there."""
    retired_here: Mapped[bool] = mapped_column(default=False)
    """Whether an editor retired it, so that an import which finds it in its note leaves it retired."""
    merged_into: Mapped[str | None] = mapped_column(String(KEY_MAX_CHARS))
    """The key of the concept that it is a part of since an editor merged the two; of no meaning while it is there."""
    section: Mapped[Section | None] = relationship(back_populates="concepts")


class NoteHere(Base):
    """A note whose truth is a file, and whose text was changed in the browser: its file does not have that yet."""

    __tablename__ = "note_here"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)
    file: Mapped[str] = mapped_column(Text)
    """The file's text as it was last read, with its own line ends. What the note says is a change of it."""
    waiting: Mapped[str | None] = mapped_column(Text)
    """What the file says by now, if it has changed lines that were changed here too: an editor takes one of the two."""


class NoteDraft(Base):
    """A note's text as somebody is typing it in one browser, and has not saved."""

    __tablename__ = "note_draft"
    __table_args__ = (Index("ix_note_draft_note_id", "note_id"),)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The id of who types it; no foreign key, since this room knows no accounts. It goes with the account."""
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)
    device: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), primary_key=True)
    """What a browser calls itself, so that no device writes over what another one has kept."""
    text: Mapped[str] = mapped_column(Text)
    opened: Mapped[str] = mapped_column(Text)
    """The text that it is a change of."""
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
