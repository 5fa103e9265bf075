"""What the log says of sign-ins and refusals, and what it never says."""

import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts import service
from quizapp.accounts.models import Role, User
from quizapp.settings import Settings
from quizapp.web import security
from tests.web.pages import token_in


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The product's own lines."""
    caplog.set_level(logging.INFO, logger="quizapp.security")
    logging.getLogger("quizapp").propagate = True
    yield caplog
    logging.getLogger("quizapp").propagate = False


def test_who_signs_in_and_out_is_logged_by_id_and_without_the_link(
    client: FlaskClient, sessions: sessionmaker[Session], log: pytest.LogCaptureFixture
) -> None:
    with sessions() as db:
        ada = service.add_user(db, name="Ada", role=Role.LEARNER, now=clock.now())
        token, ada_id = service.make_link(db, user=ada, now=clock.now()), ada.id
        db.commit()
    page = f"/sign-in/{token}"
    client.post(page, data={"csrf_token": token_in(client.get(page).text)})
    client.post("/sign-out", data={"csrf_token": token_in(client.get("/account").text)})
    assert log.messages == [
        f"signed in by a link, account {ada_id}, from 127.0.0.1, POST /sign-in/<token>",
        f"signed out, account {ada_id}, from 127.0.0.1, POST /sign-out",
    ]


def test_a_wrong_password_is_logged_without_what_was_typed(client: FlaskClient, log: pytest.LogCaptureFixture) -> None:
    form = {"csrf_token": token_in(client.get("/sign-in").text), "name": "my secret", "password": "another one"}
    assert client.post("/sign-in", data=form).status_code == 403
    assert log.messages == ["wrong name or password, nobody known, from 127.0.0.1, POST /sign-in"]


def test_what_was_refused_is_logged(
    client_as: Callable[..., FlaskClient], sessions: sessionmaker[Session], log: pytest.LogCaptureFixture
) -> None:
    learner = client_as("learner")
    learner.get("/owner")  # not theirs
    learner.post("/account/calendar", data={})  # without a token
    form = {"csrf_token": token_in(learner.get("/account").text)}
    learner.post("/account/calendar", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    with sessions() as db:
        who = f"account {db.scalars(select(User.id)).one()}, from 127.0.0.1"
    assert log.messages == [
        f"refused with 403: Not for this account, {who}, GET /owner",
        f"refused with 400: no valid CSRF token, {who}, POST /account/calendar",
        f"refused with 403: Not from there, {who}, POST /account/calendar",
    ]


@pytest.mark.parametrize("secure", [True, False])
def test_browsers_are_told_to_stay_with_https_where_it_is_set(secure: bool) -> None:
    app = Flask("bare")
    security.init_app(app, Settings(secure_cookies=secure, secret_key="k" * 32))  # type: ignore[arg-type]
    told = app.test_client().get("/").headers.get("Strict-Transport-Security")
    assert told == ("max-age=63072000" if secure else None)
