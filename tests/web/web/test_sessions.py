"""Session cookies and form tokens that were right once: kept, and yet good for nothing once they should not be."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.guards import Audience, audience
from quizapp.accounts.models import SignIn
from quizapp.web import security
from quizapp.web.tokens import masked
from tests.web.pages import token_in

CALENDAR = {"zone": "UTC", "rollover_hour": "4"}


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    """A browser whose cookie has been read before."""
    client = client_as("learner")
    assert client.get("/account").status_code == 200
    return client


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("quizapp")
    assert found is not None
    return found.value


def token(client: FlaskClient) -> str:
    return token_in(client.get("/account").text)


def post(client: FlaskClient, token: str, **options: object) -> int:
    sent = {"csrf_token": token, **CALENDAR}
    return client.post("/account/calendar", data=sent, **options).status_code  # type: ignore[arg-type]


@pytest.mark.parametrize("ended", ["ended_at", "expires_at"])
def test_a_sign_in_that_is_over_is_refused_at_once(
    learner: FlaskClient, sessions: sessionmaker[Session], ended: str
) -> None:
    form = token(learner)
    assert post(learner, form) == 302
    with sessions() as db:
        db.execute(update(SignIn).values({ended: clock.now()}))
        db.commit()
    assert post(learner, form) == 401
    assert learner.get("/account").status_code == 302


def test_a_sign_in_ends_by_the_clock_though_its_cookie_is_kept(
    learner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, later = token(learner), clock.now() + timedelta(days=400)

    def now() -> datetime:
        return later

    monkeypatch.setattr(clock, "now", now)
    assert post(learner, form) == 401


@pytest.mark.parametrize("change", [lambda value: value[:-9] + value[-8:] + value[-9], lambda _: "x.y.z"])
def test_a_cookie_that_was_changed_is_refused_each_time(learner: FlaskClient, change: Callable[[str], str]) -> None:
    right = cookie(learner)
    learner.set_cookie("quizapp", change(right))
    assert [learner.get("/account").status_code for _ in range(2)] == [302, 302]
    learner.set_cookie("quizapp", right)
    assert learner.get("/account").status_code == 200


def test_another_key_forgets_all_cookies(own_app: Flask) -> None:
    own_app.add_url_rule(
        "/named", "named", view_func=audience(Audience.ANYONE)(lambda: session.setdefault("name", "Ada"))
    )
    own_app.add_url_rule("/known", "known", view_func=audience(Audience.ANYONE)(lambda: session.get("name", "nobody")))
    client = own_app.test_client()
    client.get("/named")
    assert client.get("/known").text == "Ada"
    own_app.secret_key = "another" * 8
    assert client.get("/known").text == "nobody"


def test_what_a_request_does_to_its_session_is_not_done_to_the_kept_one(own_app: Flask) -> None:
    def add() -> str:
        names: list[str] = session.setdefault("names", [])
        names.append("Ada")
        return str(names)

    own_app.add_url_rule("/begun", view_func=audience(Audience.ANYONE)(add))
    client = own_app.test_client()
    client.get("/begun")  # in the cookie from now on: a list that is changed in place is not sent again
    assert [client.get("/begun").text for _ in range(2)] == ["['Ada', 'Ada']"] * 2


def test_a_bounded_number_of_cookies_is_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "COOKIES_KEPT", 2)
    sessions = security.LastingSessions()
    monkeypatch.setattr(app, "session_interface", sessions)
    for _ in range(5):
        client = app.test_client()
        client.get("/sign-in")
        client.get("/sign-in")
    assert sessions._read.cache_info().currsize == 2  # type: ignore[attr-defined]


def test_cookies_of_others_are_neither_kept_nor_in_the_way(
    app: Flask, learner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = security.LastingSessions()
    monkeypatch.setattr(app, "session_interface", sessions)
    stranger = app.test_client(use_cookies=False)
    for number in range(3):
        assert stranger.get("/account", headers={"Cookie": f"theme=dark; number={number}"}).status_code == 302
    assert sessions._read.cache_info().currsize == 0  # type: ignore[attr-defined]
    for beside in ("a=1; {}", "{}; quizapp2=x.y.z", "a=1; {}; b=2"):
        headers = {"Cookie": beside.format(f"quizapp={cookie(learner)}")}
        assert [stranger.get("/account", headers=headers).status_code for _ in range(2)] == [200, 200]


def test_a_token_of_another_session_is_refused(learner: FlaskClient, app: Flask) -> None:
    stranger = app.test_client()
    theirs = token_in(stranger.get("/sign-in").text)
    assert [post(learner, sent) for sent in (theirs, "", token(learner))] == [400, 400, 302]


def test_a_token_ends_with_its_session(learner: FlaskClient, client_as: Callable[..., FlaskClient]) -> None:
    before = token(learner)
    learner.post("/sign-out", data={"csrf_token": before})
    learner.set_cookie("quizapp", cookie(client_as("learner")))
    assert [post(learner, sent) for sent in (before, token(learner))] == [400, 302]


def test_a_page_from_before_tokens_lost_their_signature_still_works(app: Flask, learner: FlaskClient) -> None:
    with app.test_request_context("/account", headers={"Cookie": f"quizapp={cookie(learner)}"}):
        signed = generate_csrf()
    assert post(learner, masked(signed, b"x" * len(signed))) == 302
    forged = signed[:-3] + ("AAA" if signed[-3:] != "AAA" else "BBB")
    assert post(learner, masked(forged, b"x" * len(forged))) == 400


@pytest.mark.parametrize(
    ("referer", "status"),
    [
        ("https://localhost/account", 302), ("https://LOCALHOST/", 302), ("https://evil.example/", 400),
        ("http://localhost/account", 400), ("https://localhost:junk/", 400), ("https://[", 400),
        ("", 400),
    ],
)  # fmt: skip
def test_over_https_the_page_must_be_the_sites_own(learner: FlaskClient, referer: str, status: int) -> None:
    options = {"base_url": "https://localhost", "headers": {"Referer": referer} if referer else {}}
    assert post(learner, token(learner), **options) == status
