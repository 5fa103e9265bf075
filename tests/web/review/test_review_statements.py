"""How many statements Today and the review page take, for a learner without a plan: each is waited for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.catalogue.models import Note, Question
from quizapp.review import note_retentions, service
from quizapp.review.models import Card
from tests.builders import a_note, a_question

Sessions = sessionmaker[Session]

pytestmark = pytest.mark.parametrize("database", ["sqlite"])  # whose driver tells of each statement, prepared or not


@contextmanager
def selected(app: Flask) -> Iterator[list[str]]:
    """What is read by the connections that the application takes from its pool while the block runs.

    Without what the balancer reads for each rating's interval, which depends on the card: prepared, and a few rows.
    """
    said = list[str]()

    def note(statement: str) -> None:
        if statement.startswith(("SELECT", "WITH")) and "FROM day_load" not in statement:
            said.append(statement)

    def follow(connection: Any, *_: object) -> None:
        connection.set_trace_callback(note)

    def leave(connection: Any, *_: object) -> None:
        connection.set_trace_callback(None)

    listeners = {"checkout": follow, "checkin": leave}
    for moment, listener in listeners.items():
        event.listen(app.extensions["engine"], moment, listener)
    yield said
    for moment, listener in listeners.items():
        event.remove(app.extensions["engine"], moment, listener)


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient], sessions: Sessions) -> FlaskClient:
    """A learner with cards of two notes, one of which is to be remembered better."""
    client: Any = client_as("learner", "Ada")
    with sessions() as db:
        user = db.get_one(User, client.user.id)
        notes = [a_note(db), a_note(db)]
        ids = [a_question(db, note=note).id for note in notes for _ in range(2)]
        service.add_cards(db, user=user, question_ids=ids, now=clock.now())
        note_retentions.set_for_note(db, user=user, note_id=notes[1].id, retention=0.97)
        db.commit()
    return client  # type: ignore[no-any-return]


def test_the_page_of_a_card_takes_four(app: Flask, learner: FlaskClient) -> None:
    """Who is signed in, the next card, its question, what is left."""
    with selected(app) as said:
        assert learner.get("/review").status_code == 200
    assert len(said) == 4


def test_today_takes_at_most_twelve(app: Flask, learner: FlaskClient) -> None:
    """With cards that are due; what is not there to be told of is looked for all the same."""
    with selected(app) as said:
        assert learner.get("/").status_code == 200
    assert len(said) <= 12


def test_a_card_that_is_asked_for_takes_as_many(app: Flask, learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        better = select(Card.id).join(Card.question).join(Note, Note.id == Question.note_id).order_by(Note.id.desc())
        id = db.scalars(better).first()
    with selected(app) as said:
        assert learner.get(f"/review?card={id}&shown=1").status_code == 200
    assert len(said) == 4


def test_the_cards_to_come_take_as_many_for_four_as_for_one(app: Flask, learner: FlaskClient) -> None:
    """Also where a note has a retention of its own, which is read with its cards."""
    taken = []
    for most in (1, 4):
        with selected(app) as said:
            cards = learner.get(f"/review/coming?most={most}").get_json()["cards"]
        assert len(cards) == most
        taken.append(len(said))
    assert taken[0] == taken[1]
