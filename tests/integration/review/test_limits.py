"""Limits of the day, among them plays that were also played with Anki 26.9.3: each says where we differ, and why."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import deeds, limits, queries, undoing
from quizapp.review.memory import Rating
from quizapp.review.models import Card

from .conftest import NOON

DAY = timedelta(days=1)
MakeCard = Callable[[], Card]
Rate = Callable[..., None]
Left = Callable[[], tuple[int, int]]


@pytest.fixture
def left(db: Session, learner: User) -> Left:
    """The new and the due cards of noon that can be answered."""

    def count() -> tuple[int, int]:
        counts = queries.counts(db, user=learner, now=NOON)
        return counts.new, counts.due

    return count


@pytest.fixture
def new_cards(make_card: MakeCard) -> list[Card]:
    return [make_card() for _ in range(10)]


@pytest.fixture
def due_cards(make_card: MakeCard, rate: Rate) -> list[Card]:
    cards = [make_card() for _ in range(10)]
    for card in cards:
        rate(card, Rating.HARD, at=NOON - 2 * DAY)
    return cards


def test_new_limit_undo(db: Session, learner: User, new_cards: list[Card], rate: Rate, left: Left) -> None:
    learner.new_per_day = 3
    for card in new_cards[:2]:
        rate(card, Rating.GOOD)
    assert left() == (1, 0)
    undoing.undo(db, user=learner, now=NOON)
    assert left() == (2, 0)


def test_new_limit_lowered_under_what_was_done(learner: User, new_cards: list[Card], rate: Rate, left: Left) -> None:
    learner.new_per_day = 5
    for card in new_cards[:4]:
        rate(card, Rating.EASY)
    learner.new_per_day = 2
    assert left() == (0, 0)
    learner.new_per_day = 6
    assert left() == (2, 0)


def test_new_limit_order_of_precedence(db: Session, learner: User, new_cards: list[Card], left: Left) -> None:
    """Today's own number beats the usual one, 0 too."""
    learner.new_per_day = 4
    limits.set_for_today(db, user=learner, new_cards=0, reviews=None, now=NOON)
    db.flush()
    assert left() == (0, 0)
    limits.set_for_today(db, user=learner, new_cards=7, reviews=None, now=NOON)
    db.flush()
    assert left() == (7, 0)
    assert queries.counts(db, user=learner, now=NOON + DAY).new == 4


def test_limits_reviews_before_new(learner: User, new_cards: list[Card], due_cards: list[Card], left: Left) -> None:
    """In Anki no new card comes before all reviews fit into the day, unless an option is set; here the two are apart.

    A learner who sets 5 reviews has a backlog and would see no new card for weeks, without a word why.
    """
    learner.reviews_per_day = 5
    assert left() == (10, 5)


def test_limit_reviews_today_zero(
    db: Session, learner: User, new_cards: list[Card], due_cards: list[Card], left: Left
) -> None:
    """As Anki with the option that lets new cards ignore the limit of reviews."""
    limits.set_for_today(db, user=learner, new_cards=None, reviews=0, now=NOON)
    db.flush()
    assert left() == (10, 0)
    assert queries.next_card(db, user=learner, now=NOON) is new_cards[0]


def test_review_limit_and_intraday_learning(learner: User, new_cards: list[Card], rate: Rate, db: Session) -> None:
    rate(new_cards[0], Rating.AGAIN, at=NOON - timedelta(minutes=20))
    learner.new_per_day, learner.reviews_per_day = 0, 0
    assert queries.counts(db, user=learner, now=NOON).learning == 1
    assert queries.next_card(db, user=learner, now=NOON) is new_cards[0]


def test_limits_suspending_does_not_free_a_place(
    db: Session, learner: User, new_cards: list[Card], rate: Rate, left: Left
) -> None:
    learner.new_per_day = 3
    rate(new_cards[0], Rating.GOOD)
    for card in new_cards[:2]:
        deeds.suspend(db, user=learner, card_ids=[card.id], now=NOON)
        assert left() == (2, 0)


def test_the_longest_due_come_first_within_a_limit(
    db: Session, learner: User, due_cards: list[Card], make_card: MakeCard, rate: Rate
) -> None:
    """As Anki by its default; by which other orders the cards of a limit can be chosen says `test_due_order`."""
    longest = make_card()
    rate(longest, Rating.HARD, at=NOON - 5 * DAY)
    learner.reviews_per_day = 1
    assert [card.id for card in queries.coming(db, user=learner, now=NOON, most=5)] == [longest.id]
    rate(longest, Rating.GOOD)
    assert queries.next_card(db, user=learner, now=NOON) is None
    counts = queries.counts(db, user=learner, now=NOON)
    assert (counts.total, counts.held_back) == (0, len(due_cards))
    assert queries.counts(db, user=learner, now=NOON + DAY).due == 1


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "UTC"])
def test_a_limit_holds_over_a_flight_west(
    db: Session, learner: User, new_cards: list[Card], rate: Rate, zone: str
) -> None:
    """In Anki 26.9.3 the counter starts again where the day goes back: three more new cards after three were begun."""
    learner.new_per_day, learner.zone = 3, "Europe/Berlin"
    for card in new_cards[:3]:
        rate(card, Rating.GOOD)
    learner.zone = zone
    assert queries.counts(db, user=learner, now=NOON + timedelta(hours=1)).new == 0


def test_more_new_cards_come_on_top_of_what_was_begun_before_the_limit_was_lowered(
    db: Session, learner: User, new_cards: list[Card], rate: Rate, left: Left
) -> None:
    for card in new_cards[:4]:
        rate(card, Rating.GOOD)
    learner.new_per_day = 2
    limits.allow_more_new(db, user=learner, more=5, now=NOON)
    db.flush()
    assert left() == (5, 0)


def test_more_new_cards_today_come_on_top_of_the_limit(
    db: Session, learner: User, new_cards: list[Card], rate: Rate, left: Left
) -> None:
    learner.new_per_day = 2
    for card in new_cards[:2]:
        rate(card, Rating.GOOD)
    assert queries.counts(db, user=learner, now=NOON).has_more_new
    limits.allow_more_new(db, user=learner, more=5, now=NOON)
    db.flush()
    assert left() == (5, 0)
