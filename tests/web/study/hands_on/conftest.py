"""A browser of a learner, a lab to do, and fake sandboxes that can pass it."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from quizapp import clock
from quizapp.labs import wiring
from quizapp.labs.runs.models import LabRun
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewLog, ReviewSource
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.settings import Settings
from tests.lab_builders import PREDICTED, add_lab, set_right
from tests.web.pages import token_in


class Learner:
    """A learner at a browser without a script: opens pages, presses buttons."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def open(self, path: str, **headers: str) -> TestResponse:
        """GET a page."""
        return self.client.get(path, headers=headers)

    def press(self, path: str, **fields: str | list[str]) -> TestResponse:
        """POST a form, with a token of this browser's pages, and follow where it leads."""
        return self.client.post(path, data={"csrf_token": self.token(), **fields}, follow_redirects=True)

    def token(self) -> str:
        """The token of this browser's pages."""
        self._token = self._token or token_in(self.open("/labs").text)
        return self._token

    def predict(self) -> str:
        """Predict, and return the path of the run that this begins."""
        return self.press("/labs/two-ports/prediction", **PREDICTED).request.path

    def start(self, run: str) -> TestResponse:
        """Start the run's host and set it up."""
        self.press(f"{run}/host")
        self.open(f"{run}/host")
        return self.press(f"{run}/set-up")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Hands-on questions are on."""
    return settings.model_copy(update={"engine": ""})


@pytest.fixture
def sandboxes(app: Flask, settings: Settings) -> FakeSandboxClient:
    """The application's way to sandboxes; on them the lab is right."""
    client = FakeSandboxClient(now=clock.now)
    set_right(client)
    wiring.init_app(app, settings, sandboxes=client, workshop=lambda: nullcontext(client))
    return client


@pytest.fixture
def make_lab(sessions: sessionmaker[Session]) -> Callable[..., None]:
    """`make_lab(slug=…)`: a lab, committed; keywords change its definition."""

    def make(**changes: Any) -> None:
        with sessions() as db:
            add_lab(db, **changes)
            db.commit()

    return make


@pytest.fixture
def learner(
    client_as: Callable[..., FlaskClient], sandboxes: FakeSandboxClient, make_lab: Callable[..., None]
) -> Learner:
    """A learner at a browser, and a lab to do."""
    make_lab()
    return Learner(client_as("learner"))


@pytest.fixture
def run_of(sessions: sessionmaker[Session]) -> Callable[[str], LabRun]:
    """`run_of(path)`: the run at that path, as it is now."""

    def find(path: str) -> LabRun:
        with sessions() as db:
            return db.scalars(select(LabRun).where(LabRun.id == UUID(path.rsplit("/", 1)[1]))).one()

    return find


@pytest.fixture
def ratings(sessions: sessionmaker[Session]) -> Callable[[], list[Rating]]:
    """The ratings that labs have come to, in their order."""

    def find() -> list[Rating]:
        with sessions() as db:
            logged = db.scalars(select(ReviewLog).order_by(ReviewLog.sequence)).all()
            assert {log.source for log in logged} <= {ReviewSource.SANDBOX}
            return [log.rating for log in logged]

    return find


@pytest.fixture
def other_tab(app: Flask, learner: Learner) -> Learner:
    """The same learner at a second tab, which may be at work while the first one is."""
    cookie = learner.client.get_cookie("quizapp")
    assert cookie is not None
    client = app.test_client()
    client.set_cookie("quizapp", cookie.value)
    return Learner(client)
