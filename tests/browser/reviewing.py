"""A learner with new cards whose review page is open in a browser, and what the tests of that page have in common."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.db import create_engine_for
from quizapp.review import service
from quizapp.review.models import ReviewLog
from quizapp.settings import Settings
from tests.conftest import CHEAP_PASSWORDS, quick_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CARDS = 3
PASSWORD = "a password of her own"


class Line:
    """The line to an application, which can be cut: then each connection is closed without an answer, or none comes.

    Playwright's `set_offline` is not sure beside a service worker: when that starts or ends, Chromium 156 puts the page
    online for a moment.
    """

    def __init__(self, app: Flask) -> None:
        self._answer, self._is_cut, self._is_silent = app.wsgi_app, False, False
        app.wsgi_app = self  # type: ignore[method-assign]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """See WSGI. Werkzeug 3.1's server says nothing after this error, and leaves the connection open."""
        if self._is_cut:
            if not self._is_silent:
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionError
        return self._answer(environ, start_response)

    def cut(self, *, silently: bool = False) -> None:
        """Let nothing be answered from now on; silently: let whoever asks wait."""
        self._is_cut, self._is_silent = True, silently

    def mend(self, page: Page) -> None:
        """Let all be answered again, and have the page know it at once."""
        self._is_cut = False
        page.evaluate("dispatchEvent(new Event('online'))")


@dataclass(frozen=True, kw_only=True)
class Site:
    """The product, served on a free port to a signed-in learner with new cards."""

    app: Flask
    cookie: str
    """Of the learner's sign-in."""
    other_cookie: str
    """Of somebody else's."""
    sessions: sessionmaker[Session]
    line: Line


def build(settings: Settings) -> Site:
    """An application with a learner who is signed in and has CARDS new cards."""
    app = quick_app(settings)
    sessions = sessionmaker(create_engine_for(settings.database_url))
    with sessions() as db:
        learner = accounts.add_user(db, name="Ada", role=Role.LEARNER, now=clock.now())
        learner.password_hash = CHEAP_PASSWORDS.hash(PASSWORD)
        other = accounts.add_user(db, name="Bob", role=Role.LEARNER, now=clock.now())
        life = timedelta(hours=1)
        tokens = [accounts.sign_in(db, user=user, life=life, now=clock.now()) for user in (learner, other)]
        db.add_all(_question(number) for number in range(1, CARDS + 1))
        db.flush()
        service.add_cards(db, user=learner, question_ids=db.scalars(select(Question.id)), now=clock.now())
        db.commit()
    cookie, other_cookie = (_cookie(app, token) for token in tokens)
    return Site(app=app, cookie=cookie, other_cookie=other_cookie, sessions=sessions, line=Line(app))


def _cookie(app: Flask, token: str) -> str:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    kept = client.get_cookie("quizapp")
    assert kept
    return kept.value


def _question(number: int) -> Question:
    return Question(
        key=f"prompt-{number}",
        kind=QuestionKind.FLASHCARD,
        position=number,
        prompt=f"Prompt {number}?",
        answer=f"Answer {number}.",
        fingerprint="0" * 64,
        updated_at=clock.now(),
    )


def log(sessions: sessionmaker[Session]) -> list[ReviewLog]:
    """All reviews, in order."""
    with sessions() as db:
        return list(db.scalars(select(ReviewLog).order_by(ReviewLog.reviewed_at)))


def all_is_sent(page: Page) -> None:
    """Wait until the server has everything: the next card is shown while a rating is still on its way."""
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('outbox.'))")


def expect_card(page: Page, number: int) -> None:
    """Wait until a card is shown, without its answer."""
    expect(page.get_by_text(f"Prompt {number}?")).to_be_visible()
    expect(
        page.get_by_text("Answer", exact=False).locator("visible=true").get_by_text(f"Answer {number}.")
    ).to_have_count(0)


def rate_good(page: Page) -> None:
    """Show the answer and rate it Good."""
    page.get_by_role("link", name="Show the answer").click()
    page.get_by_role("button", name="Good").click()


def refuse_ratings(page: Page, answer: Callable[[Route], None]) -> None:
    """Let something else answer ratings than the product."""
    page.route("**/review", lambda route: answer(route) if route.request.method == "POST" else route.continue_())
