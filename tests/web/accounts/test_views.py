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
from quizapp.accounts.passwords import Passwords

PASSWORD = "four plain words here"


def token_in(page: str) -> str:
    """The CSRF token of a page's form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def link(sessions: sessionmaker[Session], passwords: Passwords) -> str:
    """A sign-in link of an editor called Ada, who has a password too."""
    with sessions() as db:
        ada = service.add_user(db, name="Ada", role=Role.EDITOR, now=clock.now())
        service.set_password(db, passwords, user_id=ada.id, password=PASSWORD, now=clock.now())
        token = service.make_link(db, user=ada, now=clock.now())
        db.commit()
    return f"/sign-in/{token}"


def enter(client: FlaskClient, url: str, **data: str) -> TestResponse:
    return client.post(url, data={"csrf_token": token_in(client.get(url).text), **data})


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
