"""Which reviews a figure counts: the one definition for the tallies of days, and for the list of what a figure counts.

Reads only. It knows no page.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Question
from quizapp.review.log.review_selection import ReviewsOf, WhichReviews
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import MATURE_DAYS, NO_REVIEW, Card, Outcome, ReviewLog
from quizapp.study_day import day_of

DAY_EDGE = timedelta(
    days=3
)  # a study day's reviews lie within it, in UTC, whatever zone and rollover they were made by

APPLIED: ColumnElement[bool] = ReviewLog.outcome == Outcome.APPLIED
COUNTS: ColumnElement[bool] = ReviewLog.outcome.not_in(NO_REVIEW)
KNOWN: ColumnElement[bool] = APPLIED & (ReviewLog.phase_before == Phase.REVIEW) & (ReviewLog.retrievability_before < 1)
MATURE: ColumnElement[bool] = KNOWN & (ReviewLog.interval_before >= MATURE_DAYS)
PASSED: ColumnElement[bool] = ReviewLog.rating != Rating.AGAIN


_CONDITIONS: Mapping[ReviewsOf, ColumnElement[bool]] = {
    ReviewsOf.ALL: COUNTS,
    ReviewsOf.APPLIED: APPLIED,
    ReviewsOf.KNOWN: KNOWN,
    ReviewsOf.YOUNG: KNOWN & ~func.coalesce(MATURE, false()),
    ReviewsOf.MATURE: MATURE,
}


def count(db: Session, *, user_id: UUID, which: WhichReviews) -> int:
    """How many there are."""
    if which.hour is not None:
        return len(_of_hour(db, user_id, which))
    return db.scalar(select(func.count()).select_from(ReviewLog).where(*_where(user_id, which))) or 0


def newest(db: Session, *, user_id: UUID, which: WhichReviews, offset: int, most: int) -> Sequence[ReviewLog]:
    """Some of them, the newest first."""
    rows = select(ReviewLog).order_by(ReviewLog.reviewed_at.desc(), ReviewLog.id)
    if which.hour is None:
        return db.scalars(rows.where(*_where(user_id, which)).offset(offset).limit(most)).all()
    ids = _of_hour(db, user_id, which)[offset : offset + most]
    return db.scalars(rows.where(ReviewLog.id.in_(ids))).all()


def _where(user_id: UUID, which: WhichReviews) -> Sequence[ColumnElement[bool]]:
    """The times only let an index find the days."""
    midnight = datetime.combine(which.last, time(), UTC)
    until = (ReviewLog.reviewed_at < midnight + DAY_EDGE, ReviewLog.day <= day_of(which.last))
    since: Sequence[ColumnElement[bool]] = ()
    if which.first is not None:
        begun = datetime.combine(which.first, time(), UTC) - DAY_EDGE
        since = (ReviewLog.reviewed_at > begun, ReviewLog.day >= day_of(which.first))
    return ReviewLog.user_id == user_id, *until, *since, _CONDITIONS[which.of], *_placed(which)


def _placed(which: WhichReviews) -> Sequence[ColumnElement[bool]]:
    if which.note is None and which.concept is None:
        return ()
    cards = select(Card.id).join(Question, Question.id == Card.question_id)
    if which.note is not None:
        cards = cards.where(Question.note_id == which.note if which.note else Question.note_id.is_(None))
    if which.concept is not None:
        cards = cards.where(Question.concept_id == which.concept)
    return (ReviewLog.card_id.in_(cards),)


def _of_hour(db: Session, user_id: UUID, which: WhichReviews) -> Sequence[UUID]:
    """Those of one hour, the newest first. No database knows every zone, so each row of the days is looked at."""
    rows = select(ReviewLog.id, ReviewLog.reviewed_at, ReviewLog.zone).where(*_where(user_id, which))
    newest_first = db.execute(rows.order_by(ReviewLog.reviewed_at.desc(), ReviewLog.id))
    return [id for id, at, zone in newest_first if at.astimezone(ZoneInfo(zone)).hour == which.hour]
