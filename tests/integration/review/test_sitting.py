"""The end of a sitting says what was done, what was missed and what comes."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import queries
from quizapp.review.memory import Rating
from quizapp.review.models import Card, ReviewLog, ReviewSource
from quizapp.review.pages.sitting_summary import MISSED_SHOWN, done_today
from quizapp.review.queries import ReviewedToday
from tests.builders import rate_card

from .conftest import NOON

MakeCard = Callable[[], Card]
MINUTE = timedelta(minutes=1)


def rate(
    db: Session, user: User, card: Card, rating: Rating, *, after: timedelta, seen_version: int | None = None
) -> None:
    rate_card(
        db,
        user=user,
        card_id=card.id,
        review_id=uuid4(),
        rating=rating,
        source=ReviewSource.REVIEW,
        now=NOON + after,
        seen_version=card.version if seen_version is None else seen_version,
        taken_ms=50_000,
    )


def test_nothing_done_is_nothing_said(db: Session, learner: User, make_card: MakeCard) -> None:
    rate(db, learner, make_card(), Rating.GOOD, after=timedelta(days=-2))
    assert done_today(db, user=learner, now=NOON) is None


def test_how_much_was_done_is_read_without_the_log(db: Session, learner: User, make_card: MakeCard) -> None:
    """Whoever has a million reviews opens Today as fast as a beginner."""
    assert queries.past(db, user=learner, now=NOON).today is None
    card = make_card()
    for minute in range(2):
        rate(db, learner, card, Rating.AGAIN, after=minute * MINUTE)
    db.execute(delete(ReviewLog))
    assert queries.past(db, user=learner, now=NOON).today == ReviewedToday(reviews=2, time="about 2 minutes")


def test_each_missed_card_is_named_once_the_newest_first(db: Session, learner: User, make_card: MakeCard) -> None:
    cards = [make_card() for _ in range(MISSED_SHOWN + 1)]
    for number, card in enumerate(cards):
        for again in (0, 20):
            rate(db, learner, card, Rating.AGAIN, after=number * MINUTE + again * MINUTE)
    rate(db, learner, make_card(), Rating.GOOD, after=MINUTE)
    done = done_today(db, user=learner, now=NOON + 60 * MINUTE)
    assert done is not None
    assert (done.cards, done.time, done.missed_in_all) == (7, "about 11 minutes", MISSED_SHOWN + 1)
    assert [each.card_id for each in done.missed] == [card.id for card in reversed(cards[1:])]


def test_an_answer_to_a_card_that_had_changed_counts_nowhere(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    shown = card.version
    for minute in range(2):
        rate(db, learner, card, Rating.GOOD, after=minute * MINUTE, seen_version=shown)
    rate(db, learner, card, Rating.GOOD, after=20 * MINUTE)
    done = done_today(db, user=learner, now=NOON + 60 * MINUTE)
    assert done is not None
    assert (done.cards, done.time) == (1, "about 2 minutes")


def test_what_comes_tomorrow_is_counted(db: Session, learner: User, make_card: MakeCard) -> None:
    rate(db, learner, make_card(), Rating.HARD, after=timedelta(0))
    done = done_today(db, user=learner, now=NOON)
    assert (done is not None and done.tomorrow) == 1
