"""Deeds of a browser that was offline: each is done once, and an undo takes back what that browser had done."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.errors import Conflict, NotFound
from quizapp.review import deeds, undoing
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, CardDeed, Outcome, ReviewLog, ReviewSource
from tests.builders import rate_card

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # noon in Berlin, where a study day begins at 4
MINUTE = timedelta(minutes=1)
MakeCard = Callable[[], Card]


def rate(db: Session, user: User, card: Card, *, seen: int | None = None, now: datetime = NOON) -> UUID:
    """The id of the review."""
    return rate_card(
        db,
        user=user,
        card_id=card.id,
        review_id=uuid4(),
        rating=Rating.GOOD,
        source=ReviewSource.REVIEW,
        now=now,
        seen_version=card.version if seen is None else seen,
        taken_ms=None,
    ).review_id


def test_a_deed_that_is_sent_twice_is_done_once(db: Session, learner: User, make_card: MakeCard) -> None:
    card, step = make_card(), uuid4()
    for _ in range(2):
        assert deeds.suspend(db, user=learner, card_ids=[card.id], now=NOON, step=step) == 1
    assert db.scalar(select(func.count(CardDeed.id))) == 1
    assert undoing.undo(db, user=learner, now=NOON) is not None
    assert not card.suspended


def test_a_deed_that_is_sent_again_after_it_was_undone_stays_undone(
    db: Session, learner: User, make_card: MakeCard
) -> None:
    card, step = make_card(), uuid4()
    deeds.flag(db, user=learner, card_ids=[card.id], flag=3, now=NOON, step=step)
    undoing.undo(db, user=learner, now=NOON)
    assert deeds.flag(db, user=learner, card_ids=[card.id], flag=3, now=NOON + MINUTE, step=step) == 1
    assert card.flag == 0


def test_an_undo_takes_back_what_it_names_and_not_what_was_done_last(
    db: Session, learner: User, make_card: MakeCard
) -> None:
    here, elsewhere = make_card(), make_card()
    mine = rate(db, learner, here)
    theirs = rate(db, learner, elsewhere, now=NOON + MINUTE)
    undone = undoing.undo_one(db, user=learner, card_id=here.id, done=mine, now=NOON)
    assert undone is not None
    assert undone.review_id == mine
    assert here.phase is Phase.NEW
    assert db.get_one(ReviewLog, theirs).outcome is Outcome.APPLIED


def test_an_undo_that_is_sent_twice_takes_one_thing_back(db: Session, learner: User, make_card: MakeCard) -> None:
    card, step = make_card(), uuid4()
    rated = rate(db, learner, card)
    deeds.bury(db, user=learner, card_ids=[card.id], now=NOON + MINUTE, step=step)
    for _ in range(2):
        undoing.undo_one(db, user=learner, card_id=card.id, done=step, now=NOON)
    assert card.buried_until_day is None
    assert db.get_one(ReviewLog, rated).outcome is Outcome.APPLIED


def test_a_card_that_was_undone_can_be_rated_at_the_version_that_the_page_expects(
    db: Session, learner: User, make_card: MakeCard
) -> None:
    """A rating and its undo each raise the version by one, so a page that made both knows the new one."""
    card = make_card()
    shown = card.version
    undoing.undo_one(db, user=learner, card_id=card.id, done=rate(db, learner, card), now=NOON)
    again = rate(db, learner, card, seen=shown + 2)
    assert db.get_one(ReviewLog, again).outcome is Outcome.APPLIED


def test_undoing_a_rating_that_came_too_late_changes_no_card(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    seen = card.version
    rate(db, learner, card)
    late = rate(db, learner, card, seen=seen, now=NOON + MINUTE)
    before = (card.version, card.stability, card.due_day)
    assert undoing.undo_one(db, user=learner, card_id=card.id, done=late, now=NOON) is not None
    assert db.get_one(ReviewLog, late).outcome is Outcome.UNDONE
    assert (card.version, card.stability, card.due_day) == before


def test_a_deed_that_another_has_overtaken_is_not_taken_back(db: Session, learner: User, make_card: MakeCard) -> None:
    card, step = make_card(), uuid4()
    deeds.flag(db, user=learner, card_ids=[card.id], flag=3, now=NOON, step=step)
    deeds.flag(db, user=learner, card_ids=[card.id], flag=5, now=NOON + MINUTE)
    with pytest.raises(Conflict, match="changed again since"):
        undoing.undo_one(db, user=learner, card_id=card.id, done=step, now=NOON)
    assert card.flag == 5


def test_what_was_never_done_or_is_somebody_elses_is_told(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    rated = rate(db, learner, card)
    stranger = accounts.add_user(db, name="Bob", role=Role.LEARNER, now=NOON)
    for user, done in ((learner, uuid4()), (stranger, rated)):
        with pytest.raises(NotFound):
            undoing.undo_one(db, user=user, card_id=card.id, done=done, now=NOON)
    assert db.get_one(ReviewLog, rated).outcome is Outcome.APPLIED
