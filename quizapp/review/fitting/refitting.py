"""Fits a learner's weights to their own reviews, proves them on the newest ones, and lets them be in force or not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, false, func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review.fitting import fits
from quizapp.review.fitting.accuracy import log_loss
from quizapp.review.fitting.evaluation import foretold
from quizapp.review.fitting.history import Answer, Histories, histories_of
from quizapp.review.fitting.weights import Weights, shrunk, to_json
from quizapp.review.models import Card, CardDeed, DeedKind, FittedWeights, Outcome, ReviewLog
from quizapp.review.scheduler import DEFAULT_PARAMETERS

ITEMS_MIN = 64  # reviews to be fitted to: fewer say nothing, and 64 count for 6 % beside the defaults
HELD_OUT = 3  # one review in so many, the newest ones, proves the weights that are fitted to the others
GROWN_BY = 1.05  # a log that has grown by less than a twentieth since gives the same weights again


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """Weights with their proof, not stored yet."""

    weights: Weights
    items: int
    held_out: int
    loss_before: float
    loss_fitted: float


def fitted(db: Session, *, user: User, is_asked: bool) -> Fitted | None:
    """Weights fitted to the user's reviews. Ends the session's transaction before it fits, as that takes a while.

    None for fewer than ITEMS_MIN reviews to be fitted to and, unless the user asked for it, for a log that has hardly
    grown since the last fit. Raises OptimizerMissing and FitFailed.
    """
    before = latest(db, user_id=user.id)
    histories = histories_of(_answers(db, user.id))
    db.rollback()
    items = len(histories.items)
    if items < ITEMS_MIN or (before is not None and not is_asked and items < GROWN_BY * before.items):
        return None
    return _proved(histories, items)


def use(db: Session, *, user: User, found: Fitted, now: datetime) -> FittedWeights:
    """Store weights; they are in force from now on if they are better than the defaults, else those are.

    No card is computed anew: the log says by which weights each review was.
    """
    db.execute(select(User.id).where(User.id == user.id).with_for_update())
    mine = FittedWeights.user_id == user.id
    number = 1 + (db.scalar(select(func.max(FittedWeights.number)).where(mine)) or 0)
    never_used = FittedWeights.loss_fitted >= FittedWeights.loss_before
    db.execute(delete(FittedWeights).where(mine, never_used))
    row = FittedWeights(
        user_id=user.id,
        number=number,
        fitted_at=now,
        weights=to_json(found.weights),
        items=found.items,
        held_out=found.held_out,
        loss_before=found.loss_before,
        loss_fitted=found.loss_fitted,
    )
    db.add(row)
    user.weights_number = number if row.is_better else 0
    db.flush()
    return row


def latest(db: Session, *, user_id: UUID) -> FittedWeights | None:
    """The user's last fit, in force or not; None without one."""
    mine = select(FittedWeights).where(FittedWeights.user_id == user_id)
    return db.scalars(mine.order_by(FittedWeights.number.desc()).limit(1)).first()


def _proved(histories: Histories, items: int) -> Fitted:
    """The weights that all reviews give, with what those before the held-out ones are worth on them."""
    cut = items - items // HELD_OUT
    earlier, whole = fits.fit(histories, ends=[cut, items])
    losses = [
        log_loss(foretold(histories, weights, cut, items))
        for weights in (DEFAULT_PARAMETERS, shrunk(earlier, reviews=cut))
    ]
    return Fitted(
        weights=shrunk(whole, reviews=items),
        items=items,
        held_out=items - cut,
        loss_before=losses[0],
        loss_fitted=losses[1],
    )


def _answers(db: Session, user_id: UUID) -> Iterator[Answer]:
    """The user's applied reviews by time. After a reset a card begins as another one.

    Cards to which a state was given are left out: what they began with is known of no review.
    """
    resets = _resets(db, user_id)
    given = select(ReviewLog.card_id).where(ReviewLog.user_id == user_id, ReviewLog.outcome == Outcome.GIVEN)
    log = (
        select(ReviewLog.card_id, ReviewLog.sequence, ReviewLog.rating, ReviewLog.day, ReviewLog.retrievability_before)
        .where(ReviewLog.user_id == user_id, ReviewLog.outcome == Outcome.APPLIED, ReviewLog.card_id.not_in(given))
        .order_by(ReviewLog.reviewed_at, ReviewLog.card_id, ReviewLog.sequence)
    )
    for card_id, sequence, rating, day, chance in db.execute(log):
        times = sum(after < sequence for after in resets.get(card_id, ()))
        yield Answer(card=f"{card_id} {times}", rating=rating, day=day, is_repeat=chance == 1)


def _resets(db: Session, user_id: UUID) -> dict[UUID, list[int]]:
    """After which review of each card it was reset."""
    mine = (CardDeed.user_id == user_id, CardDeed.kind == DeedKind.RESET, CardDeed.undone == false())
    found: dict[UUID, list[int]] = {}
    row: Row[*tuple[Any, ...]]
    resets = select(Card.id, CardDeed.after_sequence).join_from(CardDeed, Card, Card.id == CardDeed.card_id)
    for row in db.execute(resets.where(*mine)):
        found.setdefault(row[0], []).append(row[1])
    return found
