"""Reviews that a wrong clock has dated: the pages say so, and a button or a command puts them right."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.review import service
from quizapp.review.memory import Rating
from quizapp.review.models import Card, ReviewLog, ReviewSource
from tests.builders import a_question
from tests.web.pages import send

Sessions = sessionmaker[Session]
SAID = "1 review is dated after now"


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient], sessions: Sessions) -> FlaskClient:
    """A learner with a review of next year."""
    client = client_as("learner")
    with sessions() as db:
        service.rate_question(
            db,
            user=db.get_one(User, client.user.id),  # type: ignore[attr-defined]
            question_id=a_question(db).id,
            review_id=uuid4(),
            rating=Rating.GOOD,
            source=ReviewSource.REVIEW,
            now=clock.now() + timedelta(days=365),
        )
        db.commit()
    return client


def is_right(sessions: Sessions) -> bool:
    with sessions() as db:
        entry, card = db.scalars(select(ReviewLog)).one(), db.scalars(select(Card)).one()
        return max(entry.reviewed_at, card.last_review_at or entry.reviewed_at) <= clock.now()


@pytest.mark.parametrize("path", ["/", "/review"])
def test_pages_say_so_and_a_button_mends_it(learner: FlaskClient, sessions: Sessions, path: str) -> None:
    assert SAID in learner.get(path).text
    answer = send(learner, path, "/review/mend")
    assert answer.status_code == 303
    assert "1 review put right." in learner.get("/review").text
    assert SAID not in learner.get(path).text
    assert is_right(sessions)


def test_a_card_says_so_too(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        user = db.get_one(User, learner.user.id)  # type: ignore[attr-defined]
        service.add_cards(db, user=user, question_ids=[a_question(db).id], now=clock.now())
        db.commit()
    page = learner.get("/review").text
    assert SAID in page
    assert "Show the answer" in page


def test_a_command_mends_it_for_everybody(app: Flask, learner: FlaskClient, sessions: Sessions) -> None:
    result = app.test_cli_runner().invoke(args=["review", "mend"])
    assert f"{learner.user.name}: 1 review dated after now" in result.output  # type: ignore[attr-defined]
    assert is_right(sessions)
    assert app.test_cli_runner().invoke(args=["review", "mend"]).output == ""
