"""A learner with new cards whose review page is open in a browser, and what the tests of that page have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

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

CARDS = 3
PASSWORD = "a password of her own"


@dataclass(frozen=True, kw_only=True)
class Site:
    """The product, served on a free port to a signed-in learner with new cards."""

    app: Flask
    cookie: str
    """Of the learner's sign-in."""
    other_cookie: str
    """Of somebody else's."""
    sessions: sessionmaker[Session]


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
    return Site(app=app, cookie=cookie, other_cookie=other_cookie, sessions=sessions)


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
