"""Weights of a learner's own: fitted, proved on reviews that they have not seen, and only then in force."""

from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import schedulers, service
from quizapp.review.fitting import fits, refitting
from quizapp.review.fitting.history import Histories
from quizapp.review.fitting.weights import Weights, within_ranges
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, FittedWeights, Outcome, ReviewLog, ReviewSource
from quizapp.review.scheduler import DEFAULT_PARAMETERS
from tests.builders import a_question

from .conftest import NOON

DAY = timedelta(days=1)
FORGETS = within_ranges((0.1, 0.3, 0.6, 1.5, *DEFAULT_PARAMETERS[4:]))  # this learner forgets four times as fast


@pytest.fixture
def log(db: Session, learner: User) -> None:
    """Sixty cards, each rated Good and then on two later days, mostly Again."""
    rng, today = Random(3), 20_000
    ids = [a_question(db).id for _ in range(60)]
    service.add_cards(db, user=learner, question_ids=ids, now=NOON)
    rows = []
    for number, card_id in enumerate(db.scalars(select(Card.id).order_by(Card.question_id))):
        for sequence, after in enumerate((0, 2, 5), start=1):
            rating = Rating.GOOD if sequence == 1 or rng.random() < 0.3 else Rating.AGAIN
            row = {"id": uuid4(), "user_id": learner.id, "card_id": card_id, "sequence": sequence, "rating": rating}
            at = {"reviewed_at": NOON + (number + after) * DAY, "day": today + number + after, "zone": "UTC"}
            how = {"source": ReviewSource.REVIEW, "outcome": Outcome.APPLIED, "phase_before": Phase.NEW}
            rows.append({**row, **at, **how})
    db.execute(insert(ReviewLog), rows)


@pytest.fixture
def gives(monkeypatch: pytest.MonkeyPatch):
    """Lets the optimizer give these weights, whatever the reviews are."""

    def set_it(weights: Weights) -> None:
        def fit(histories: Histories, *, ends: list[int]) -> list[Weights]:
            return [weights for _ in ends]

        monkeypatch.setattr(fits, "fit", fit)

    return set_it


def refit(db: Session, user: User, *, is_asked: bool = False) -> FittedWeights | None:
    db.commit()
    found = refitting.fitted(db, user=user, is_asked=is_asked)
    return None if found is None else refitting.use(db, user=user, found=found, now=NOON + 99 * DAY)


@pytest.mark.usefixtures("log")
def test_weights_that_foretell_the_newest_reviews_better_are_in_force(db: Session, learner: User, gives) -> None:
    gives(FORGETS)
    row = refit(db, learner)
    assert row is not None
    assert (row.is_better, row.items, row.held_out, learner.weights_number) == (True, 120, 40, 1)
    used = schedulers.in_force(db.connection(), learner).parameters
    assert FORGETS[2] < used[2] < DEFAULT_PARAMETERS[2]  # drawn towards the defaults


@pytest.mark.usefixtures("log")
def test_weights_without_proof_are_kept_to_be_seen_and_not_used(db: Session, learner: User, gives) -> None:
    learner.weights_number = 0
    gives(within_ranges((50.0, 80.0, 90.0, 100.0, *DEFAULT_PARAMETERS[4:])))
    row = refit(db, learner)
    assert row is not None
    assert (row.is_better, learner.weights_number) == (False, 0)
    assert refitting.latest(db, user_id=learner.id) is row


@pytest.mark.usefixtures("log")
def test_a_log_that_has_not_grown_is_fitted_again_only_if_asked(db: Session, learner: User, gives) -> None:
    gives(FORGETS)
    assert refit(db, learner) is not None
    assert refit(db, learner) is None
    again = refit(db, learner, is_asked=True)
    assert (again is not None and again.number, learner.weights_number) == (2, 2)


def test_few_reviews_are_not_fitted(db: Session, learner: User, gives) -> None:
    gives(FORGETS)
    assert refit(db, learner, is_asked=True) is None


@pytest.mark.usefixtures("log")
@pytest.mark.skipif(not fits.is_available(), reason="fsrs-rs-python has no build for this machine")
def test_the_real_optimizer_finds_how_fast_this_learner_forgets(db: Session, learner: User) -> None:
    row = refit(db, learner)
    assert row is not None
    assert row.is_better
