"""Cards and the review log. A card's memory state and due day can be computed from its log at any time."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.column_types import NumberOf, UtcDateTime, enum_column
from quizapp.db import Base
from quizapp.dialects import partial_index
from quizapp.review.memory import Memory, Phase, Rating


class ReviewSource(StrEnum):
    """Where a rating comes from."""

    REVIEW = "review"  # a button on the review page, or a command that was proved in its card there
    QUIZ = "quiz"  # an answer in a quiz session
    SANDBOX = "sandbox"  # a run of a lab
    IMPORTED = "imported"  # made in another program and taken up with its file, see `foreign_history`
    APART = "apart"  # a button on the review page, in a sitting that leaves the schedule alone


class Outcome(StrEnum):
    """Whether a logged review changed its card. `replay.rebuild` uses those of COUNTED only."""

    APPLIED = "applied"
    STALE = "stale"  # the card had changed since it was shown, such as in a second tab; the review did not change it
    APART = "apart"  # the source is APART: the card was to stay as it is
    UNDONE = "undone"  # applied or apart at first, then taken back by the learner
    GIVEN = "given"  # no review, but the state in which another program left the card; it is in no figure


# What is stored of each: a million rows with whole words take 25 MB more.
PHASES = {Phase.NEW: "n", Phase.LEARNING: "l", Phase.REVIEW: "r", Phase.RELEARNING: "e"}
SOURCES = {
    ReviewSource.REVIEW: "r",
    ReviewSource.QUIZ: "q",
    ReviewSource.SANDBOX: "s",
    ReviewSource.IMPORTED: "i",
    ReviewSource.APART: "p",
}
OUTCOMES = {
    Outcome.APPLIED: "a",
    Outcome.STALE: "s",
    Outcome.UNDONE: "u",
    Outcome.APART: "p",
    Outcome.GIVEN: "g",
}
COUNTED = (Outcome.APPLIED, Outcome.GIVEN)  # what a card is computed from
NO_REVIEW = (Outcome.UNDONE, Outcome.GIVEN)  # what is left out where reviews are counted and exported


def _pile(name: str, *columns: str, where: str) -> Index:
    """An index on the cards of one pile that are shown, in the order of the queue, with all that it is counted by."""
    on_sqlite, on_postgresql = (f"hidden = {no} AND suspended = {no} AND {where}" for no in ("0", "false"))
    return partial_index(name, "user_id", *columns, on_sqlite=on_sqlite, on_postgresql=on_postgresql)


def _in_order(name: str) -> Index:
    """An index on what a learner did in its order. It is by columns alone that are there for what undo takes back."""
    where = "deed_number IS NOT NULL"
    return partial_index(name, "user_id", "deed_number", on_sqlite=where, on_postgresql=where)


class NoteRetention(Base):
    """How much of a note a learner wants to remember, if not as much as of the others. See `note_retentions`."""

    __tablename__ = "note_retention"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)
    desired_retention: Mapped[float]
    """The chance of recall, RETENTION_MIN to RETENTION_MAX, at which its cards are due."""


class Card(Base):
    """What one learner remembers of one question. Columns called `…_day` have study days, as `study_day.StudyDay`.

    A card with `due_at` is in the phase LEARNING or RELEARNING, one without `due_day` is NEW, all others are in REVIEW.
    """

    __tablename__ = "card"
    __table_args__ = (
        # The question first, so that the foreign key finds a question's cards by it when `hidden` changes.
        UniqueConstraint("question_id", "user_id"),
        # The database itself copies `hidden` from the question, whoever changes it and however many cards there are.
        ForeignKeyConstraint(["question_id", "hidden"], ["question.id", "question.hidden"], onupdate="CASCADE"),
        _pile("ix_card_learning", "due_at", "buried_until_day", where="due_at IS NOT NULL"),
        _pile(
            "ix_card_due",
            "due_day",
            "last_review_at",
            "buried_until_day",
            where="due_at IS NULL AND due_day IS NOT NULL",
        ),
        # Those of `ix_card_due` that come before the others: sure and wrong, and not reviewed on a later day since.
        _pile(
            "ix_card_misjudged",
            "due_day",
            "last_review_at",
            "buried_until_day",
            where="due_at IS NULL AND due_day IS NOT NULL AND misjudged_day >= last_day",
        ),
        _pile("ix_card_new", "created_at", "question_id", "buried_until_day", where="due_day IS NULL"),
        _pile("ix_card_buried", "buried_until_day", "due_day", where="buried_until_day IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column()
    hidden: Mapped[bool] = mapped_column(default=False)
    """Whether the question is hidden, as `Question.hidden`; then the card is not shown and counts nowhere."""
    phase: Mapped[Phase] = mapped_column(enum_column(Phase, name="phase", codes=PHASES), default=Phase.NEW)
    stability: Mapped[float | None]
    """FSRS-6's: days until the chance of recall falls to 90 %. None while new."""
    difficulty: Mapped[float | None]
    """FSRS-6's: from 1, easy, to 10. None while new."""
    last_day: Mapped[int | None]
    """The study day of the last review. None while new."""
    last_review_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_day: Mapped[int | None]
    """The study day on which the card is due. None while new."""
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The time at which the card is due within the study day, after Again; None if `due_day` says when."""
    buried_until_day: Mapped[int | None]
    """The first study day on which a buried card is shown again; None or past if it is not buried."""
    buried_by: Mapped[UUID | None]
    """The review of a sibling that buried it last, so that undoing that review brings it back; None without one."""
    suspended: Mapped[bool] = mapped_column(default=False)
    """Whether the learner keeps it out of the queue until they say otherwise."""
    flag: Mapped[int] = mapped_column(default=0)
    """The learner's mark, 1 to `deeds.FLAG_MAX`; 0 without one."""
    leech: Mapped[bool] = mapped_column(default=False)
    """Whether it lapsed so often that something else than another review would help; see `leeches`."""
    misjudged_day: Mapped[int | None]
    """The study day on which the learner was last sure of an answer or a prediction, and wrong; None if never.

    The card comes before others that are due until it is reviewed on a later day, which an undo takes back by itself.
    """
    reps: Mapped[int] = mapped_column(default=0)
    """The number of applied reviews."""
    lapses: Mapped[int] = mapped_column(default=0)
    """How many times the card was rated Again in the REVIEW phase."""
    version: Mapped[int] = mapped_column(default=0)
    """Grows by one with every applied review and every undo."""
    logged: Mapped[int] = mapped_column(default=0)
    """The number of its reviews in the log, of any outcome; so the last one's `sequence`."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note_retention: Mapped[float | None] = column_property(
        select(NoteRetention.desired_retention)
        .join(Question, Question.note_id == NoteRetention.note_id)
        .where(Question.id == question_id, NoteRetention.user_id == user_id)
        .correlate_except(NoteRetention, Question)
        .scalar_subquery(),
        deferred=True,
    )
    """The desired retention of its note, if that has one of its own; else None. Read with the card by `undefer`, else
    by a statement of its own when it is looked at."""
    user: Mapped[User] = relationship()
    question: Mapped[Question] = relationship(primaryjoin=lambda: Card.question_id == Question.id)

    @property
    def memory(self) -> Memory:
        """The card's state as the scheduler takes it."""
        return Memory(
            phase=self.phase,
            stability=self.stability,
            difficulty=self.difficulty,
            last_day=self.last_day,
            reps=self.reps,
            lapses=self.lapses,
        )


