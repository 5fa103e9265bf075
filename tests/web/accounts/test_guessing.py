"""Guesses at passwords are slowed down, and those who are right get in."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts import service
from quizapp.accounts.guessing import FAILURES_OF_NAME
from quizapp.accounts.models import Role
from quizapp.accounts.passwords import Passwords
from tests.web.accounts.entering import PASSWORD, enter
from tests.web.pages import token_in


def test_a_wrong_password_keeps_the_name_and_says_so(client: FlaskClient, link: str) -> None:
    answer = enter(client, "/sign-in", name="Ada", password="something else")
    assert answer.status_code == 403
    assert 'value="Ada"' in answer.text
    assert "do not belong together" in answer.text


def test_guessing_is_slowed_down(client: FlaskClient, link: str) -> None:
    answers = [enter(client, "/sign-in", name="Ada", password="guess") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 300
    assert enter(client, "/sign-in", name="Ada", password=PASSWORD).status_code == 429
    assert enter(client, link).status_code == 302, "a link works at once"


def test_guesses_at_one_name_from_many_addresses_do_not_get_through(app: Flask, client: FlaskClient, link: str) -> None:
    token = {"csrf_token": token_in(client.get("/sign-in").text)}
    statuses = [
        client.post(
            "/sign-in",
            data={**token, "name": "Ada", "password": "guess" if number < 29 else PASSWORD},
            environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"},
        ).status_code
        for number in range(30)
    ]
    assert statuses == [403] * 10 + [429] * 20


def guess_everywhere(client: FlaskClient) -> None:
    for number in range(FAILURES_OF_NAME):
        with_address(client, f"198.51.100.{number}", "guess")


def with_address(client: FlaskClient, address: str, password: str) -> int:
    data = {"csrf_token": token_in(client.get("/sign-in").text), "name": "Ada", "password": password}
    return client.post("/sign-in", data=data, environ_overrides={"REMOTE_ADDR": address}).status_code


def test_while_others_guess_a_browser_that_was_signed_in_gets_in_from_anywhere(
    app: Flask, client: FlaskClient, link: str
) -> None:
    enter(client, link)
    client.post("/sign-out", data={"csrf_token": token_in(client.get("/account").text)})
    guess_everywhere(app.test_client())
    assert with_address(app.test_client(), "203.0.113.9", PASSWORD) == 429
    assert with_address(client, "203.0.113.9", PASSWORD) == 302


def test_while_others_guess_a_person_makes_a_link_for_a_new_device(app: Flask, client: FlaskClient, link: str) -> None:
    enter(client, link)
    guess_everywhere(app.test_client())
    data = {"csrf_token": token_in(client.get("/account/link").text)}
    shown = client.post("/account/link", data=data, follow_redirects=True).text
    made = re.search(r">http[^<]+(/sign-in/[^<]+)<", shown)
    assert made
    assert made[1] not in client.get("/account/link").text, "it is shown once"
    assert enter(app.test_client(), made[1]).location == "/"


def test_who_finds_an_account_open_makes_no_link_without_its_password(client: FlaskClient, link: str) -> None:
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    form = {"csrf_token": token_in(client.get("/account/link").text)}
    wrong = client.post("/account/link", data={**form, "old": "guess"})
    assert (wrong.status_code, "not your password" in wrong.text) == (403, True)
    assert client.post("/account/link", data={**form, "old": PASSWORD}).location == "/account/link"


def test_fifteen_learners_sign_in_from_one_address(app: Flask, sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        people = [service.add_user(db, name=f"N {number}", role=Role.LEARNER, now=clock.now()) for number in range(15)]
        links = [service.make_link(db, user=person, now=clock.now()) for person in people]
        db.commit()
    assert [enter(app.test_client(), f"/sign-in/{token}").status_code for token in links] == [302] * 15


def test_those_who_are_right_are_never_counted(app: Flask, link: str) -> None:
    statuses = {enter(app.test_client(), "/sign-in", name="Ada", password=PASSWORD).status_code for _ in range(15)}
    assert statuses == {302}


def test_a_password_that_is_hashed_holds_up_no_writer_and_too_many_are_told_to_come_back(
    app: Flask, client: FlaskClient, link: str
) -> None:
    app.extensions["passwords"] = full = Passwords(wait_s=0)
    with full._turn(), full._turn():
        answer = enter(client, "/sign-in", name="Ada", password=PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
