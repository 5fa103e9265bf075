"""The figures of Progress: each as the plain computation over log and cards has it, whatever was done in between."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import deeds, schedulers, undoing
from quizapp.review.log import statistics
from quizapp.review.log.statistics import CHANCES_FROM, DAYS_FROM, FORECAST_DAYS
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, Outcome, ReviewLog, ReviewSource
from quizapp.study_day import study_day
from tests.builders import rate_card

from .conftest import NOON
from .test_queue import explained, know_cards

MakeCard = Callable[[], Card]


def days_in(user: User, at: datetime) -> int:
    return study_day(at, user.zone, user.rollover_hour)


def lived(db: Session, user: User, cards: list[Card], seed: int) -> datetime:
    """Weeks of reviews in two zones, with undone and stale ones, burying and suspending; when they end."""
    rng, at = Random(seed), NOON
    for _ in range(120):
        at += timedelta(hours=rng.choice((0, 1, 5, 20, 60)))
        user.zone = rng.choice(("Europe/Berlin", "Pacific/Honolulu", "Asia/Kolkata"))
        card = rng.choice(cards)
        rate_card(
            db,
            user=user,
            card_id=card.id,
            review_id=uuid4(),
            rating=rng.choices(list(Rating), (25, 10, 55, 10))[0],
            source=ReviewSource.REVIEW,
            now=at,
            seen_version=card.version - (rng.random() < 0.1),
            taken_ms=rng.choice((None, 4_000, 90_000)),
        )
        if rng.random() < 0.1:
            undoing.undo(db, user=user, now=at)
        if rng.random() < 0.05:
            deeds.suspend(db, user=user, card_ids=[card.id], now=at)
    return at


@pytest.fixture(params=range(3))
def end(request: pytest.FixtureRequest, db: Session, learner: User, make_card: MakeCard) -> datetime:
    """When a life of eight cards ended."""
    return lived(db, learner, [make_card() for _ in range(8)], request.param)


def test_days_are_what_the_log_says(db: Session, learner: User, end: datetime) -> None:
    log = db.scalars(select(ReviewLog)).all()
    for day in statistics.day_figures(db, user_id=learner.id, today=10**6):
        mine = [entry for entry in log if entry.day == day.day]
        known = [
            entry
            for entry in mine
            if entry.outcome is Outcome.APPLIED
            and entry.phase_before is Phase.REVIEW
            and (entry.retrievability_before or 1) < 1
        ]
        mature = [entry for entry in known if (entry.interval_before or 0) >= 21]
        passed, mature_passed = (sum(entry.rating > 1 for entry in some) for some in (known, mature))
        assert (day.known, day.passed, day.mature, day.mature_passed) == (
            len(known), passed, len(mature), mature_passed,
        )  # fmt: skip
        assert day.reviews == sum(entry.outcome is not Outcome.UNDONE for entry in mine)
        assert day.taken_ms == sum(entry.taken_ms or 0 for entry in mine)


def test_hours_are_those_where_the_learner_was(db: Session, learner: User, end: datetime) -> None:
    today = days_in(learner, end)
    wanted = [0] * 24
    for entry in db.scalars(select(ReviewLog).where(ReviewLog.outcome == Outcome.APPLIED)):
        if entry.day > today - statistics.HOURS_DAYS:
            wanted[entry.reviewed_at.astimezone(ZoneInfo(entry.zone)).hour] += 1
    found = statistics.hour_figures(db, user_id=learner.id, today=today, now=end)
    assert [hour.reviews for hour in found] == wanted


def test_cards_are_counted_where_they_stand(db: Session, learner: User, end: datetime) -> None:
    today, scheduler = days_in(learner, end), schedulers.in_force(db.connection(), learner)
    cards = [card for card in db.scalars(select(Card)) if card.stability is not None]
    found = statistics.card_figures(db, user_id=learner.id, today=today, scheduler=scheduler)
    chances = [scheduler.chance(card.memory, day=today) or 0 for card in cards]
    for counts, edges, values in (
        (found.intervals, DAYS_FROM, [(card.due_day or 0) - (card.last_day or 0) for card in cards]),
        (found.stabilities, DAYS_FROM, [card.stability for card in cards]),
        (found.chances, CHANCES_FROM, chances),
    ):
        ends = [*edges[1:], float("inf")]
        assert list(counts) == [sum(low <= v < high for v in values) for low, high in zip(edges, ends, strict=True)]


def test_the_forecast_has_each_card_on_its_day(db: Session, learner: User, end: datetime) -> None:
    today, wanted = days_in(learner, end), [0] * FORECAST_DAYS
    for card in db.scalars(select(Card)):
        if card.due_day is not None and card.due_day < today + FORECAST_DAYS and not card.suspended:
            wanted[max(card.due_day - today, 0)] += 1
    assert statistics.forecast(db, user_id=learner.id, today=today) == wanted


@pytest.mark.parametrize(("within_day", "index"), [(False, "ix_card_due"), (True, "ix_card_learning")])
def test_the_forecast_is_a_range_of_each_pile(db: Session, learner: User, within_day: bool, index: str) -> None:
    know_cards(db, learner)
    values = {"user_id": learner.id, "last": 20_800}
    assert any(index in line for line in explained(db, statistics._due(within_day=within_day), values))
