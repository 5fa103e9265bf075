"""A site below a path of its host: every address that a page names, every redirect, scripts, styles and pictures."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts import service
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role
from quizapp.settings import Settings
from tests.builders import a_note
from tests.conftest import opened_app
from tests.web.pages import send

ADDRESS = re.compile(r'(?:href|src|action|formaction|data-(?!key=)[a-z-]+|hx-get|hx-post)="(/[^"]*)"')
PAGES = (
    "/",
    "/notes",
    "/practice",
    "/labs",
    "/progress",
    "/review",
    "/search",
    "/content",
    "/content/import",
    "/account",
)


@pytest.fixture
def mounted(settings: Settings) -> Iterator[Flask]:
    with opened_app(settings.model_copy(update={"public_url": "https://host.example/quiz"})) as app:
        yield app


@pytest.fixture
def owner(mounted: Flask, sessions: sessionmaker[Session]) -> FlaskClient:
    with sessions() as db:
        user = service.add_user(db, name="Olga", role=Role.OWNER, now=clock.now())
        token = service.sign_in(db, user=user, life=timedelta(hours=1), now=clock.now())
        note = a_note(db)
        note.sections[0].html = '<p><img src="/pictures/a.png" alt=""> or <code>src="/pictures/</code></p>'
        db.commit()
    client = mounted.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client


@pytest.mark.parametrize("before", ["/quiz", ""], ids=["the proxy leaves it", "the proxy takes it away"])
def test_every_address_on_a_page_is_below_the_path(owner: FlaskClient, before: str) -> None:
    for path in PAGES:
        page = owner.get(before + path)
        assert page.status_code == 200, path
        addresses = ADDRESS.findall(page.text)
        assert [address for address in addresses if not address.startswith("/quiz")] == [], path
        assert len(addresses) > 10


def test_a_sign_in_leads_back_below_the_path(mounted: Flask) -> None:
    answer = mounted.test_client().get("/quiz/notes?q=a")
    assert answer.location == "/quiz/sign-in?next=/quiz/notes?q%3Da"


@pytest.mark.parametrize("target", ["/notes", "//evil.example", "https://evil.example/quiz/", "/quizzes"])
def test_no_redirect_leaves_the_path(mounted: Flask, sessions: sessionmaker[Session], target: str) -> None:
    with sessions() as db:
        user = service.add_user(db, name="Ada", role=Role.LEARNER, now=clock.now())
        token = service.make_link(db, user=user, now=clock.now())
        db.commit()
    client = mounted.test_client()
    page = f"/quiz/sign-in/{token}"
    assert send(client, page, f"{page}?next={target}").location == "/quiz/"


def test_a_picture_of_a_note_is_asked_for_below_the_path(owner: FlaskClient) -> None:
    key = re.findall(r'href="/quiz/notes/([^"/]+)"', owner.get("/quiz/notes").text)[0]
    page = owner.get(f"/quiz/notes/{key}").text
    assert '<img src="/quiz/pictures/a.png"' in page


def test_built_files_and_health_answer_with_and_without_the_path(mounted: Flask) -> None:
    client = mounted.test_client()
    (style,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', client.get("/quiz/sign-in").text)
    assert style.startswith("/quiz/static/dist/main-")
    for address in (style, "/quiz/health", "/health"):
        with client.get(address) as answer:
            assert answer.status_code == 200, address


def test_cookies_are_for_the_whole_host(mounted: Flask) -> None:
    """A cookie called `__Host-…` must have Path=/, says RFC 6265bis."""
    assert "Path=/;" in mounted.test_client().get("/quiz/sign-in").headers["Set-Cookie"] + ";"


@pytest.mark.parametrize("before", ["/quiz", ""], ids=["the proxy leaves it", "the proxy takes it away"])
def test_a_slash_too_many_leads_to_the_page(owner: FlaskClient, before: str) -> None:
    moved = owner.get(f"{before}/content/?q=a%20b&note=")
    assert (moved.status_code, moved.location) == (308, "/quiz/content?q=a%20b&note=")
    assert owner.get(f"{before}/nowhere/").status_code == 404
