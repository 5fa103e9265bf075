"""A clock that was a year ahead and was put back: noticed, and mended."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import deeds, queries
from quizapp.review.log import misdated_reviews, replay, study_day_figures
from quizapp.review.memory import Rating
from quizapp.review.models import Card, DayTally, ReviewLog, ReviewSource
from tests.builders import rate_card

from .conftest import NOON

MakeCard = Callable[[], Card]
YEAR, DAY = timedelta(days=365), timedelta(days=1)


@pytest.fixture
def card(db: Session, learner: User, make_card: MakeCard) -> Card:
    """A card that was rated yesterday, and twice by a clock that was a year ahead; another one was buried by it."""
    card, buried = make_card(), make_card()
    for at in (NOON - DAY, NOON + YEAR, NOON + YEAR + DAY):
        rate(db, learner, card, at)
    deeds.bury(db, user=learner, card_ids=[buried.id], now=NOON + YEAR)
    return card


def rate(db: Session, user: User, card: Card, at: datetime) -> None:
    rate_card(
        db,
        user=user,
        card_id=card.id,
        review_id=uuid4(),
        rating=Rating.GOOD,
        source=ReviewSource.REVIEW,
        now=at,
        seen_version=card.version,
        taken_ms=None,
    )


def test_reviews_after_now_are_noticed(db: Session, learner: User, card: Card) -> None:
    assert queries.counts(db, user=learner, now=NOON).misdated == 2
    assert misdated_reviews.learners(db, now=NOON) == [learner]
    assert queries.counts(db, user=learner, now=NOON + YEAR + DAY).misdated == 0


def test_they_count_as_made_now(db: Session, learner: User, card: Card) -> None:
    today = queries.today_of(learner, now=NOON)
    before = card.version
    assert misdated_reviews.mend(db, user=learner, now=NOON) == 2
    log = db.scalars(select(ReviewLog).where(ReviewLog.card_id == card.id).order_by(ReviewLog.sequence)).all()
    assert [entry.day - today for entry in log] == [-1, 0, 0]
    assert (card.last_review_at, card.last_day, card.version) == (NOON, today, before + 1)
    assert today < (card.due_day or 0) < today + 60
    assert [log[-1].stability_after, log[-1].due_day_after] == [card.stability, card.due_day]
    assert misdated_reviews.mend(db, user=learner, now=NOON) == 0
    assert misdated_reviews.learners(db, now=NOON) == []


def test_the_mended_log_replayed_is_the_card(db: Session, learner: User, card: Card) -> None:
    misdated_reviews.mend(db, user=learner, now=NOON)
    before = card.memory, card.due_day
    kept = {tally.day: tally.reviews for tally in db.scalars(select(DayTally))}
    replay.rebuild(db, card)
    study_day_figures.recount(db, user_id=learner.id)
    db.expire_all()
    assert (card.memory, card.due_day) == before
    assert {tally.day: tally.reviews for tally in db.scalars(select(DayTally))} == kept


def test_what_the_wrong_clock_buried_comes_back_tomorrow(db: Session, learner: User, card: Card) -> None:
    misdated_reviews.mend(db, user=learner, now=NOON)
    assert queries.counts(db, user=learner, now=NOON).new == 0
    assert queries.counts(db, user=learner, now=NOON + DAY).new == 1
