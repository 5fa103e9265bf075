"""Questions and cards to review."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.review import service
from quizapp.review.memory import Rating
from quizapp.review.models import Card, ReviewSource
from tests.builders import a_question, rate_card

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # noon in Berlin


@pytest.fixture
def make_question(db: Session) -> Callable[[], Question]:
    """Makes a question at each call."""
    return lambda: a_question(db)


@pytest.fixture
def make_card(db: Session, learner: User, make_question: Callable[[], Question]) -> Callable[[], Card]:
    """Makes a new card of the learner's at each call."""

    def make() -> Card:
        question = make_question()
        service.add_cards(db, user=learner, question_ids=[question.id], now=NOON)
        return db.scalars(select(Card).where(Card.question_id == question.id)).one()

    return make


@pytest.fixture
def rate(db: Session, learner: User) -> Callable[..., None]:
    """Rates a card as it is now: `rate(card, Rating.GOOD, at=NOON)`."""

    def rate(
        card: Card,
        rating: Rating,
        *,
        at: datetime = NOON,
        taken_ms: int | None = None,
        source: ReviewSource = ReviewSource.REVIEW,
    ) -> None:
        rate_card(
            db,
            user=learner,
            card_id=card.id,
            review_id=uuid4(),
            rating=rating,
            source=source,
            now=at,
            seen_version=card.version,
            taken_ms=taken_ms,
        )

    return rate
