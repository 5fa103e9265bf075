"""Quiz sessions and their attempts."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.catalogue.models import Note, Question
from quizapp.confidence import Confidence
from quizapp.db import Base, UtcDateTime, enum_column
from quizapp.verdicts import Verdict


class QuizSession(Base):
    """A sitting: questions drawn once, answered one after another. `seed` makes the draw repeatable."""

    __tablename__ = "quiz_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="SET NULL"))
    seed: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[Note | None] = relationship()
    attempts: Mapped[list["Attempt"]] = relationship(
        back_populates="quiz_session", order_by="Attempt.position", cascade="all, delete-orphan"
    )


class Attempt(Base):
    """One question of a sitting and what was answered.

    `choice_order` is the order the options are shown in, as choice ids. `answer` is what was given: {"choices": [ids]},
    or {"text": …} and after marking {"text": …, "points": [numbers of the guide's points that were said]}. An answer
    without a verdict is an open one that is still to be marked. `score` runs from 0 to 1.
    """

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("quiz_session_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    quiz_session_id: Mapped[UUID] = mapped_column(ForeignKey("quiz_session.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    position: Mapped[int]
    choice_order: Mapped[list[int]] = mapped_column(JSON, default=list)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    verdict: Mapped[Verdict | None] = mapped_column(enum_column(Verdict, name="verdict"))
    score: Mapped[float | None]
    confidence: Mapped[Confidence | None] = mapped_column(enum_column(Confidence, name="confidence"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quiz_session: Mapped[QuizSession] = relationship(back_populates="attempts")
    question: Mapped[Question] = relationship()
