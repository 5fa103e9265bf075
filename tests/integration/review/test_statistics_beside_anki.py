"""Statistics beside what Anki's own core (the package anki 26.9.3) did in the same plays; where we differ, why."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import deeds, schedulers
from quizapp.review.log import statistics
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, ReviewLog, ReviewSource
from quizapp.study_day import study_day
from tests.builders import rate_card

from .conftest import NOON

MakeCard = Callable[[], Card]
DAY = timedelta(days=1)


@pytest.fixture
def known(db: Session, learner: User, make_card: MakeCard) -> Callable[[int], Card]:
    """Makes a card in review with an interval of so many days that is due today."""
    today = study_day(NOON, learner.zone, learner.rollover_hour)

    def make(interval: int) -> Card:
        card = make_card()
        card.phase, card.stability, card.difficulty, card.reps = Phase.REVIEW, float(interval), 5.0, 3
        card.last_day, card.due_day, card.last_review_at = today - interval, today, NOON - interval * DAY
        db.flush()
        return card

    return make


def rate(db: Session, user: User, card: Card, rating: Rating, *, at: datetime = NOON, taken_ms: int = 5_000) -> None:
    rate_card(
        db,
        user=user,
        card_id=card.id,
        review_id=uuid4(),
        rating=rating,
        source=ReviewSource.REVIEW,
        now=at,
        seen_version=card.version,
        taken_ms=taken_ms,
    )


def retention(db: Session, user: User, *, span: int | None = 1, at: datetime = NOON) -> tuple[int, int, int, int]:
    """Young passed and failed, mature passed and failed, over so many days."""
    today = study_day(at, user.zone, user.rollover_hour)
    days = statistics.day_figures(db, user_id=user.id, today=today)
    sums = statistics.totals(days, since=None if span is None else today - span + 1)
    young, young_passed = sums["known"] - sums["mature"], sums["passed"] - sums["mature_passed"]
    return young_passed, young - young_passed, sums["mature_passed"], sums["mature"] - sums["mature_passed"]


def figures(db: Session, user: User) -> statistics.CardFigures:
    today = study_day(NOON, user.zone, user.rollover_hour)
    scheduler = schedulers.in_force(db.connection(), user)
    return statistics.card_figures(db, user_id=user.id, today=today, scheduler=scheduler)


def test_stats_true_retention_what_counts(db: Session, learner: User, known, make_card: MakeCard) -> None:
    """As Anki: an interval of a day or more before, Hard passes, a first answer and a due day by hand do not count."""
    rate(db, learner, known(10), Rating.GOOD)
    assert retention(db, learner) == (1, 0, 0, 0)
    rate(db, learner, known(30), Rating.HARD)
    assert retention(db, learner) == (1, 0, 1, 0)
    rate(db, learner, make_card(), Rating.GOOD)
    deeds.reschedule(db, user=learner, card_ids=[known(5).id], days=3, now=NOON)
    assert retention(db, learner) == (1, 0, 1, 0)


def test_stats_same_card_failed_twice_in_a_day(db: Session, learner: User, known) -> None:
    """Anki has the repeats of the day as two more young reviews. Ours come minutes later and say nothing of a day."""
    card = known(30)
    for after, rating in enumerate((Rating.AGAIN, Rating.AGAIN, Rating.GOOD)):
        rate(db, learner, card, rating, at=NOON + timedelta(minutes=10 * after))
    assert retention(db, learner) == (0, 0, 0, 1)
    assert card.lapses == 1


def test_stats_of_a_deleted_note(db: Session, learner: User, known) -> None:
    """As Anki without a search: what was answered stays counted when its question has gone."""
    card = known(10)
    rate(db, learner, card, Rating.GOOD)
    card.question.retired_at = NOON
    db.flush()
    assert retention(db, learner) == (1, 0, 0, 0)
    assert sum(figures(db, learner).intervals) == 0


def test_stats_card_counts(db: Session, learner: User, known, make_card: MakeCard) -> None:
    """As Anki with the inactive apart, but that a buried card, away until tomorrow, counts as what it is."""
    make_card()
    rate(db, learner, make_card(), Rating.AGAIN)
    rate(db, learner, known(30), Rating.AGAIN)
    known(20), known(21)
    deeds.suspend(db, user=learner, card_ids=[known(30).id], now=NOON)
    deeds.bury(db, user=learner, card_ids=[make_card().id], now=NOON)
    found = figures(db, learner)
    assert (found.new, found.learning, found.young, found.mature, found.suspended) == (2, 2, 1, 1, 1)


def test_stats_time_cap(db: Session, learner: User, known) -> None:
    """As Anki's default; there is no option to raise it."""
    rate(db, learner, known(10), Rating.GOOD, taken_ms=600_000)
    (day,) = statistics.day_figures(db, user_id=learner.id, today=10**6)
    assert day.taken_ms == 60_000


def test_stats_streak_after_a_flight(db: Session, learner: User, make_card: MakeCard) -> None:
    """Anki counts days back from the present zone, and three days in a row become two with a hole. Ours stay days."""
    for day, hour in ((2, 19), (3, 7), (4, 19)):
        rate(db, learner, make_card(), Rating.GOOD, at=datetime(2026, 3, day, hour, tzinfo=NOON.tzinfo))
    learner.zone = "America/Los_Angeles"
    days = statistics.day_figures(db, user_id=learner.id, today=10**6)
    assert [day.day - days[0].day for day in days] == [0, 1, 2]


def test_stats_suspended_cards(db: Session, learner: User, known) -> None:
    """As Anki: a suspended card keeps its memory in the figures, and is in no forecast."""
    known(10)
    deeds.suspend(db, user=learner, card_ids=[known(10).id], now=NOON)
    found = figures(db, learner)
    assert (sum(found.intervals), sum(found.stabilities), sum(found.chances)) == (2, 2, 2)
    today = study_day(NOON, learner.zone, learner.rollover_hour)
    assert sum(statistics.forecast(db, user_id=learner.id, today=today)) == 1


def test_stats_true_retention_week(db: Session, learner: User, known) -> None:
    """As Anki: a week is today and the six days before."""
    for ago in range(9):
        rate(db, learner, known(10 + ago), Rating.GOOD, at=NOON - ago * DAY)
    spans = {1: 1, 7: 7, 30: 9, 365: 9, None: 9}
    assert {span: retention(db, learner, span=span)[0] for span in spans} == spans


def test_forget_in_statistics(db: Session, learner: User, known) -> None:
    """What was answered stays counted when the card begins anew."""
    card = known(10)
    rate(db, learner, card, Rating.GOOD)
    deeds.reset(db, user=learner, card_ids=[card.id], now=NOON)
    assert retention(db, learner) == (1, 0, 0, 0)
    assert (figures(db, learner).new, db.scalars(select(ReviewLog)).one().rating) == (1, Rating.GOOD)
