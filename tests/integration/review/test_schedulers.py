"""Intervals by a learner's own weights and retention; the log is replayed with those that were in force."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import schedulers
from quizapp.review.fitting.weights import to_json
from quizapp.review.log import replay
from quizapp.review.memory import Rating
from quizapp.review.models import Card, FittedWeights, ReviewLog, ReviewSource
from quizapp.review.scheduler import DEFAULT_PARAMETERS
from tests.builders import rate_card

from .conftest import NOON

MakeCard = Callable[[], Card]
DAY = timedelta(days=1)
OWN = (1.0, 2.0, 9.0, 30.0, *DEFAULT_PARAMETERS[4:8], 2.5, *DEFAULT_PARAMETERS[9:])


def rate(db: Session, user: User, card: Card, *, after: timedelta) -> None:
    rate_card(
        db,
        user=user,
        card_id=card.id,
        review_id=uuid4(),
        rating=Rating.GOOD,
        source=ReviewSource.REVIEW,
        now=NOON + after,
        seen_version=card.version,
        taken_ms=None,
    )


def use_own(db: Session, user: User, *, weights: dict[str, object] | None = None) -> None:
    stored = weights or to_json(OWN)
    row = FittedWeights(user_id=user.id, number=1, fitted_at=NOON, weights=stored, items=1_000, held_out=333)
    row.loss_before, row.loss_fitted = 0.5, 0.4
    db.add(row)
    user.weights_number = 1
    db.flush()


def state(card: Card) -> tuple[object, ...]:
    return (*vars(card.memory).values(), card.due_day, card.due_at, card.last_review_at)


def test_the_next_review_is_by_the_weights_in_force(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    use_own(db, learner)
    rate(db, learner, card, after=0 * DAY)
    assert card.stability == 9.0
    assert db.scalars(select(ReviewLog.weights_number)).all() == [1]


def test_a_card_is_replayed_with_the_weights_of_each_review(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    rate(db, learner, card, after=0 * DAY)
    use_own(db, learner)
    rate(db, learner, card, after=3 * DAY)
    before = state(card)
    learner.weights_number = 0
    replay.rebuild(db, card)
    assert state(card) == before


def test_a_higher_retention_brings_the_next_review_sooner_and_moves_nothing_else(
    db: Session, learner: User, make_card: MakeCard
) -> None:
    usual, eager = make_card(), make_card()
    for card in (usual, eager):
        rate(db, learner, card, after=0 * DAY)
    rate(db, learner, usual, after=3 * DAY)
    before = state(usual)
    learner.desired_retention = 0.97
    rate(db, learner, eager, after=3 * DAY)
    assert (eager.stability, (eager.due_day or 0) < (usual.due_day or 0)) == (usual.stability, True)
    replay.rebuild(db, usual)
    assert state(usual) == before


def test_weights_of_another_algorithm_are_not_used(db: Session, learner: User) -> None:
    use_own(db, learner, weights={"version": "fsrs-9", "weights": [1.0] * 40})
    assert schedulers.in_force(db.connection(), learner).parameters == DEFAULT_PARAMETERS


def test_the_log_keeps_the_interval_that_the_review_ended(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    rate(db, learner, card, after=0 * DAY)
    rate(db, learner, card, after=5 * DAY)
    assert db.scalars(select(ReviewLog.interval_before).order_by(ReviewLog.sequence)).all() == [None, 2]
