"""Mends reviews that are dated after now, as the server's clock was ahead when they were made and has been put back.

Their cards would come back as much later as the clock was ahead. When they were really made is not known, so they are
taken to have been made when they are mended: their order, and all that came before them, stays.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review.log import replay, study_day_figures
from quizapp.review.models import Card, ReviewLog
from quizapp.review.queue import MISDATED_AFTER
from quizapp.study_day import DAY_SPAN, study_day

CARDS_AT_ONCE = 200  # mended in one transaction: it takes about a second, in which nobody else can write on SQLite


def misdated(user_id: UUID, *, now: datetime) -> ColumnElement[bool]:
    """The condition for the user's reviews that are dated after now."""
    return (ReviewLog.user_id == user_id) & (ReviewLog.reviewed_at > now + MISDATED_AFTER)


def learners(db: Session, *, now: datetime) -> list[User]:
    """Everybody who has reviews that are dated after now."""
    with_some = exists().where(ReviewLog.user_id == User.id, ReviewLog.reviewed_at > now + MISDATED_AFTER)
    return list(db.scalars(select(User).where(with_some).order_by(User.name)))


def mend(db: Session, *, user: User, now: datetime) -> int:
    """Mend the reviews of up to CARDS_AT_ONCE cards; returns how many reviews. Call it until it returns 0.

    Locks the cards until the transaction ends.
    """
    today = study_day(now, user.zone, user.rollover_hour)
    some = select(ReviewLog.card_id).where(misdated(user.id, now=now)).distinct().limit(CARDS_AT_ONCE)
    cards = select(Card).where(Card.id.in_(some)).order_by(Card.id).with_for_update()
    mended = 0
    for card in db.scalars(cards.execution_options(populate_existing=True)).all():
        late = select(ReviewLog).where(ReviewLog.card_id == card.id, misdated(user.id, now=now))
        entries = db.scalars(late.order_by(ReviewLog.sequence)).all()
        for entry in entries:
            entry.reviewed_at, entry.day = now, min(entry.day, today)
        replay.rebuild(db, card, anew={entry.id for entry in entries})
        card.version += 1  # a page that was shown before the mend cannot rate the card as it was
        mended += len(entries)
    _unbury(db, user=user, tomorrow=today + 1)
    db.flush()
    if mended:
        study_day_figures.recount(
            db, user_id=user.id, since=study_day_figures.CountedFrom(day=today, at=now - DAY_SPAN)
        )
    return mended


def _unbury(db: Session, *, user: User, tomorrow: int) -> None:
    """Let cards that were buried by the wrong clock come back tomorrow; a day more may be due to a change of zone.

    Hidden cards stay as they are: they are in no index by which they could be found at once.
    """
    buried = select(Card).where(Card.user_id == user.id, Card.hidden == false(), Card.buried_until_day > tomorrow + 1)
    for card in db.scalars(buried):
        card.buried_until_day = tomorrow
