"""The use cases of cards: add, undo, bury, rebuild, rate a question; `rating` rates a card.

Each runs in the caller's transaction; the caller commits.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.errors import NotFound
from quizapp.review import rating as rating_of
from quizapp.review import scheduler, statements
from quizapp.review.memory import Memory, Phase, Rating
from quizapp.review.models import Card, Outcome, ReviewLog, ReviewSource
from quizapp.review.rating import Rated, Review
from quizapp.review.scheduler import Reviewed
from quizapp.review.study_day import StudyDay, study_day

UNDO_SPAN = timedelta(days=4)  # all reviews of the present study day, in whatever zones, are younger than this
ASKED_AT_ONCE = 10_000  # ids in one query; SQLite takes at most 32,766 values in a statement
_NEW = {"phase": Phase.NEW, "reps": 0, "lapses": 0, "version": 0, "logged": 0}  # a card that was never reviewed


@dataclass(frozen=True, kw_only=True)
class Undone:
    """A review that was taken back."""

    review_id: UUID
    card_id: UUID
    rating: Rating
    is_hidden: bool
    """Whether the card's question is retired or a draft, so that the card is not shown again."""


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
    """Rate a question that was answered in a quiz session or a run. Makes its card if there is none.

    `is_begun`: the question was asked before now, so its answer counts even if it has been retired since. Raises
    NotFound for a question that does not exist, and for a retired one without `is_begun`.
    """
    question = db.get(Question, question_id)
    if question is None or (question.retired_at is not None and not is_begun):
        raise NotFound("There is no such question any more.")
    db.flush()
    connection = db.connection()
    card = rating_of.lock_of_question(connection, user=user, question_id=question_id)
    if card is None:
        add_cards(db, user=user, question_ids=[question_id], now=now)
        card = rating_of.lock_of_question(connection, user=user, question_id=question_id)
        assert card is not None  # this transaction has just made it, or another one has
    review = Review(id=review_id, rating=rating, source=source, taken_ms=taken_ms)
    rated = rating_of.count(connection, card, review, user=user, outcome=Outcome.APPLIED, now=now)
    _read_again(db, card.id)
    return rated


def lock_card_of(db: Session, *, user: User, question_id: int) -> None:
    """Lock the user's card of a question, if any, so that no other review of it is made until the transaction ends."""
    db.flush()
    rating_of.lock_of_question(db.connection(), user=user, question_id=question_id)


def add_cards(db: Session, *, user: User, question_ids: Iterable[int], now: datetime) -> int:
    """Make a new card of each question of which the user has none, all in one statement. Returns how many were made.

    Ids of no question are left out. The questions stay as they are until the transaction ends.
    """
    rows = [
        {**_NEW, "id": uuid4(), "user_id": user.id, "question_id": id, "hidden": hidden, "created_at": now}
        for some in _batches(sorted(set(question_ids)))
        for id, hidden in db.execute(_hidden(some))
    ]
    if not rows:
        return 0
    return len(db.connection().execute(statements.ADD_CARDS[_dialect(db)], rows).all())


