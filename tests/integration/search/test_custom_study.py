"""What custom study takes beside Anki's own core (the package anki 26.9.3), one test for each play, by its name.

A sitting here takes what a search finds, in an order, and one tick says whether it leaves the schedule alone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import deeds, undoing
from quizapp.review.memory import Rating
from quizapp.review.models import Card, ReviewSource
from quizapp.review.pages.sitting_cards import SittingOrder, take
from quizapp.search import index
from quizapp.search.queries import found_cards
from tests.builders import rate_card
from tests.integration.search.conftest import NOON

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MakeCard = Callable[..., Card]


def rate(
    db: Session,
    user: User,
    card: Card,
    rating: Rating,
    *,
    at: datetime = NOON,
    source: ReviewSource = ReviewSource.REVIEW,
) -> None:
    rate_card(
        db,
        user=user,
        card_id=card.id,
        review_id=uuid4(),
        rating=rating,
        source=source,
        now=at,
        seen_version=card.version,
        taken_ms=None,
    )


def taken(db: Session, user: User, query: str, order: SittingOrder, *, is_apart: bool = False) -> list[str]:
    """The prompts of the cards that are taken, in their order."""
    index.settle(db)
    among = found_cards(db, user=user, query=query, now=NOON)
    ids = take(db, user=user, among=among, order=order, is_apart=is_apart, now=NOON, chance=Random(1))
    return [db.get_one(Card, id).question.prompt for id in ids]


def due_in(db: Session, user: User, card: Card, days: int) -> Card:
    """Make a card one in review that is due in so many days, or was due before so many."""
    rate(db, user, card, Rating.EASY, at=NOON - 30 * DAY)
    deeds.reschedule(db, user=user, card_ids=[card.id], days=30 + days, now=NOON - 30 * DAY)
    return card


def test_custom_study_forgotten(db: Session, learner: User, card: MakeCard) -> None:
    """As Anki. A tick is set there to leave the schedule alone, which Anki's always does; here it can be taken away."""
    relearnt, yesterday, new, undone, apart = (card(name) for name in ("relearnt", "old", "new", "undone", "apart"))
    for one in (relearnt, yesterday, undone, apart):
        due_in(db, learner, one, 0)
    rate(db, learner, yesterday, Rating.AGAIN, at=NOON - DAY)
    rate(db, learner, relearnt, Rating.AGAIN, at=NOON - 20 * MINUTE)
    rate(db, learner, relearnt, Rating.GOOD, at=NOON - 9 * MINUTE)
    rate(db, learner, new, Rating.AGAIN, at=NOON - 8 * MINUTE)
    rate(db, learner, apart, Rating.AGAIN, at=NOON - 7 * MINUTE, source=ReviewSource.APART)
    rate(db, learner, undone, Rating.AGAIN, at=NOON - 6 * MINUTE)
    undoing.undo(db, user=learner, now=NOON)
    order = SittingOrder.LEAST_RECALL
    assert sorted(taken(db, learner, "rated:1:1", order, is_apart=True)) == ["apart", "new", "relearnt"]
    assert sorted(taken(db, learner, "rated:2:1", order)) == ["apart", "new", "old", "relearnt"]


def test_custom_study_ahead_takes(db: Session, learner: User, card: MakeCard) -> None:
    """As Anki: what is late and what is in a step too, no new cards, none that is suspended."""
    card("new")
    rate(db, learner, card("step"), Rating.AGAIN)
    for name, days in (("late", -3), ("today", 0), ("in 3", 3), ("in 4", 4)):
        due_in(db, learner, card(name), days)
    deeds.suspend(db, user=learner, card_ids=[due_in(db, learner, card("away"), 2).id], now=NOON)
    found = taken(db, learner, "prop:due<=3", SittingOrder.DUE)
    assert (found[0], set(found[1:3]), found[3]) == ("late", {"step", "today"}, "in 3")


def test_custom_study_kinds(db: Session, learner: User, card: MakeCard) -> None:
    """Anki has a dialogue for each kind. Here each is a search with an order; cards to preview are new and apart."""
    card("new")
    due_in(db, learner, card("today"), 0)
    due_in(db, learner, card("later"), 9)
    kinds = {
        "is:new added:1": (SittingOrder.OLDEST, ["new"]),
        "is:due": (SittingOrder.DUE, ["today"]),
        "is:new": (SittingOrder.OLDEST, ["new"]),
        "-is:new": (SittingOrder.DUE, ["today", "later"]),
        "kind:card": (SittingOrder.OLDEST, ["new", "today", "later"]),
    }
    assert {query: taken(db, learner, query, order) for query, (order, _) in kinds.items()} == {
        query: expected for query, (_, expected) in kinds.items()
    }
