"""Cards and the review log. The log is the truth; a card's memory state can be rebuilt from it at any time."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.db import Base, UtcDateTime, enum_column
from quizapp.review.memory import Memory, Phase, Rating


class ReviewSource(StrEnum):
    """What a rating was derived from."""

    REVIEW = "review"
    QUIZ = "quiz"
    SANDBOX = "sandbox"


class Outcome(StrEnum):
    """What became of a logged review. Only applied ones count when a card is rebuilt."""

    APPLIED = "applied"
    STALE = "stale"  # the card had moved on since it was shown (a second tab); kept, schedule unchanged
    UNDONE = "undone"


class _RatingType(TypeDecorator[Rating]):
    """A rating as its number, as every review log in the field has it."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Rating | None, dialect: object) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: object) -> Rating | None:
        return None if value is None else Rating(value)


class Card(Base):
    """What one learner remembers of one question.

    `stability` (days until recall falls to 90 %) and `difficulty` (1 to 10) are FSRS-6's; both are empty while new. Day
    numbers are study days: days since 1970-01-01 on the learner's shifted calendar. `due_at` is set only while the card
    comes back within the day; then it, and not `due_day`, tells when. `version` grows with every applied change.
    """

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("user_id", "question_id"),
        Index("ix_card_user_id_due_day", "user_id", "due_day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    phase: Mapped[Phase] = mapped_column(enum_column(Phase, name="phase"), default=Phase.NEW)
    stability: Mapped[float | None]
    difficulty: Mapped[float | None]
    last_day: Mapped[int | None]
    last_review_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_day: Mapped[int | None]
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    buried_until_day: Mapped[int | None]
    reps: Mapped[int] = mapped_column(default=0)
    lapses: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user: Mapped[User] = relationship()
    question: Mapped[Question] = relationship()

    @property
    def memory(self) -> Memory:
        """What the scheduler needs to know of this card."""
        return Memory(
            phase=self.phase,
            stability=self.stability,
            difficulty=self.difficulty,
            last_day=self.last_day,
            reps=self.reps,
            lapses=self.lapses,
        )


class ReviewLog(Base):
    """One review, append-only but for `outcome`. `id` is made by the client, so that sending it twice counts once."""

    __tablename__ = "review_log"
    __table_args__ = (
        UniqueConstraint("card_id", "sequence"),
        Index("ix_review_log_user_id_day", "user_id", "day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    card_id: Mapped[UUID] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"))
    sequence: Mapped[int]
    """Order within the card, from 1: clocks may run backwards, this does not."""
    rating: Mapped[Rating] = mapped_column(_RatingType)
    source: Mapped[ReviewSource] = mapped_column(enum_column(ReviewSource, name="source"))
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome, name="outcome"), default=Outcome.APPLIED)
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[int]
    """The study day it fell in, frozen: a later change of zone or rollover does not move history."""
    zone: Mapped[str] = mapped_column(String(64))
    taken_ms: Mapped[int | None]
    """From seeing the card to rating it, at most `service.TAKEN_MAX_MS`; empty where nothing measured it."""
    phase_before: Mapped[Phase] = mapped_column(enum_column(Phase, name="phase_before"))
    stability_before: Mapped[float | None]
    difficulty_before: Mapped[float | None]
    retrievability_before: Mapped[float | None]
    stability_after: Mapped[float | None]
    difficulty_after: Mapped[float | None]
    due_day_after: Mapped[int | None]
    due_at_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