class ReviewLog(Base):
    """One review. Later only `outcome` changes, to UNDONE; and its date, if that was wrong (`misdated_reviews`).

    A row that is GIVEN has the states `…_after` that a card begins with, and no rating that anybody made.
    """

    __tablename__ = "review_log"
    __table_args__ = (
        UniqueConstraint("card_id", "sequence"),
        Index("ix_review_log_user_id_reviewed_at", "user_id", "reviewed_at"),
        _in_order("ix_review_log_deed_number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Made before the review is sent, so that a review sent twice counts once; the attempt's or the run's id if any."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    card_id: Mapped[UUID] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"))
    sequence: Mapped[int]
    """The review's number within its card, from 1. It gives the order even if the clock was put back."""
    rating: Mapped[Rating] = mapped_column(NumberOf(Rating))  # as in the review logs of other FSRS programs
    source: Mapped[ReviewSource] = mapped_column(enum_column(ReviewSource, name="source", codes=SOURCES))
    outcome: Mapped[Outcome] = mapped_column(
        enum_column(Outcome, name="outcome", codes=OUTCOMES), default=Outcome.APPLIED
    )
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[int]
    """The study day of the review. It stays as it is when the learner's zone or rollover hour changes."""
    zone: Mapped[str] = mapped_column(String(64))
    """The IANA name of the learner's time zone at the review."""
    taken_ms: Mapped[int | None]
    """Milliseconds from seeing the card to rating it, at most `rating.TAKEN_MAX_MS`; None if not measured."""
    weights_number: Mapped[int | None]
    """The number of the learner's FittedWeights by which the review was computed; None for the default weights."""
    interval_before: Mapped[int | None]
    """The study days from the card's review before to the day on which it was due; None for a new card."""
    phase_before: Mapped[Phase] = mapped_column(enum_column(Phase, name="phase_before", codes=PHASES))
    stability_before: Mapped[float | None]
    difficulty_before: Mapped[float | None]
    retrievability_before: Mapped[float | None]
    """The chance of recall just before the review, 0 to 1; None for a new card."""
    stability_after: Mapped[float | None]
    difficulty_after: Mapped[float | None]
    due_day_after: Mapped[int | None]
    due_at_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deed_number: Mapped[int | None]
    """Grows with each rating on the review page and each CardDeed of the learner, whatever the clock says. None of
    what undo does not take back, and of ratings from before it was kept, which are the earlier ones."""


class AskedForm(Base):
    """By which question a review asked its card, where that was another than the card's own. Never changed."""

    __tablename__ = "asked_form"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review_log.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int]
    """No foreign key: to delete a question would look through all rows for it."""


class StoodFor(Base):
    """A card that another one of the same learner stands for, as both test the same thing; it is suspended meanwhile.

    Its memory and its log stay as they are. When the two test the same no more, it is learnt again by itself.
    """

    __tablename__ = "stood_for"

    card_id: Mapped[UUID] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"), primary_key=True)
    by_card_id: Mapped[UUID]
    """The card that stands for it. No foreign key, for the same reason as in AskedForm."""


class DeedKind(StrEnum):
    """What a learner did with a card beside rating it. LEECH is done by the rating that made the card one."""

    BURY = "bury"
    UNBURY = "unbury"
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    FLAG = "flag"
    LEECH = "leech"
    RELEASE = "release"  # from being a leech
    RESCHEDULE = "reschedule"
    RESET = "reset"
    ADD = "add"  # to the reviews, as a new card
    EDIT = "edit"  # of the question's texts, by an editor on the way from a review and back
    TAG = "tag"  # of its tags, by an editor from a search
    REMOVE = "remove"  # from the reviews, of a new card, which is gone
    LIMIT_NEW, LIMIT_REVIEWS = "limit-new", "limit-reviews"  # for one study day alone


class CardDeed(Base):
    """One thing done with one card beside rating it, in the order done. After it is added, only `undone` changes.

    With the log it says what a card is: RESCHEDULE and RESET change what the reviews before them come to.
    """

    __tablename__ = "card_deed"
    __table_args__ = (
        Index("ix_card_deed_user_id_done_at", "user_id", "done_at"),
        _in_order("ix_card_deed_deed_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    """Grows from deed to deed, so that it gives the order of those of one step and of one card."""
    deed_number: Mapped[int | None]
    """As of ReviewLog, the same for all of a step; None also of those that came of a rating, which has one."""
    step: Mapped[UUID]
    """The same for all that was done at once, which is undone at once; a review's id if its rating did it."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    card_id: Mapped[UUID | None] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"), index=True)
    """None for a question of which the user has no card, as after a REMOVE, and for a limit."""
    edit_id: Mapped[int | None] = mapped_column(ForeignKey("question_edit.id", ondelete="CASCADE"), index=True)
    """The QuestionEdit of an EDIT or a TAG, which do not change the card; None for other kinds."""
    kind: Mapped[DeedKind] = mapped_column(enum_column(DeedKind, name="deed_kind"))
    before: Mapped[int | None]
    """The flag, limit or day of burying before; the question of a card that is gone. None for other kinds."""
    after: Mapped[int | None]
    """The flag, the day of burying, the due day, or the day of a limit; of a whole note, StudiedNote's; else None."""
    after_sequence: Mapped[int]
    """The `sequence` of the card's last review before the deed; 0 without one."""
    after_review: Mapped[UUID | None]
    """The rating of which it came; of an old one without a number, the learner's last before it. No foreign key."""
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone: Mapped[bool] = mapped_column(default=False)


# Of a DayTally.
FIGURES = ("reviews", "introduced", "known", "passed", "mature", "mature_passed", "timed", "taken_ms")
MATURE_DAYS = 21  # Anki's: a card with an interval of three weeks counts as mature


class DayTally(Base):
    """The figures of a learner's study day, kept with each review: no page counts the log. See `study_day_figures`."""

    __tablename__ = "day_tally"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reviews: Mapped[int] = mapped_column(default=0)
    """Reviews that are not undone; those that changed no card, stale and apart ones, included."""
    introduced: Mapped[int] = mapped_column(default=0)
    """Applied reviews of new cards."""
    known: Mapped[int] = mapped_column(default=0)
    """Applied reviews of REVIEW cards on a later study day than the review before."""
    passed: Mapped[int] = mapped_column(default=0)
    """Those of `known` that were not rated Again."""
    mature: Mapped[int] = mapped_column(default=0)
    """Those of `known` whose interval before was at least MATURE_DAYS."""
    mature_passed: Mapped[int] = mapped_column(default=0)
    """Those of `mature` not rated Again."""
    timed: Mapped[int] = mapped_column(default=0)
    """Reviews of any outcome of which it was measured how long they took."""
    taken_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    """The milliseconds that those took together."""


class DayLoad(Base):
    """The cards of a learner that come back on a study day to come, kept with each rating. See `due_loads`.

    Cards within the day, suspended and hidden ones are not among them. On days that are past the number says nothing.
    """

    __tablename__ = "day_load"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cards: Mapped[int] = mapped_column(default=0)


class DayLimit(Base):
    """Other limits than a learner's usual ones, for one study day alone."""

    __tablename__ = "day_limit"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    new_cards: Mapped[int | None]
    """The new cards of the day; None: as usual."""
    reviews: Mapped[int | None]
    """The cards that come back on the day; None: as usual."""


class StudiedNote(Base):
    """A note whose questions a learner has added to their reviews, so that what an import adds later is offered."""

    __tablename__ = "studied_note"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)
    newest_question_id: Mapped[int]
    """The newest question that the note had when the learner last added or declined; newer ones are offered."""


class FittedWeights(Base):
    """Weights that were fitted to a learner's reviews, with the proof by which they are used or not. Never changed.

    Whether they are in force says `User.weights_number`; the log says which reviews were computed with them.
    """

    __tablename__ = "fitted_weights"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # of the learner's fits, from 1
    fitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    weights: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As `fitting.weights.to_json` gives them: a list of any length with its version."""
    items: Mapped[int]
    """The reviews that they were fitted to."""
    held_out: Mapped[int]
    """The newest of those, foretold by weights that were fitted to the others, and by the default weights."""
    loss_before: Mapped[float]
    """The log loss of the held-out reviews by the default weights."""
    loss_fitted: Mapped[float]
    """That by the weights that were fitted to the others."""

    @property
    def is_better(self) -> bool:
        """Whether the fit foretells reviews that it has not seen better than the default weights do."""
        return self.loss_fitted < self.loss_before
