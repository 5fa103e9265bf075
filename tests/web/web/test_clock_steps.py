"""A clock that is set back, or was ahead for a while, signs nobody out and refuses no form."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts import service
from quizapp.accounts.models import Role
from tests.web.pages import send, token_in

STEPS = [timedelta(seconds=-3), timedelta(hours=-2), timedelta(days=-400)]


def at(step: timedelta) -> time_machine.travel:
    return time_machine.travel(clock.now() + step)


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_a_clock_set_back_signs_nobody_out_and_takes_the_form_on_the_page(
    client_as: Callable[..., FlaskClient], step: timedelta
) -> None:
    client = client_as("learner")
    token = token_in(client.get("/account").text)
    with at(step):
        assert client.get("/account").status_code == 200
        sent = {"csrf_token": token, "zone": "UTC", "rollover_hour": "5"}
        assert client.post("/account/calendar", data=sent).status_code == 302
    assert client.get("/account").status_code == 200


def test_a_clock_that_was_ahead_leaves_everybody_signed_in(client_as: Callable[..., FlaskClient]) -> None:
    client = client_as("learner")
    with at(timedelta(days=400)):
        assert client.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_a_link_works_after_the_clock_was_set_back(
    app: Flask, sessions: sessionmaker[Session], step: timedelta
) -> None:
    with sessions() as db:
        link = service.make_link(
            db, user=service.add_user(db, name="Ada", role=Role.LEARNER, now=clock.now()), now=clock.now()
        )
        db.commit()
    with at(step):
        client = app.test_client()
        assert send(client, f"/sign-in/{link}", f"/sign-in/{link}", zone="UTC").status_code == 302
        assert client.get("/account").status_code == 200


def test_a_signature_with_another_key_is_none(app: Flask, client_as: Callable[..., FlaskClient]) -> None:
    client = client_as("learner")
    cookie = client.get_cookie("quizapp")
    assert cookie is not None
    client.set_cookie("quizapp", cookie.value[:-3] + "abc")
    assert client.get("/account").status_code == 302
