"""The figures of study days that are kept with each review are those that the log gives."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import undoing
from quizapp.review.log import study_day_figures
from quizapp.review.memory import Rating
from quizapp.review.models import FIGURES, Card, DayTally, ReviewSource
from tests.builders import rate_card

from .conftest import NOON

MakeCard = Callable[[], Card]


def kept(db: Session) -> dict[int, tuple[int, ...]]:
    columns = [getattr(DayTally, name) for name in FIGURES]
    return {row[0]: tuple(row[1:]) for row in db.execute(select(DayTally.day, *columns)) if any(row[1:])}


@pytest.mark.parametrize("seed", range(3))
def test_kept_and_counted_anew_are_the_same(db: Session, learner: User, make_card: MakeCard, seed: int) -> None:
    rng, at = Random(seed), NOON
    cards = [make_card() for _ in range(5)]
    for _ in range(80):
        at += timedelta(hours=rng.choice((0, 1, 20, 60)))
        card = rng.choice(cards)
        rate_card(
            db,
            user=learner,
            card_id=card.id,
            review_id=uuid4(),
            rating=rng.choice(list(Rating)),
            source=ReviewSource.REVIEW,
            now=at,
            seen_version=card.version - (rng.random() < 0.2),
            taken_ms=rng.choice((None, 4_000)),
        )
        if rng.random() < 0.3:
            undoing.undo(db, user=learner, now=at)
    before = kept(db)
    study_day_figures.recount(db, user_id=learner.id)
    assert kept(db) == before
    assert min(sum(figures) for figures in zip(*before.values(), strict=True)) > 0
