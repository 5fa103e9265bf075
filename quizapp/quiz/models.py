"""Quiz sessions and their attempts."""

from datetime import datetime
from typing import Any, assert_never
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.catalogue.models import PAGE_KINDS, Note, Question, QuestionKind
from quizapp.column_types import JsonOf, TextOf, UtcDateTime, enum_column
from quizapp.confidence import Confidence
from quizapp.db import Base
from quizapp.dialects import partial_index
from quizapp.quiz.asked_question import Asked, AskedChoice, AskedKind, from_json, to_json
from quizapp.quiz.draw.wish import Wish, from_text, to_text
from quizapp.quiz.modes import Mode
from quizapp.verdicts import Verdict

# What a quiz session asks: no flashcards, which are asked on the review page; of labs those that ask for a command.
ASKED_KINDS = (*PAGE_KINDS, QuestionKind.LAB)

_IS_OPEN = "finished_at IS NULL"  # few of a learner's are


class QuizSession(Base):
    """A sitting: questions that are drawn once and answered one after another."""

    __tablename__ = "quiz_session"
    __table_args__ = (
        Index("ix_quiz_session_user_id_started_at", "user_id", "started_at"),
        partial_index("ix_quiz_session_open", "user_id", "started_at", on_sqlite=_IS_OPEN, on_postgresql=_IS_OPEN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="SET NULL"))
    """The note that the learner chose; None for all notes or several."""
    seed: Mapped[int]
    """The seed of the random numbers for the draw and the order of options; makes both repeatable."""
    wish: Mapped[Wish | None] = mapped_column(TextOf(to_text, from_text))
    """What the learner asked for; None for a draw by a version that did not store it."""
    title: Mapped[str | None] = mapped_column(Text)
    """What was chosen, in words; None if that is one whole note, or all notes."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its last question got a verdict, or the learner discarded it; None while it can be gone on with."""
    mode: Mapped[Mode] = mapped_column(enum_column(Mode, name="mode"), default=Mode.PRACTICE)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its time is up, by the server's clock; None without a limit."""
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its answers were closed, so that they are marked: of a test or an interview alone."""
    shared_as: Mapped[UUID | None] = mapped_column(unique=True)
    """The key of the link by which anybody may read its report; None while it is the learner's alone."""
    note: Mapped[Note | None] = relationship()
    attempts: Mapped[list["Attempt"]] = relationship(
        back_populates="quiz_session", order_by="Attempt.position", cascade="all, delete-orphan"
    )


_IS_FIRST = "is_first"  # of those of a learner at a question one is


class Attempt(Base):
    """One question of a quiz session, with the learner's answer."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("quiz_session_id", "position"),
        partial_index("ix_attempt_first", "question_id", on_sqlite=_IS_FIRST, on_postgresql=_IS_FIRST),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    quiz_session_id: Mapped[UUID] = mapped_column(ForeignKey("quiz_session.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    position: Mapped[int]
    """The question's number in the quiz session, from 1."""
    asked: Mapped[Asked | None] = mapped_column(JsonOf(to_json, from_json))
    """The question in its words at the draw; None for a draw by a version that did not store them."""
    choice_order: Mapped[list[int]] = mapped_column(JSON, default=list)
    """The ids of the options in the order in which they are shown; of things to be put in order, their places."""
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """{"choices": [ids]}, {"text": …} or {"parts": [texts]}; None before the answer.

    {"unknown": true} if the learner did not know. Once an open answer is marked, with the numbers, from 0, of what was
    said: "points", "bonus" and "red_flags"; with "taken_back", how often its marks were taken back. For the rest that a
    command has, see `lab_questions`.
    """
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the learner typed or chose and what is no answer: it was refused, or they went on without sending it.

    As in `answer`, with "confidence" if they said how sure they were; None for nothing.
    """
    hints_taken: Mapped[int] = mapped_column(default=0)
    """How many of the question's hints the learner has seen."""
    for_later: Mapped[bool] = mapped_column(default=False)
    """Whether the learner has marked it, to come back to it in this quiz session."""
    verdict: Mapped[Verdict | None] = mapped_column(enum_column(Verdict, name="verdict"))
    """None before the answer, and while an open answer waits for the learner's marks."""
    score: Mapped[float | None]
    """From 0 to 1; None without a verdict."""
    confidence: Mapped[Confidence | None] = mapped_column(enum_column(Confidence, name="confidence"))
    """How sure the learner said they were; None if they did not say."""
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it got its verdict."""
    is_first: Mapped[bool] = mapped_column(default=False)
    """Whether it is the learner's first answer to the question, of all quiz sessions, that was right or wrong.

    What authors are told of a question, and the estimates of `strengths`, are of these alone.
    """
    ability_moved: Mapped[float | None]
    """By how much it moved the estimate of the learner's ability, in logits; None unless it is a first one."""
    difficulty_moved: Mapped[float | None]
    """The same of the question's difficulty."""
    quiz_session: Mapped[QuizSession] = relationship(back_populates="attempts")
    question: Mapped[Question] = relationship()

    @property
    def shown(self) -> Asked:
        """The question as the learner is or was asked it: `asked`, or the question's present words if that is None."""
        return self.asked or as_asked(self.question)


class LearnerAbility(Base):
    """How able a learner is, as their first answers tell; see `elo`. It can be computed anew from the attempts."""

    __tablename__ = "learner_ability"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[float]
    """In logits."""
    answers: Mapped[int]


class QuestionDifficulty(Base):
    """How hard a question is, as the first answers of all learners tell; see `elo`. It can be computed anew as well.

    With what a list of all questions needs of these answers, so that it need not read them; see `kept_figures`.
    """

    __tablename__ = "question_difficulty"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[float]
    """In logits."""
    answers: Mapped[int]
    """How many answers `value` is estimated from."""
    scored: Mapped[int] = mapped_column(default=0)
    """The first answers to it."""
    score: Mapped[float] = mapped_column(default=0.0)
    """The sum of their scores, each from 0 to 1."""
    counted: Mapped[int] = mapped_column(default=0)
    """What `scored` was when `discrimination` was computed; 0 before."""
    discrimination: Mapped[float | None]
    """From -1 to 1; None as of `item_figures.Sums`."""


def as_asked(question: Question) -> Asked:
    """The Asked of a question in its present words."""
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
        expected=question.expected,
        hints=tuple(question.hints),
        source_url=question.source_url,
        as_of=question.as_of,
    )


def _kind(kind: QuestionKind) -> AskedKind:
    """How a quiz session asks a question of this kind."""
    match kind:
        case QuestionKind.SINGLE:
            return AskedKind.SINGLE
        case QuestionKind.MULTIPLE:
            return AskedKind.MULTIPLE
        case (
            QuestionKind.SHORT
            | QuestionKind.NUMBER
            | QuestionKind.TRUTH
            | QuestionKind.ORDER
            | QuestionKind.MATCH
            | QuestionKind.CLOZE
        ):
            return AskedKind(kind.value)
        case QuestionKind.OPEN | QuestionKind.FLASHCARD | QuestionKind.LAB:
            # No draw has flashcards; a question may have become one after an old draw. See `lab_questions` for labs.
            return AskedKind.OPEN
        case _:
            assert_never(kind)
