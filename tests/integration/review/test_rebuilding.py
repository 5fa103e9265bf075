"""All cards computed anew from the log, to the last bit, a batch in a transaction."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import undoing
from quizapp.review.log import rebuilding
from quizapp.review.log.rebuilding import STATE
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, ReviewSource
from tests.builders import rate_card

from .conftest import NOON

MakeCard = Callable[[], Card]
KEPT = (*STATE, "logged")


def states(db: Session) -> dict[object, tuple[object, ...]]:
    columns = (getattr(Card, name) for name in KEPT)
    return {row[0]: tuple(row[1:]) for row in db.execute(select(Card.id, *columns))}


@pytest.fixture
def cards(db: Session, learner: User, make_card: MakeCard) -> list[Card]:
    """Six cards, five of them with reviews of all outcomes, in changing retention."""
    rng, at, made = Random(5), NOON, [make_card() for _ in range(6)]
    for _ in range(60):
        at += timedelta(hours=rng.choice((0, 1, 20, 60)))
        card = rng.choice(made[:5])
        learner.desired_retention = rng.choice((0.8, 0.9, 0.95))
        rate_card(
            db,
            user=learner,
            card_id=card.id,
            review_id=uuid4(),
            rating=rng.choice(list(Rating)),
            source=ReviewSource.REVIEW,
            now=at,
            seen_version=card.version - (rng.random() < 0.2),
            taken_ms=None,
        )
        if rng.random() < 0.2:
            undoing.undo(db, user=learner, now=at)
    return made


def rebuilt(db: Session, user: User) -> rebuilding.RebuiltCards:
    return rebuilding.rebuild_cards(db, user=user, card_ids=rebuilding.cards_of(db, user=user))


def test_cards_that_are_what_their_log_says_stay_untouched(db: Session, learner: User, cards: list[Card]) -> None:
    before, versions = states(db), [card.version for card in cards]
    assert rebuilt(db, learner).changed == 0
    assert (states(db), [card.version for card in cards]) == (before, versions)


def test_lost_states_come_back_to_the_last_bit(db: Session, learner: User, cards: list[Card]) -> None:
    before, versions = states(db), [card.version for card in cards]
    lost = {"phase": Phase.NEW, "stability": None, "due_day": None, "due_at": None, "reps": 0, "logged": 0}
    db.execute(update(Card).values(lost))
    assert rebuilt(db, learner).changed == 5  # the sixth was never reviewed
    assert states(db) == before
    assert [card.version for card in cards] == [version + 1 for version in versions[:5]] + versions[5:]


def test_one_batch_is_right_before_the_next_is_begun(db: Session, learner: User, cards: list[Card]) -> None:
    before = states(db)
    db.execute(update(Card).values(difficulty=9.0, lapses=7))
    first, *others = rebuilding.cards_of(db, user=learner)
    rebuilding.rebuild_cards(db, user=learner, card_ids=[first])
    right = {card_id for card_id, state in states(db).items() if state == before[card_id]}
    assert right == {first}
    rebuilding.rebuild_cards(db, user=learner, card_ids=others)
    assert states(db) == before
