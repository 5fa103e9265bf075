"""Signing in and out as a browser does it."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from quizapp import clock
from quizapp.accounts import service
from quizapp.accounts.guessing import FAILURES_OF_NAME
from quizapp.accounts.models import Role, User
from tests.web.accounts.entering import PASSWORD, enter
from tests.web.pages import token_in


def test_a_link_signs_in_once_and_reading_it_spends_nothing(client: FlaskClient, app: Flask, link: str) -> None:
    assert client.get(link).status_code == 200
    assert enter(client, link).location == "/"
    assert client.get("/account").status_code == 200
    second = enter(app.test_client(), link)
    assert second.status_code == 403
    assert "work once" in second.text


def test_passwords_are_hidden_as_they_are_typed_and_known_to_password_managers(client: FlaskClient, link: str) -> None:
    """Nor does any script of these pages hear of what is pasted."""
    sign_in = client.get("/sign-in").text
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    account = client.get("/account").text
    fields = [tag for tag in re.findall(r"<input[^>]*>", sign_in + account) if 'type="password"' in tag]
    assert [re.findall(r'autocomplete="([^"]*)"', tag) for tag in fields] == [
        ["current-password"],
        ["current-password"],
        ["new-password"],
    ]
    named = re.findall(r'<input[^>]*name="((?:name|password|old))"[^>]*>', sign_in + account)
    assert named.count("password") + named.count("old") == len(fields), "none is shown as it is typed"
    assert 'autocomplete="username"' in sign_in


def test_the_password_signs_in_and_leads_back(client: FlaskClient, link: str) -> None:
    assert client.get("/account").location == "/sign-in?next=/account"
    answer = enter(client, "/sign-in?next=/account", name="Ada", password=PASSWORD)
    assert answer.location == "/account"


def test_a_sign_in_never_leads_to_another_site(client: FlaskClient, link: str) -> None:
    answer = enter(client, "/sign-in?next=//evil.example", name="Ada", password=PASSWORD)
    assert answer.location == "/"


def test_the_browser_sets_the_zone_of_a_new_account(client: FlaskClient, link: str) -> None:
    enter(client, link, zone="America/New_York")
    assert 'selected value="America/New_York"' in client.get("/account").text


def test_a_zone_from_nowhere_keeps_nobody_out(client: FlaskClient, link: str) -> None:
    assert enter(client, link, zone="Mars/Base").status_code == 302
    assert 'selected value="UTC"' in client.get("/account").text


def test_who_came_by_a_link_is_told_to_set_a_password_before_they_leave(
    client: FlaskClient, sessions: sessionmaker[Session], link: str
) -> None:
    enter(client, link, zone="")
    found = []
    for password_hash in (None, "of a password"):
        with sessions() as db:
            db.execute(update(User).values(password_hash=password_hash))
            db.commit()
        found.append(client.get("/").text.count("/account#set-password"))
    assert found == [2, 0]  # on Today, and beside the button in the menu


def test_a_copied_cookie_is_worthless_after_signing_out(app: Flask, client_as: Callable[..., FlaskClient]) -> None:
    client = client_as("learner")
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    assert client.post("/sign-out", data={"csrf_token": token_in(client.get("/account").text)}).status_code == 302
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert thief.get("/account").status_code == 302


def test_a_new_password_signs_other_browsers_out(app: Flask, client: FlaskClient, link: str) -> None:
    other = app.test_client()
    enter(other, "/sign-in", name="Ada", password=PASSWORD)
    enter(client, link)
    form = token_in(client.get("/account").text)
    answer = client.post("/account/password", data={"csrf_token": form, "password": "another four plain words"})
    assert answer.location == "/account"
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def set_password(client: FlaskClient, **data: str) -> TestResponse:
    form = token_in(client.get("/account").text)
    return client.post("/account/password", data={"csrf_token": form, "password": "another four plain words", **data})


@pytest.mark.parametrize(("password", "why"), [("short", "at least 10"), ("four words " * 30, "at most 256")])
def test_how_long_a_password_may_be_is_said(client: FlaskClient, link: str, password: str, why: str) -> None:
    enter(client, link)
    answer = set_password(client, password=password)
    assert f"Use {why} characters." in answer.text


@pytest.mark.parametrize("old", ["", "not the one"])
def test_who_finds_a_sign_in_open_cannot_set_a_password(client: FlaskClient, link: str, old: str) -> None:
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    answer = set_password(client, old=old)
    assert answer.status_code == 403
    assert "not your password so far" in answer.text
    assert set_password(client, old=PASSWORD).location == "/account"


def test_a_password_that_is_tried_first_is_refused_beside_its_field(client: FlaskClient, link: str) -> None:
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    answer = set_password(client, old=PASSWORD, password="password12")
    assert answer.status_code == 400
    assert "among the first that are tried" in answer.text


def test_a_wrong_old_password_is_a_guess_like_another(client: FlaskClient, link: str) -> None:
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    seen = {set_password(client, old=f"guess {number}").status_code for number in range(FAILURES_OF_NAME + 1)}
    assert seen == {403, 429}
    assert "Too many wrong passwords" in set_password(client, old=PASSWORD).text


def test_a_link_helps_who_has_forgotten_the_password_for_a_while(client: FlaskClient, link: str) -> None:
    enter(client, link)
    for step in (timedelta(), timedelta(seconds=-3)):
        with time_machine.travel(clock.now() + step):
            assert "Password so far" not in client.get("/account").text
    with time_machine.travel(clock.now() + service.FORGOTTEN_FOR):
        assert "Password so far" in client.get("/account").text
        assert set_password(client).status_code == 403


def test_an_account_without_a_password_needs_no_old_one(client_as: Callable[..., FlaskClient]) -> None:
    assert set_password(client_as("learner")).location == "/account"


def test_who_is_signed_in_is_looked_up_while_somebody_else_writes(
    client_as: Callable[..., FlaskClient], sessions: sessionmaker[Session]
) -> None:
    client = client_as("learner")
    form = token_in(client.get("/account").text)
    with sessions() as db:
        service.add_user(db, name="Bob", role=Role.LEARNER, now=clock.now())  # and does not commit yet
        answer = client.post("/account/calendar", data={"csrf_token": form, "zone": "Nowhere", "rollover_hour": "4"})
    assert answer.status_code == 400


@pytest.mark.parametrize(("zone", "hour", "said"), [("Nowhere", "4", "valid"), ("UTC", "24", "0 to 23")])
def test_a_bad_calendar_is_explained(client_as: Callable[..., FlaskClient], zone: str, hour: str, said: str) -> None:
    client = client_as("learner")
    form = token_in(client.get("/account").text)
    answer = client.post("/account/calendar", data={"csrf_token": form, "zone": zone, "rollover_hour": hour})
    assert answer.status_code == 400
    assert said in answer.text


def test_an_ended_sign_in_is_told_as_json_to_a_script(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    answer = client.post("/sign-out", headers={"X-CSRFToken": token_in(page), "Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json is not None
    assert "kept until then" in answer.json["message"]


def test_a_link_that_is_used_up_leads_to_the_sign_in(client: FlaskClient, app: Flask, link: str) -> None:
    enter(client, link)
    page = enter(app.test_client(), link).text
    assert 'href="/sign-in">Sign in</a>' in page
    assert "Go to Today" not in page


def test_a_link_dies_of_old_age(client: FlaskClient, sessions: sessionmaker[Session], link: str) -> None:
    with sessions() as db:
        ada = service.user_by_name(db, name="Ada")
        token = service.make_link(db, user=ada, now=clock.now() - timedelta(hours=2))
        db.commit()
    assert enter(client, f"/sign-in/{token}").status_code == 403


def test_what_becomes_of_leeches_is_a_setting(client_as: Callable[..., FlaskClient]) -> None:
    client = client_as("learner")
    fields = {"csrf_token": token_in(client.get("/account").text), "leech_threshold": "5", "leech_action": "suspend"}
    page = client.post("/account/leeches", data=fields, follow_redirects=True).text
    assert 'value="5"' in page
    assert '<option selected value="suspend">' in page
    assert client.post("/account/leeches", data={**fields, "leech_threshold": "100"}).status_code == 400


def test_who_is_signed_out_is_led_back_to_the_page_of_the_form(client: FlaskClient) -> None:
    answer = client.post("/review", headers={"Referer": "http://localhost/review?ahead=1#card"})
    assert answer.status_code == 401
    assert "You are signed out." in answer.text
    assert 'href="/sign-in?next=/review?ahead%3D1"' in answer.text


def test_the_sign_in_of_a_page_for_everybody_leads_back_to_it(client: FlaskClient) -> None:
    page = f"/practice/shared/{uuid4()}"
    assert f'<a href="/sign-in?next={page}">Sign in</a>' in client.get(page).text
    assert '<a href="/sign-in">Sign in</a>' in client.get("/sign-in/used").text


def test_another_sites_page_is_not_led_back_to(client: FlaskClient) -> None:
    answer = client.post("/review", headers={"Referer": "http://elsewhere.example/review"})
    assert 'href="/sign-in?next=/"' in answer.text


def test_a_part_of_a_page_is_never_the_sign_in_page(client: FlaskClient) -> None:
    assert client.get("/review", headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize(("reviews", "kept"), [("", None), ("50", 50), ("0", 0)])
def test_limits_a_day_are_a_setting(
    client_as: Callable[..., FlaskClient], sessions: sessionmaker[Session], reviews: str, kept: int | None
) -> None:
    client = client_as("learner")
    token = token_in(client.get("/account").text)
    fields = {"csrf_token": token, "new_per_day": "7", "reviews_per_day": reviews}
    assert "Saved." in client.post("/account/limits", data=fields, follow_redirects=True).text
    with sessions() as db:
        user = db.get_one(User, client.user.id)  # type: ignore[attr-defined]
        assert (user.new_per_day, user.reviews_per_day) == (7, kept)
    assert client.post("/account/limits", data={**fields, "new_per_day": "-1"}).status_code == 400


def test_other_browsers_are_listed_and_signed_out(
    client: FlaskClient, app: Flask, link: str, client_as: Callable[..., FlaskClient]
) -> None:
    phone, stranger = app.test_client(), client_as("learner")
    enter(client, "/sign-in", name="Ada", password=PASSWORD)
    page = phone.get(link, headers={"User-Agent": "Mozilla (Android) Firefox/140"})
    data = {"csrf_token": token_in(page.text)}
    phone.post(link, data=data, headers={"User-Agent": "Mozilla (Android) Firefox/140"})
    shown = client.get("/account").text
    assert "Firefox on Android" in shown
    assert "this one" in shown
    (address,) = re.findall(r'action="(/account/sign-ins/\w+/end)"', shown)  # and none for this one
    assert stranger.post(address, data={"csrf_token": token_in(stranger.get("/account").text)}).status_code == 404
    assert phone.get("/account").status_code == 200
    answer = client.post(address, data={"csrf_token": token_in(shown)}, follow_redirects=True)
    assert "Signed out: Firefox on Android." in answer.text
    assert phone.get("/account").status_code == 302
    assert client.get("/account").status_code == 200
    assert client.post(address, data={"csrf_token": token_in(shown)}).status_code == 404
