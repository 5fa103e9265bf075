"""The second factor as a browser meets it: turning it on, the code at a sign-in, and who must have one."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts import second_factor, service
from quizapp.accounts.entering_views import AWAITED_FOR
from quizapp.accounts.guessing import FAILURES_OF_CODES
from quizapp.accounts.models import Role
from quizapp.accounts.passwords import Passwords
from quizapp.catalogue.models import OPERATOR, ContentDeed, DeedOf
from tests.web.accounts.entering import PASSWORD, enter
from tests.web.pages import token_in

SECRET = second_factor.new_secret()
PAGE = "/account/second-factor"
CODES = f"{PAGE}/recovery-codes"
LATER = timedelta(seconds=second_factor.STEP_S)


def code() -> str:
    return pyotp.TOTP(SECRET).at(clock.now())


@pytest.fixture
def recovery(sessions: sessionmaker[Session], passwords: Passwords) -> list[str]:
    """The recovery codes of an editor called Ada, who has a password and a second factor."""
    now = clock.now() - LATER
    with sessions() as db:
        ada = service.add_user(db, name="Ada", role=Role.EDITOR, now=now)
        service.set_password(db, passwords, user_id=ada.id, password=PASSWORD, now=now)
        made = second_factor.turn_on(db, user=ada, secret=SECRET, code=pyotp.TOTP(SECRET).at(now), now=now)
        db.commit()
    return list(made)


def by_password(client: FlaskClient, url: str = "/sign-in?next=/notes") -> str | None:
    return enter(client, url, name="Ada", password=PASSWORD).location


def test_a_password_alone_signs_nobody_in(client: FlaskClient, recovery: list[str]) -> None:
    assert by_password(client) == "/sign-in/code"
    assert client.get("/account").status_code == 302
    wrong = enter(client, "/sign-in/code", code="000000x")
    assert wrong.status_code == 403
    assert 'autocomplete="one-time-code"' in wrong.text
    assert enter(client, "/sign-in/code", code=code()).location == "/notes"
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("step", [timedelta(seconds=-3), timedelta(seconds=-50)], ids=str)
def test_a_clock_set_back_between_password_and_code_loses_neither(
    client: FlaskClient, recovery: list[str], step: timedelta
) -> None:
    by_password(client)
    with time_machine.travel(clock.now() + step):
        assert enter(client, "/sign-in/code", code=recovery[0]).location == "/notes"


def test_a_link_alone_signs_nobody_in_and_is_used_up(
    client: FlaskClient, app: Flask, sessions: sessionmaker[Session], recovery: list[str]
) -> None:
    with sessions() as db:
        link = f"/sign-in/{service.make_link(db, user=service.user_by_name(db, name='Ada'), now=clock.now())}"
        db.commit()
    assert enter(client, link).location == "/sign-in/code"
    assert enter(app.test_client(), link).status_code == 403
    assert enter(client, "/sign-in/code", code=recovery[0]).location == "/"
    assert client.get("/account").status_code == 200


def test_codes_cannot_be_guessed(client: FlaskClient, recovery: list[str]) -> None:
    by_password(client)
    tried = [enter(client, "/sign-in/code", code=f"wrong-{number}").status_code for number in range(FAILURES_OF_CODES)]
    assert set(tried) == {403}
    refused = enter(client, "/sign-in/code", code=code())
    assert refused.status_code == 429
    assert "Codes were wrong too often" in refused.text
    assert 'autocomplete="one-time-code"' in refused.text, "the field stays, to be used when the time is over"


def test_who_takes_too_long_begins_anew(client: FlaskClient, recovery: list[str]) -> None:
    by_password(client)
    token = token_in(client.get("/sign-in/code").text)
    with time_machine.travel(clock.now() + AWAITED_FOR + LATER):
        assert client.get("/sign-in/code").location == "/sign-in"
        late = client.post("/sign-in/code", data={"csrf_token": token, "code": code()})
        assert late.location == "/sign-in"
        assert client.get("/account").status_code == 302


def test_nobody_is_asked_for_a_code_out_of_the_blue(client: FlaskClient) -> None:
    assert client.get("/sign-in/code").location == "/sign-in"


def test_it_is_turned_on_with_a_drawing_and_turned_off_with_a_code(client_as: Callable[..., FlaskClient]) -> None:
    learner = client_as("learner")
    page = learner.get(PAGE).text
    assert "<svg" in page
    assert "style=" not in page[page.index("<svg") : page.index("</svg>")]
    key = page.partition('class="code-groups">')[2].partition("<")[0].replace("-", "")
    assert enter(learner, PAGE, code="12345").status_code == 403
    assert key in learner.get(PAGE).text.replace("-", ""), "the key stays the same after a slip"
    assert "Off. A sign-in can ask" in learner.get("/account").text
    assert enter(learner, PAGE, code=pyotp.TOTP(key).at(clock.now())).location == CODES
    first, on = learner.get(CODES), learner.get(CODES)  # a reload shows them again
    assert first.text.count("<li><code>") == second_factor.RECOVERY_CODES
    assert on.text.count("<li><code>") == second_factor.RECOVERY_CODES
    assert on.headers["Cache-Control"] == "no-store"
    recovery = on.text.partition("<li><code>")[2].partition("<")[0]
    kept = learner.post(f"{CODES}/kept", data={"csrf_token": token_in(on.text)})
    assert (kept.location, learner.get(CODES).location) == ("/account", PAGE)
    assert "On: each sign-in asks" in learner.get("/account").text
    assert key not in learner.get(PAGE).text.replace("-", "")
    assert enter_at(learner, f"{PAGE}/off", code="000000x").status_code == 403
    assert enter_at(learner, CODES, code=recovery).location == CODES
    newest = learner.get(CODES).text.partition("<li><code>")[2].partition("<")[0]
    assert enter_at(learner, f"{PAGE}/off", code=recovery).status_code == 403
    assert enter_at(learner, f"{PAGE}/off", code=newest).location == PAGE


def enter_at(client: FlaskClient, url: str, **data: str):  # type: ignore[no-untyped-def]
    """Send a form of the page of the second factor."""
    return client.post(url, data={"csrf_token": token_in(client.get(PAGE).text), **data})


def test_who_finds_a_sign_in_open_turns_nothing_on(
    client: FlaskClient, sessions: sessionmaker[Session], passwords: Passwords
) -> None:
    with sessions() as db:
        bob = service.add_user(db, name="Ada", role=Role.LEARNER, now=clock.now())
        service.set_password(db, passwords, user_id=bob.id, password=PASSWORD, now=clock.now())
        db.commit()
    by_password(client)
    page = client.get(PAGE).text
    key = page.partition('class="code-groups">')[2].partition("<")[0].replace("-", "")
    refused = enter(client, PAGE, code=pyotp.TOTP(key).at(clock.now()), old="not it at all")
    assert refused.status_code == 403
    assert "This is not your password" in refused.text
    assert enter(client, PAGE, code=pyotp.TOTP(key).at(clock.now()), old=PASSWORD).location == CODES


@pytest.mark.parametrize(("wanted", "role"), [("editors", "editor"), ("editors", "owner"), ("everyone", "learner")])
def test_who_must_have_one_sets_it_up_before_anything_else(
    app: Flask, client_as: Callable[..., FlaskClient], wanted: str, role: str
) -> None:
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"second_factor": wanted})
    browser = client_as(role)
    assert browser.get("/").location == PAGE
    assert "Set that up first" in browser.get(PAGE).text
    token = token_in(browser.get(PAGE).text)
    refused = browser.post("/review", data={"csrf_token": token}, headers={"Accept": "application/json"})
    assert refused.status_code == 403
    key = browser.get(PAGE).text.partition('class="code-groups">')[2].partition("<")[0].replace("-", "")
    assert enter(browser, PAGE, code=pyotp.TOTP(key).at(clock.now())).location == CODES
    kept = browser.post(f"{CODES}/kept", data={"csrf_token": token_in(browser.get(CODES).text)})
    assert kept.location == "/"
    account = browser.get("/account")
    assert account.status_code == 200
    saved = browser.post("/account/retention", data={"csrf_token": token_in(account.text), "retention": "88"})
    assert saved.status_code == 302


def test_learners_need_none_where_editors_do(app: Flask, client_as: Callable[..., FlaskClient]) -> None:
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"second_factor": "editors"})
    assert client_as("learner").get("/").status_code == 200


def test_an_operator_turns_it_off(
    app: Flask, client: FlaskClient, sessions: sessionmaker[Session], recovery: list[str]
) -> None:
    said = app.test_cli_runner().invoke(args=["accounts", "second-factor", "Ada", "--off"])
    assert said.output == "The second factor of Ada is off now.\n"
    assert by_password(client) == "/notes"
    with sessions() as db:
        [line] = db.scalars(select(ContentDeed).where(ContentDeed.what == DeedOf.SECOND_FACTOR_OFF)).all()
        assert (line.words, line.editor_id) == ("Ada", OPERATOR)


def test_an_owner_turns_off_that_of_somebody_else(
    client: FlaskClient, client_as: Callable[..., FlaskClient], sessions: sessionmaker[Session], recovery: list[str]
) -> None:
    owner = client_as("owner")
    with sessions() as db:
        person = f"/owner/people/{service.user_by_name(db, name='Ada').id}"
    page = owner.get(person).text
    off = f"{person}/second-factor/off"
    assert off in page
    assert owner.post(off, data={"csrf_token": token_in(page)}).location == person
    assert off not in owner.get(person).text
    assert "turned off the second factor of" in owner.get("/content/trail").text
    assert by_password(client) == "/notes"
