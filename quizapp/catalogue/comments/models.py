"""The tables of what editors say to each other about a question, a lab or a note, and of who has one open."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.catalogue.models import Note, Question
from quizapp.column_types import UtcDateTime
from quizapp.db import Base


class EditorComment(Base):
    """What one editor says of a question, that of a lab included, or of a note. Learners never see it."""

    __tablename__ = "editor_comment"
    __table_args__ = (
        Index("ix_editor_comment_question_id", "question_id", "id"),
        Index("ix_editor_comment_note_id", "note_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    """The question; None if it is about a note."""
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"))
    """The note; None if it is about a question."""
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("editor_comment.id", ondelete="CASCADE"), index=True)
    """The comment that began the thread; None for that one."""
    editor_id: Mapped[UUID] = mapped_column()
    """The id of the user; no foreign key, as in QuestionEdit."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(Text)
    """Plain text."""
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an editor resolved the thread that it began; None while it is open, and for an answer."""
    question: Mapped[Question | None] = relationship()
    note: Mapped[Note | None] = relationship()


class Presence(Base):
    """That an editor has a question, that of a lab included, or a note open in an editor, or had a short while ago."""

    __tablename__ = "presence"
    __table_args__ = (
        UniqueConstraint("question_id", "user_id"),
        UniqueConstraint("note_id", "user_id"),
        Index("ix_presence_seen_at", "seen_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column()
    """The id of the editor; no foreign key, since this room knows no accounts. It goes with the account."""
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    """As in EditorComment."""
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"))
    """As in EditorComment."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the editor's page last said that it is open; see `presence` for how long that holds."""
