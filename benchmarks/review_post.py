"""A review POST beside a bare Flask view that makes one SQLite commit.

Both run in this process through Werkzeug's test client, so the figures are the server's own work without HTTP parsing
and sockets. Both are sent the same form, headers and cookie, and write to a file in one folder with the same pragmas.
They run in turn, so that a slow disk slows both. Each figure is the median of ROUNDS.
"""

import re
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from benchmarks.bare_view import bare_app
from benchmarks.rows import Row, beside
from quizapp import clock, create_app
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.db import create_engine_for
from quizapp.review import service as review
from quizapp.review.models import Card
from quizapp.settings import Settings
from quizapp.web.database import alembic

ROUNDS = 400
WARM_UP = 40  # rounds before those that are measured


def run() -> list[Row]:
    """Measure in a temporary folder, which is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="quizapp-bench-") as folder:
        ours, cards = review_post(Path(folder))
        bare = bare_commit(Path(folder), ours.client, ours.headers)
        times: dict[Post, list[float]] = {ours: [], bare: []}
        for number in range(WARM_UP + ROUNDS):
            form = {"card": cards[number], "review_id": uuid4(), "rating": 3, "version": 0, "taken_ms": 4000}
            for post, taken in times.items():
                start = time.perf_counter()
                answer = post(form)
                taken.append(time.perf_counter() - start)
                assert answer.get_json()["outcome"] == "applied", answer.text
        value, baseline = (_median_ms(times[post]) for post in (ours, bare))
    return [beside("review-post", value=value, baseline=baseline, unit="ms")]


def _median_ms(taken_s: Sequence[float]) -> float:
    return 1000 * statistics.median(taken_s[WARM_UP:])


class Post:
    """Sends a form to one address by one client."""

    def __init__(self, client: FlaskClient, path: str, headers: Mapping[str, str]) -> None:
        self.client, self.headers = client, headers
        self._path = path

    def __call__(self, form: Mapping[str, object]) -> TestResponse:
        return self.client.post(self._path, data=form, headers=self.headers)


def review_post(folder: Path) -> tuple[Post, list[UUID]]:
    """The request that the page's script sends for a rating, and the ids of the learner's cards."""
    settings = Settings(instance_dir=folder, secret_key=SecretStr("bench" * 8), engine="none").completed()
    app = create_app(settings)
    with app.app_context():
        alembic.upgrade()
    client = app.test_client()
    cards = _signed_in_with_cards(client, create_engine_for(settings.database_url))
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert token
    return Post(client, "/review", {"X-CSRFToken": token[1], "Accept": "application/json"}), cards


def _signed_in_with_cards(client: FlaskClient, engine: Engine) -> list[UUID]:
    """Sign the client in as a new learner with a card for each round; returns the cards' ids."""
    now = clock.now()
    with Session(engine) as db:
        learner = accounts.add_user(db, name="Ada", role=Role.LEARNER, now=now)
        token = accounts.sign_in(db, user=learner, life=timedelta(hours=1), now=now)
        questions = [a_question(number) for number in range(WARM_UP + ROUNDS)]
        db.add_all(questions)
        db.flush()
        review.add_cards(db, user=learner, question_ids=[question.id for question in questions], now=now)
        db.commit()
        cards = list(db.scalars(select(Card.id).order_by(Card.id)))
    engine.dispose()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return cards


def a_question(number: int) -> Question:
    """A flashcard that belongs to no note."""
    return Question(
        key=f"q-{number}",
        kind=QuestionKind.FLASHCARD,
        position=number,
        prompt="What is asked?",
        answer="What is answered.",
        fingerprint="0" * 64,
        updated_at=clock.now(),
    )


def bare_commit(folder: Path, like: FlaskClient, headers: Mapping[str, str]) -> Post:
    """The same to a bare Flask view that inserts one row and commits, with a cookie as the other client has it."""
    app = bare_app(f"sqlite:///{folder / 'bare.sqlite3'}")
    client = app.test_client()
    cookie = like.get_cookie("quizapp")
    assert cookie is not None
    client.set_cookie("quizapp", cookie.value)
    return Post(client, "/review", headers)
