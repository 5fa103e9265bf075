"""What a learner takes along: the reviews in the forms of other programs."""

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import deeds, undoing
from quizapp.review.fitting.log_file import read_log
from quizapp.review.log.log_export import LogFormat, export
from quizapp.review.memory import Rating
from quizapp.review.models import Card, ReviewSource
from quizapp.study.personal_data import everything
from tests.builders import rate_card

from .conftest import NOON

MakeCard = Callable[[], Card]
DAY = timedelta(days=1)


@pytest.fixture
def card(db: Session, learner: User, make_card: MakeCard) -> Card:
    """A card rated Good, Again two days later, then Good and undone, then reset."""
    card = make_card()
    for at, rating in ((NOON, Rating.GOOD), (NOON + 2 * DAY, Rating.AGAIN), (NOON + 2 * DAY, Rating.GOOD)):
        rate_card(
            db,
            user=learner,
            card_id=card.id,
            review_id=uuid4(),
            rating=rating,
            source=ReviewSource.REVIEW,
            now=at,
            seen_version=card.version,
            taken_ms=4_000,
        )
    undoing.undo(db, user=learner, now=NOON + 2 * DAY)
    deeds.reset(db, user=learner, card_ids=[card.id], now=NOON + 3 * DAY)
    return card


def text(db: Session, user: User, form: LogFormat) -> str:
    return "".join(export(db, user=user, form=form))


def test_csv_is_a_log_that_the_evaluation_reads(db: Session, learner: User, card: Card) -> None:
    log = read_log(text(db, learner, LogFormat.CSV).encode())
    assert [(review.card, review.rating, review.at) for review in log.reviews] == [
        (str(card.id), Rating.GOOD, NOON),
        (str(card.id), Rating.AGAIN, NOON + 2 * DAY),
    ]


def test_revlog_has_ankis_columns_and_meaning(db: Session, learner: User, card: Card) -> None:
    good, again, reset = csv.DictReader(text(db, learner, LogFormat.REVLOG).splitlines())
    assert (good["ease"], good["ivl"], good["lastIvl"], good["time"], good["type"]) == ("3", "2", "0", "4000", "0")
    assert (again["ease"], again["ivl"], again["lastIvl"], again["type"]) == ("1", "-600", "2", "1")
    assert 100 <= int(again["factor"]) <= 1_100
    assert (reset["ease"], reset["ivl"], reset["type"]) == ("0", "0", "4")
    assert len({good["id"], again["id"], reset["id"]}) == 3


def test_everything_has_what_was_taken_back_as_well(db: Session, learner: User, card: Card) -> None:
    said = json.loads("".join(everything(db, user=learner)))
    assert [review["outcome"] for review in said["reviews"]] == ["applied", "applied", "undone"]
    assert [deed["kind"] for deed in said["deeds"]] == ["reset"]
    assert (said["cards"][0]["question"], said["learner"]["zone"]) == (card.question.key, learner.zone)


@pytest.mark.parametrize("form", LogFormat)
def test_nobody_gets_what_is_somebody_elses(db: Session, learner: User, card: Card, form: LogFormat) -> None:
    stranger = User(name="Eve / ../x", role=learner.role, created_at=NOON)
    db.add(stranger)
    db.flush()
    assert str(card.id) not in text(db, stranger, form)


def test_what_left_the_schedule_alone_is_no_item_of_a_fit(db: Session, learner: User, card: Card) -> None:
    """Anki 26.9.3 writes type 3 with factor 0 for it, and fits no weights to such a row; nor does the evaluation."""
    before = read_log(text(db, learner, LogFormat.CSV).encode())
    rate_card(
        db,
        user=learner,
        card_id=card.id,
        review_id=uuid4(),
        rating=Rating.AGAIN,
        source=ReviewSource.APART,
        now=NOON + 4 * DAY,
        seen_version=card.version,
        taken_ms=4_000,
    )
    *_, row = csv.DictReader(text(db, learner, LogFormat.REVLOG).splitlines())
    assert (row["type"], row["factor"], row["ease"]) == ("3", "0", "1")
    assert read_log(text(db, learner, LogFormat.CSV).encode()) == before
