"""The table of what editors say to each other about a question, a lab or a note."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
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