def undo(db: Session, *, user: User, now: datetime) -> Undone | None:
    """Take back the user's last review of this study day that was made on the review page; None if there is none.

    Ratings from quiz sessions and labs are not taken back, since their answers stay too.
    """
    last = db.scalar(
        select(ReviewLog)
        .where(
            ReviewLog.user_id == user.id,
            ReviewLog.reviewed_at > now - UNDO_SPAN,
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
    undone = {name: -count for name, count in _figures(last).items()}
    _tally(db, last, {**undone, "timed": 0, "taken_ms": 0})  # the learner did take the time
    last.outcome = Outcome.UNDONE
    rebuild(db, card)
    card.buried_until_day = None
    card.version += 1
    db.flush()
    return Undone(review_id=last.id, card_id=card.id, rating=last.rating, is_hidden=card.hidden)


def bury(db: Session, *, user: User, card_id: UUID, now: datetime) -> None:
    """Keep a card out of the queue until the user's next study day. Raises NotFound for a card not the user's."""
    card = _locked_card(db, user=user, card_id=card_id)
    card.buried_until_day = study_day(now, user.zone, user.rollover_hour) + 1
    db.flush()


def rebuild(db: Session, card: Card, *, anew: Container[UUID] = ()) -> None:
    """Compute a card's memory state, and when it is due, anew from its applied reviews.

    The reviews with an id in `anew` also get the states before and after them.
    """
    db.flush()
    _set(card, _state(Memory(), None, None, None))
    log = select(ReviewLog).where(ReviewLog.card_id == card.id, ReviewLog.outcome == Outcome.APPLIED)
    for entry in db.scalars(log.order_by(ReviewLog.sequence)):
        reviewed = scheduler.USUAL.review(card.memory, entry.rating, day=entry.day)
        if entry.id in anew:
            _note_before(entry, card, reviewed)
            _note_after(entry, card, reviewed)
        due_at = _due_at(reviewed, entry.reviewed_at)
        _set(card, _state(reviewed.memory, reviewed.due_day, due_at, entry.reviewed_at))
    db.flush()


def _read_again(db: Session, card_id: UUID) -> None:
    """Let the session read a card anew that was changed past it, if it has that card."""
    known = db.identity_map.get(identity_key(Card, card_id))
    if known is not None:
        db.expire(known)


def _figures(entry: ReviewLog) -> Mapping[str, int]:
    """What the review has added to each of FIGURES."""
    return rating_of.figures_of(
        outcome=entry.outcome,
        rating=entry.rating,
        phase_before=entry.phase_before,
        retrievability_before=entry.retrievability_before,
        taken_ms=entry.taken_ms,
    )


def _tally(db: Session, entry: ReviewLog, figures: Mapping[str, int]) -> None:
    """Add figures to those of the review's study day."""
    row = {"user_id": entry.user_id, "day": entry.day, **figures}
    statements.ADD_TO_DAY[_dialect(db)].change(db.connection(), row)


def _dialect(db: Session) -> str:
    return db.get_bind().dialect.name


def _note_before(entry: ReviewLog, card: Card, reviewed: Reviewed) -> None:
    entry.phase_before = card.phase
    entry.stability_before = card.stability
    entry.difficulty_before = card.difficulty
    entry.retrievability_before = reviewed.retrievability


def _note_after(entry: ReviewLog, card: Card, reviewed: Reviewed | None) -> None:
    """Note the state after the review; that of the card as it is if the review does not change it."""
    after = card.memory if reviewed is None else reviewed.memory
    entry.stability_after, entry.difficulty_after = after.stability, after.difficulty
    entry.due_day_after = card.due_day if reviewed is None else reviewed.due_day
    entry.due_at_after = card.due_at if reviewed is None else _due_at(reviewed, entry.reviewed_at)


def _due_at(reviewed: Reviewed, reviewed_at: datetime) -> datetime | None:
    return None if reviewed.comes_back_in is None else reviewed_at + reviewed.comes_back_in


def _state(
    memory: Memory, due_day: StudyDay | None, due_at: datetime | None, reviewed_at: datetime | None
) -> dict[str, Any]:
    """A card's columns after a review, or before the first one."""
    return {**vars(memory), "due_day": due_day, "due_at": due_at, "last_review_at": reviewed_at}


def _set(card: Card, state: Mapping[str, Any]) -> None:
    for name, value in state.items():
        setattr(card, name, value)


def _locked_card(db: Session, *, user: User, card_id: UUID) -> Card:
    """The user's card, read anew and locked until the transaction ends (SQLite locks the database anyway).

    Raises NotFound.
    """
    mine = select(Card).where(Card.id == card_id, Card.user_id == user.id)
    card = db.scalar(mine.with_for_update().execution_options(populate_existing=True))
    if card is None:
        raise rating_of.no_card()
    return card


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + ASKED_AT_ONCE] for start in range(0, len(ids), ASKED_AT_ONCE))


def _hidden(question_ids: Sequence[int]) -> Select[int, bool]:
    """Which of the questions there are, and which are hidden; locked so that no import hides one meanwhile."""
    found = select(Question.id, Question.hidden).where(Question.id.in_(question_ids)).order_by(Question.id)
    return found.with_for_update(read=True, key_share=True)
