"""The order of what a learner did: the last rating made on the review page, and the last other deed.

Each has a number that grows from deed to deed. The clock does not give the order: it may have been set meanwhile.
"""

from typing import TypeVar

from sqlalchemy import ColumnElement, ScalarSelect, Select, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from quizapp.accounts.models import User
from quizapp.review.models import CardDeed, Outcome, ReviewLog, ReviewSource

Done = TypeVar("Done", ReviewLog, CardDeed)

FROM_THE_PAGE = (ReviewSource.REVIEW, ReviewSource.APART)  # the ratings that undo takes back


def last_number(of: type[ReviewLog] | type[CardDeed], user_id: ColumnElement[object]) -> ScalarSelect[int | None]:
    """The number of the last rating, or of the last other deed, of a learner; NULL without one."""
    numbered = of.user_id == user_id, of.deed_number.is_not(None)
    return select(func.max(of.deed_number)).where(*numbered).scalar_subquery()


def next_number(db: Session, *, user: User) -> int:
    """The number of what the user does now."""
    mine = select(User.id).where(User.id == user.id).cte("mine")
    last = db.execute(select(*(last_number(of, mine.c.id) for of in (ReviewLog, CardDeed))).select_from(mine)).one()
    return after(*last)


def after(*last: int | None) -> int:
    """The number of a deed that comes after those with these numbers."""
    return max((number for number in last if number is not None), default=0) + 1


def last_review(db: Session, *, user: User) -> ReviewLog | None:
    """The last rating of the user's that was made on the review page; locked. None without one.

    Neither an undone one nor one that was stale.
    """
    made = select(ReviewLog).where(
        ReviewLog.user_id == user.id,
        ReviewLog.outcome.in_((Outcome.APPLIED, Outcome.APART)),
        ReviewLog.source.in_(FROM_THE_PAGE),
    )
    by_time = ReviewLog.reviewed_at, ReviewLog.sequence, ReviewLog.id
    return _last(db, made, ReviewLog.deed_number, by_time)


def last_deed(db: Session, *, user: User) -> CardDeed | None:
    """The last deed of the user's that was not undone; locked. Not those that came of a rating. None without one."""
    of_a_rating = CardDeed.step == CardDeed.after_review
    done = select(CardDeed).where(
        CardDeed.user_id == user.id,
        CardDeed.undone == false(),
        or_(CardDeed.after_review.is_(None), ~of_a_rating),
    )
    return _last(db, done, CardDeed.deed_number, (CardDeed.done_at, CardDeed.id))


def is_later(deed: CardDeed, review: ReviewLog) -> bool:
    """Whether the deed was done after the review.

    Of two with one number, or none, the time tells: they were done at once, or before numbers were kept.
    """
    numbers = deed.deed_number or 0, review.deed_number or 0
    if numbers[0] != numbers[1]:
        return numbers[0] > numbers[1]
    if deed.done_at == review.reviewed_at:
        return deed.after_review == review.id
    return deed.done_at > review.reviewed_at


def _last(
    db: Session,
    done: Select[Done],
    number: InstrumentedAttribute[int | None],
    by_time: tuple[InstrumentedAttribute[object], ...],
) -> Done | None:
    """The last that has a number; else, from before these were kept, the last by time."""
    latest = [column.desc() for column in by_time]
    numbered = done.where(number.is_not(None)).order_by(number.desc(), *latest)
    for some in (numbered, done.where(number.is_(None)).order_by(*latest)):
        found = db.scalar(some.limit(1).with_for_update())
        if found is not None:
            return found
    return None
