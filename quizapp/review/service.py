"""The use cases of cards: add, rate, undo, bury, rebuild. Each runs in the caller's transaction; the caller commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.errors import Conflict, NotFound
from quizapp.review import scheduler
from quizapp.review.memory import Memory, Phase, Rating
from quizapp.review.models import Card, Outcome, ReviewLog, ReviewSource
from quizapp.review.scheduler import Reviewed
from quizapp.review.study_day import StudyDay, study_day

TAKEN_MAX_MS = 60_000  # Anki's limit: after a minute the learner is taken to be away


@dataclass(frozen=True, kw_only=True)
class Rated:
    """The result of a rating. A review that is sent again has the same result."""

    review_id: UUID
    card_id: UUID
    rating: Rating
    outcome: Outcome
    due_day: StudyDay | None
    """The study day on which the card is due after the rating; None for a new card whose rating was stale."""
    due_at: datetime | None
    """The time at which the card is due, if within the study day; else None."""


@dataclass(frozen=True, kw_only=True)
class Undone:
    """A review that was taken back."""

    review_id: UUID
    card_id: UUID
    rating: Rating


def rate(
    db: Session,
    *,
    user: User,
    card_id: UUID,
    review_id: UUID,
    rating: Rating,
    source: ReviewSource,
    now: datetime,
    seen_version: int,
    taken_ms: int | None,
) -> Rated:
    """Rate a card that was shown at `seen_version`.

    If the log has `review_id` already, nothing is written and that review's result returned. If the card was changed
    after it was shown, the review is logged as stale and the card stays as it is. `taken_ms` is in ms and counts up to
    TAKEN_MAX_MS. Raises NotFound for a card that is not the user's, Conflict for a review id of another card.
    """
    card = _locked_card(db, user=user, card_id=card_id)
    outcome = Outcome.APPLIED if seen_version == card.version else Outcome.STALE
    entry = _entry(user, card, review_id=review_id, rating=rating, source=source, outcome=outcome, taken_ms=taken_ms)
    return _count(db, entry, card, user=user, now=now)


def rate_question(
    db: Session,
    *,
    user: User,
    question_id: int,
    review_id: UUID,
    rating: Rating,
    source: ReviewSource,
    now: datetime,
    taken_ms: int | None = None,
    is_begun: bool = False,
) -> Rated:
    """Rate a question that was answered in a quiz session or a run. Makes the card if there is none; else like `rate`.

    `is_begun`: the question was asked before now, so its answer counts even if it has been retired since. Raises
    NotFound for a question that does not exist, and for a retired one without `is_begun`.
    """
    question = db.get(Question, question_id)
    if question is None or (question.retired_at is not None and not is_begun):
        raise NotFound("There is no such question any more.")
    card = _card_of(db, user=user, question_id=question_id)
    if card is None:
        _add_card(db, user=user, question_id=question_id, now=now)
        card = _card_of(db, user=user, question_id=question_id)
        assert card is not None  # this transaction has just made it, or another one has
    outcome = Outcome.APPLIED
    entry = _entry(user, card, review_id=review_id, rating=rating, source=source, outcome=outcome, taken_ms=taken_ms)
    return _count(db, entry, card, user=user, now=now)


def lock_card_of(db: Session, *, user: User, question_id: int) -> None:
    """Lock the user's card of a question, if any, so that no other review of it is made until the transaction ends."""
    _card_of(db, user=user, question_id=question_id)


def add_cards(db: Session, *, user: User, question_ids: Iterable[int], now: datetime) -> int:
    """Make a new card of each question of which the user has none. Returns the number of cards made."""
    there = set(db.scalars(select(Card.question_id).where(Card.user_id == user.id)))
    wanted = [question_id for question_id in dict.fromkeys(question_ids) if question_id not in there]
    return sum(_add_card(db, user=user, question_id=question_id, now=now) for question_id in wanted)


def undo(db: Session, *, user: User, now: datetime) -> Undone | None:
    """Take back the user's last review of this study day that was made on the review page; None if there is none.

    Ratings from quiz sessions and labs are not taken back, since their answers stay too.
    """
    last = db.scalar(
        select(ReviewLog)
        .where(
            ReviewLog.user_id == user.id,
            ReviewLog.day == study_day(now, user.zone, user.rollover_hour),
            ReviewLog.outcome == Outcome.APPLIED,
            ReviewLog.source == ReviewSource.REVIEW,
        )
        .order_by(ReviewLog.reviewed_at.desc(), ReviewLog.sequence.desc(), ReviewLog.id.desc())
        .limit(1)
        .with_for_update()
    )
    if last is None:
        return None
    card = _locked_card(db, user=user, card_id=last.card_id)
    last.outcome = Outcome.UNDONE
    rebuild(db, card)
    card.buried_until_day = None
    card.version += 1
    db.flush()
    return Undone(review_id=last.id, card_id=card.id, rating=last.rating)


def bury(db: Session, *, user: User, card_id: UUID, now: datetime) -> None:
    """Keep a card out of the queue until the user's next study day. Raises NotFound for a card not the user's."""
    card = _locked_card(db, user=user, card_id=card_id)
    card.buried_until_day = study_day(now, user.zone, user.rollover_hour) + 1
    db.flush()


