"""Quiz sessions and their attempts."""

from datetime import datetime
from typing import Any, assert_never
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.catalogue.models import Note, Question, QuestionKind
from quizapp.confidence import Confidence
from quizapp.db import Base, UtcDateTime, enum_column
from quizapp.quiz.asked import Asked, AskedChoice, AskedKind, from_json, to_json
from quizapp.verdicts import Verdict


class _AskedType(TypeDecorator[Asked]):
    """What was asked, as JSON."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Asked | None, dialect: object) -> dict[str, Any] | None:
        return None if value is None else to_json(value)

    def process_result_value(self, value: dict[str, Any] | None, dialect: object) -> Asked | None:
        return None if value is None else from_json(value)


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
    asked: Mapped[Asked | None] = mapped_column(_AskedType)
    """The question in its words at the draw; empty where the draw was made before these were kept."""
    choice_order: Mapped[list[int]] = mapped_column(JSON, default=list)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    verdict: Mapped[Verdict | None] = mapped_column(enum_column(Verdict, name="verdict"))
    score: Mapped[float | None]
    confidence: Mapped[Confidence | None] = mapped_column(enum_column(Confidence, name="confidence"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quiz_session: Mapped[QuizSession] = relationship(back_populates="attempts")
    question: Mapped[Question] = relationship()

    @property
    def shown(self) -> Asked:
        """What the learner is asked, or was: in the words of the draw, without these in the question's present ones."""
        return self.asked or as_asked(self.question)


def as_asked(question: Question) -> Asked:
    """A question in its present words."""
    return Asked(
        kind=_kind(question.kind),
        prompt=question.prompt,
        answer=question.answer,
        must=tuple(question.must),
        bonus=tuple(question.bonus),
        red_flags=tuple(question.red_flags),
        choices=tuple(
            AskedChoice(id=choice.id, text=choice.text, right=choice.right, why=choice.why)
            for choice in question.choices
        ),
        source_url=question.source_url,
        as_of=question.as_of,
    )


def _kind(kind: QuestionKind) -> AskedKind:
    """How a sitting asks a question of this kind."""
    match kind:
        case QuestionKind.SINGLE:
            return AskedKind.SINGLE
        case QuestionKind.MULTIPLE:
            return AskedKind.MULTIPLE
        case QuestionKind.OPEN | QuestionKind.FLASHCARD | QuestionKind.LAB:
            return AskedKind.OPEN  # no sitting draws the last two; a question may have become one after an old draw
        case _:
            assert_never(kind)
