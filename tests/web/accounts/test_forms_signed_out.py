"""Forms that were open when their person was signed out, and sign-in forms of a second tab."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts import service
from quizapp.accounts.models import Role
from quizapp.accounts.passwords import Passwords
from tests.web.accounts.entering import PASSWORD, enter
from tests.web.pages import token_in


def test_a_sign_in_form_of_a_second_tab_leads_on_once_the_first_has_signed_in(client: FlaskClient, link: str) -> None:
    second = token_in(client.get("/sign-in?next=/notes").text)
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    for form in ("/sign-in?next=/notes", f"{link}?next=/notes"):
        answer = client.post(form, data={"csrf_token": second, "name": "Ada", "password": PASSWORD})
        assert (answer.status_code, answer.location) == (302, "/notes")
    assert "You are signed in as Ada" in client.get("/notes").text
    script = {"Sec-Fetch-Mode": "cors"}
    assert client.post("/sign-in", data={"csrf_token": second}, headers=script).status_code == 400


def test_a_form_of_before_goes_on_once_its_person_has_signed_in_again(client: FlaskClient, link: str) -> None:
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    form = {"csrf_token": token_in(client.get("/account").text), "zone": "Asia/Tokyo", "rollover_hour": "5"}
    assert client.post("/sign-out", data=form).location == "/sign-in"
    assert client.post("/sign-out", data=form).location == "/sign-in"  # of the second tab
    assert client.post("/account/calendar", data=form).status_code == 401
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    assert client.post("/account/calendar", data=form).status_code == 302


def test_a_form_of_who_is_signed_out_is_kept_to_be_sent_again(client: FlaskClient, link: str) -> None:
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    account = client.get("/account").text
    form = {"csrf_token": token_in(account), "zone": '"<Asia>"', "do": ["one", "two"]}
    client.post("/sign-out", data=form)
    page = client.post("/account/calendar?q=a", data=form)
    assert page.status_code == 401
    assert 'action="/account/calendar?q=a"' in page.text
    assert 'name="zone" value="&#34;&lt;Asia&gt;&#34;"' in page.text
    assert page.text.count('name="do"') == 2
    whose = 'data-user="'
    assert page.text.partition(whose)[2][:36] == account.partition(whose)[2][:36]


@pytest.mark.parametrize(
    "form", [{"csrf_token": "of another site"}, {}, {"csrf_token": "", "new_password": "a secret"}], ids=str
)
def test_a_form_of_another_site_and_a_password_go_on_by_no_sign_in(
    client: FlaskClient, link: str, form: dict[str, str]
) -> None:
    """Else another site could have a form sent by whoever signs in next."""
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    token = token_in(client.get("/account").text)
    client.post("/sign-out", data={"csrf_token": token})
    if form.get("csrf_token") == "":
        form = {**form, "csrf_token": token}
    page = client.post("/account/calendar", data={"zone": "Asia/Tokyo", **form})
    assert page.status_code == 401
    assert "Asia/Tokyo" not in page.text


def test_a_form_of_one_person_is_refused_once_another_has_signed_in(
    client: FlaskClient, link: str, passwords: Passwords, sessions: sessionmaker[Session]
) -> None:
    with sessions() as db:
        bob = service.add_user(db, name="Bob", role=Role.LEARNER, now=clock.now())
        service.set_password(db, passwords, user_id=bob.id, password=PASSWORD, now=clock.now())
        db.commit()
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    form = {"csrf_token": token_in(client.get("/account").text), "zone": "Asia/Tokyo", "rollover_hour": "5"}
    client.post("/sign-out", data=form)
    enter(client, "/sign-in", name="Bob", password=PASSWORD)
    assert client.post("/account/calendar", data=form).status_code == 400
    assert client.post("/sign-out", data=form).location == "/"
    assert "You are signed in as Bob" in client.get("/").text


def test_a_sign_in_form_without_its_cookie_is_shown_again_with_the_name(app: Flask, link: str) -> None:
    answer = app.test_client().post("/sign-in", data={"csrf_token": "x", "name": "Ada", "password": PASSWORD})
    assert answer.status_code == 400
    assert 'value="Ada"' in answer.text
    assert "keeps no cookies" in answer.text


def test_every_sign_in_has_a_token_of_its_own(client: FlaskClient, link: str) -> None:
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    with client.session_transaction() as cookie:
        first = cookie["sign_in"]
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    with client.session_transaction() as cookie:
        assert cookie["sign_in"] != first