def rebuild(db: Session, card: Card) -> None:
    """Compute a card's memory state, and when it is due, anew from its applied reviews."""
    db.flush()
    _set(card, Memory(), due_day=None, due_at=None, reviewed_at=None)
    log = select(ReviewLog).where(ReviewLog.card_id == card.id, ReviewLog.outcome == Outcome.APPLIED)
    for entry in db.scalars(log.order_by(ReviewLog.sequence)):
        reviewed = scheduler.USUAL.review(card.memory, entry.rating, day=entry.day)
        _apply(card, reviewed, reviewed_at=entry.reviewed_at)
    db.flush()


def _entry(
    user: User,
    card: Card,
    *,
    review_id: UUID,
    rating: Rating,
    source: ReviewSource,
    outcome: Outcome,
    taken_ms: int | None,
) -> ReviewLog:
    """A log row with what the learner did: not added to the database, and without the states before and after."""
    return ReviewLog(
        id=review_id,
        user_id=user.id,
        card_id=card.id,
        rating=rating,
        source=source,
        outcome=outcome,
        zone=user.zone,
        taken_ms=None if taken_ms is None else min(max(taken_ms, 0), TAKEN_MAX_MS),
    )


def _count(db: Session, entry: ReviewLog, card: Card, *, user: User, now: datetime) -> Rated:
    """Log a review and, unless it is stale, change the card. The caller has locked the card's row.

    Raises Conflict for a review id of another card.
    """
    stored = db.get(ReviewLog, entry.id)
    if stored is not None:
        return _result_of(stored, card)
    entry.reviewed_at, entry.day = _moment(card, user=user, now=now)
    entry.sequence = _next_sequence(db, card)
    reviewed = scheduler.USUAL.review(card.memory, entry.rating, day=entry.day)
    _note_before(entry, card, reviewed)
    try:
        with db.begin_nested():
            if entry.outcome is Outcome.APPLIED:
                _apply(card, reviewed, reviewed_at=entry.reviewed_at)
                card.buried_until_day = None
                card.version += 1
            _note_after(entry, card)
            db.add(entry)
            db.flush()
    except IntegrityError as error:  # a review of another card has taken the id since `db.get`: this card is locked
        raise _id_taken() from error
    return _result_of(entry, card)


def _moment(card: Card, *, user: User, now: datetime) -> tuple[datetime, StudyDay]:
    """The time and study day of a review: never before the card's last one, even if the clock or the zone went back."""
    reviewed_at = now if card.last_review_at is None else max(now, card.last_review_at)
    day = study_day(reviewed_at, user.zone, user.rollover_hour)
    return reviewed_at, day if card.last_day is None else max(day, card.last_day)


def _id_taken() -> Conflict:
    return Conflict("This answer was already counted for another card. Reload the page and rate again.")


def _result_of(entry: ReviewLog, card: Card) -> Rated:
    if entry.card_id != card.id:
        raise _id_taken()
    return Rated(
        review_id=entry.id,
        card_id=entry.card_id,
        rating=entry.rating,
        outcome=entry.outcome,
        due_day=entry.due_day_after,
        due_at=entry.due_at_after,
    )


def _note_before(entry: ReviewLog, card: Card, reviewed: Reviewed) -> None:
    entry.phase_before = card.phase
    entry.stability_before = card.stability
    entry.difficulty_before = card.difficulty
    entry.retrievability_before = reviewed.retrievability


def _note_after(entry: ReviewLog, card: Card) -> None:
    entry.stability_after = card.stability
    entry.difficulty_after = card.difficulty
    entry.due_day_after = card.due_day
    entry.due_at_after = card.due_at


def _apply(card: Card, reviewed: Reviewed, *, reviewed_at: datetime) -> None:
    wait = reviewed.comes_back_in
    due_at = None if wait is None else reviewed_at + wait
    _set(card, reviewed.memory, due_day=reviewed.due_day, due_at=due_at, reviewed_at=reviewed_at)


def _set(
    card: Card, memory: Memory, *, due_day: StudyDay | None, due_at: datetime | None, reviewed_at: datetime | None
) -> None:
    card.phase = memory.phase
    card.stability = memory.stability
    card.difficulty = memory.difficulty
    card.last_day = memory.last_day
    card.reps = memory.reps
    card.lapses = memory.lapses
    card.last_review_at = reviewed_at
    card.due_day = due_day
    card.due_at = due_at


def _next_sequence(db: Session, card: Card) -> int:
    return (db.scalar(select(func.max(ReviewLog.sequence)).where(ReviewLog.card_id == card.id)) or 0) + 1


def _locked_card(db: Session, *, user: User, card_id: UUID) -> Card:
    """The user's card, read anew and locked until the transaction ends (SQLite locks the database anyway).

    Raises NotFound.
    """
    mine = select(Card).where(Card.id == card_id, Card.user_id == user.id)
    card = db.scalar(mine.with_for_update().execution_options(populate_existing=True))
    if card is None:
        raise NotFound("There is no such card. It may have been removed; go on with the next one.")
    return card


def _card_of(db: Session, *, user: User, question_id: int) -> Card | None:
    mine = select(Card).where(Card.user_id == user.id, Card.question_id == question_id)
    return db.scalar(mine.with_for_update().execution_options(populate_existing=True))


def _add_card(db: Session, *, user: User, question_id: int, now: datetime) -> bool:
    """Make a new card. False if another transaction has just made it, or if the question does not exist."""
    try:
        with db.begin_nested():
            db.add(Card(user_id=user.id, question_id=question_id, phase=Phase.NEW, created_at=now))
            db.flush()
    except IntegrityError:
        return False
    return True
