"""What a learner did last: the last rating made on the review page, and the last other deed.

What is dated after now was done while the server's clock was ahead, so it comes before all that is dated rightly.
"""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from quizapp.accounts.models import User
from quizapp.review.models import CardDeed, Outcome, ReviewLog, ReviewSource
from quizapp.review.queue import MISDATED_AFTER

Done = TypeVar("Done", ReviewLog, CardDeed)


def last_review(db: Session, *, user: User, now: datetime) -> ReviewLog | None:
    """The last rating of the user's that was made on the review page; locked. None without one.

    Neither an undone one nor one that was stale.
    """
    made = select(ReviewLog).where(
        ReviewLog.user_id == user.id,
        ReviewLog.outcome.in_((Outcome.APPLIED, Outcome.APART)),
        ReviewLog.source.in_((ReviewSource.REVIEW, ReviewSource.APART)),
    )
    latest = made.order_by(ReviewLog.reviewed_at.desc(), ReviewLog.sequence.desc(), ReviewLog.id.desc())
    return _last(db, latest, ReviewLog.reviewed_at, now=now)


def last_deed(db: Session, *, user: User, now: datetime) -> CardDeed | None:
    """The last deed of the user's that was not undone; locked. Not those that came of a rating. None without one."""
    of_a_rating = CardDeed.step == CardDeed.after_review
    done = select(CardDeed).where(
        CardDeed.user_id == user.id,
        CardDeed.undone == false(),
        or_(CardDeed.after_review.is_(None), ~of_a_rating),
    )
    return _last(db, done.order_by(CardDeed.done_at.desc(), CardDeed.id.desc()), CardDeed.done_at, now=now)


def is_later(deed: CardDeed, review: ReviewLog, *, now: datetime) -> bool:
    """Whether the deed was done after the review."""
    if deed.done_at == review.reviewed_at:
        return deed.after_review == review.id
    ahead = now + MISDATED_AFTER
    return (deed.done_at <= ahead, deed.done_at) > (review.reviewed_at <= ahead, review.reviewed_at)


def _last(db: Session, ordered: Select[Done], at: InstrumentedAttribute[datetime], *, now: datetime) -> Done | None:
    """The first of `ordered` that is not dated after now; else the first of those that are."""
    for some in (ordered.where(at <= now + MISDATED_AFTER), ordered):
        found = db.scalar(some.limit(1).with_for_update())
        if found is not None:
            return found
    return None
