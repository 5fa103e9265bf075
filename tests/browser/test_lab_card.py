"""A lab of one command, done in its card of the review: by keyboard, by touch, without a line. The hosts are fakes."""

import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.db import create_engine_for
from quizapp.labs import wiring
from quizapp.review import service
from quizapp.review.memory import Rating
from quizapp.review.models import Card, Outcome, ReviewLog
from quizapp.sandboxes.client import EngineOff
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.settings import Settings
from tests.browser import axe, pictures
from tests.browser.reviewing import all_is_sent
from tests.builders import a_question
from tests.conftest import CHEAP_PASSWORDS, make_settings, quick_app
from tests.lab_builders import add_lab
from tests.serving import served
from tests.web.study.hands_on.command_hosts import ONE_LINE, RIGHT, answers, let_differ, live

pytestmark = pytest.mark.browser

WRONG = "docker run -d -P nginx"
PASSWORD = "a password of her own"
PATIENCE_S = 30.0  # a busy machine
SIZES = [(360, 740), (740, 360), (1280, 900)]


@dataclass(frozen=True, kw_only=True)
class Site:
    """The product with a flashcard, the card of a lab and another flashcard, new and in this order."""

    app: Flask
    cookie: str
    sandboxes: FakeSandboxClient
    sessions: sessionmaker[Session]


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Site]:
    shutil.copy(migrated_sqlite, tmp_path)
    # In a thread of its own, since Playwright keeps an event loop in this one and Flask's contexts refuse to share it.
    with ThreadPoolExecutor(1) as thread:
        site = thread.submit(_build, make_settings(tmp_path).model_copy(update={"engine": ""})).result()
    yield site
    site.sessions.kw["bind"].dispose()
    site.app.extensions["engine"].dispose()


def _build(settings: Settings) -> Site:
    app = quick_app(settings)
    sandboxes = FakeSandboxClient(now=clock.now)
    let_differ(sandboxes, WRONG)
    wiring.init_app(app, settings, sandboxes=sandboxes, workshop=lambda: nullcontext(sandboxes))
    sessions = sessionmaker(create_engine_for(settings.database_url))
    with sessions() as db:
        learner = accounts.add_user(db, name="Ada", role=Role.LEARNER, now=clock.now())
        learner.password_hash = CHEAP_PASSWORDS.hash(PASSWORD)
        token = accounts.sign_in(db, user=learner, life=timedelta(hours=1), now=clock.now())
        first, last = (a_question(db, QuestionKind.FLASHCARD) for _ in range(2))
        first.prompt, last.prompt = "A?", "Z?"
        lab = add_lab(db, **ONE_LINE)
        db.flush()
        for question_id in (first.id, lab.question_id, last.id):
            service.add_cards(db, user=learner, question_ids=[question_id], now=clock.now())
        db.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    kept = client.get_cookie("quizapp")
    assert kept
    return Site(app=app, cookie=kept.value, sandboxes=sandboxes, sessions=sessions)


@pytest.fixture
def open_review(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens the review page in a browser of its own, signed in; arguments go to the browser's context."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_(**wishes: object) -> Page:
        # Beside a service worker, `set_offline` is not sure: see `reviewing.Line`.
        context = browser.new_context(base_url=address, **{"service_workers": "block", **wishes})  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_S * 1000)
        contexts.append(context)
        context.add_cookies([{"name": "quizapp", "value": site.cookie, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto("/review")
        return page

    with served(site.app) as port:
        address = f"http://127.0.0.1:{port}"
        yield open_
        for context in contexts:
            context.close()
    assert faults == []


@pytest.fixture(scope="module", autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE_S * 1000)


def eventually(is_so: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.02)


def log(site: Site) -> list[tuple[Rating, Outcome]]:
    with site.sessions() as db:
        logged = db.scalars(select(ReviewLog).order_by(ReviewLog.reviewed_at)).all()
        return [(each.rating, each.outcome) for each in logged]


def to_the_lab(page: Page, site: Site) -> None:
    """Have the lab's hosts begun by the card before, rate that one, and be on the lab's card."""
    eventually(lambda: len(live(site.sandboxes)) == 2, "hosts are begun while the card before is shown")
    expect(page.get_by_text("A?")).to_be_visible()
    page.keyboard.press("Space")
    page.keyboard.press("3")
    expect(page.get_by_label("Your command")).to_be_visible()
    all_is_sent(page)


def test_by_keyboard_alone(open_review: Callable[..., Page], site: Site) -> None:
    page = open_review()
    to_the_lab(page, site)
    page.evaluate("window.stays = true")
    field = page.get_by_label("Your command")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.type(WRONG)
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_contain_text("They differ.")
    expect(page.get_by_text("own shop network", exact=False)).to_be_visible()
    expect(page.locator("[data-proof-said]")).to_contain_text("Not yet")
    expect(field).to_be_focused()
    expect(field).to_have_value(WRONG)
    site.sandboxes.answers = answers(RIGHT)
    page.keyboard.press("Control+a")
    page.keyboard.type(RIGHT)
    page.keyboard.press("Enter")
    verdict = page.locator(".verdict-pass")
    expect(verdict).to_contain_text("Hard: it comes back")
    expect(verdict).to_be_focused()
    assert [rating for rating, _ in log(site)] == [Rating.GOOD, Rating.HARD]
    page.keyboard.press("Space")
    expect(page.get_by_text("Z?")).to_be_visible()
    assert page.evaluate("window.stays"), "it was one page all the time"
    expect(page.locator('[data-pile="new"] dd')).to_have_text("1")


def test_undo_takes_it_back_and_the_card_is_there_again(open_review: Callable[..., Page], site: Site) -> None:
    page = open_review()
    to_the_lab(page, site)
    site.sandboxes.answers = answers(RIGHT)
    page.get_by_label("Your command").fill(RIGHT)
    page.get_by_role("button", name="Run and compare").click()
    expect(page.locator(".verdict-pass")).to_contain_text("Good: it comes back")
    page.keyboard.press("u")
    expect(page.get_by_text("Undone: Good.")).to_be_visible()
    expect(page.get_by_label("Your command")).to_have_value("")
    all_is_sent(page)
    assert log(site)[-1] == (Rating.GOOD, Outcome.UNDONE)


@pytest.mark.parametrize("way", ["command", "solution"])
def test_that_a_card_is_to_be_rated_again_is_said_until_it_is_worked_on(
    open_review: Callable[..., Page], site: Site, way: str
) -> None:
    page = open_review()
    to_the_lab(page, site)
    site.sandboxes.answers = answers(RIGHT)
    page.get_by_label("Your command").fill(RIGHT)
    page.get_by_role("button", name="Run and compare").click()
    expect(page.locator(".verdict-pass")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("Rate the card again.")).to_be_visible()
    if way == "command":
        let_differ(site.sandboxes, WRONG)
        page.get_by_label("Your command").fill(WRONG)
        page.get_by_role("button", name="Run and compare").click()
    else:
        page.get_by_text("Solution", exact=True).click()
        page.get_by_role("button", name="Show the solution").click()
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.get_by_text("Rate the card again.")).to_have_count(0)


def test_without_a_line_the_command_stays_and_the_card_waits(open_review: Callable[..., Page], site: Site) -> None:
    page = open_review()
    to_the_lab(page, site)
    page.context.set_offline(True)
    field = page.get_by_label("Your command")
    field.fill(RIGHT)
    field.press("Enter")
    expect(page.get_by_text("The server did not answer.").locator("visible=true").last).to_be_visible()
    expect(field).to_have_value(RIGHT)
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_text("Z?")).to_be_visible()
    assert [rating for rating, _ in log(site)] == [Rating.GOOD]


def test_without_the_task_the_card_says_so_and_gets_it_once_there_is_a_line(
    open_review: Callable[..., Page], site: Site
) -> None:
    page = open_review(viewport={"width": 360, "height": 740})
    to_the_lab(page, site)
    page.route("**/labs/one-line/card", lambda route: route.abort())
    page.goto("/review")
    expect(page.get_by_text("There is no connection to the server")).to_be_visible()
    expect(page.get_by_role("link", name="Later")).to_be_visible()
    look(page, "no-task-360x740-light", 360)
    page.unroute_all(behavior="wait")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_label("Your command")).to_be_visible()


def test_a_bigger_lab_is_opened_from_its_card(open_review: Callable[..., Page], site: Site) -> None:
    """Also one that comes after a card, when the script of labs of one command is there."""
    with site.sessions() as db:
        bigger, learner = add_lab(db), accounts.user_by_name(db, name="Ada")
        db.flush()
        service.add_cards(db, user=learner, question_ids=[bigger.question_id], now=clock.now())
        labs = select(Question.id).where(Question.kind == QuestionKind.LAB)
        db.execute(delete(Card).where(Card.question_id.not_in(labs)))
        db.commit()
    page = open_review()
    expect(page.get_by_label("Your command")).to_be_visible()
    expect(page.get_by_role("link", name="Do the lab")).to_be_hidden()
    page.get_by_role("link", name="Later").click()
    page.get_by_role("link", name="Do the lab").click()
    expect(page).to_have_url(re.compile("/labs/two-ports"))


def test_without_hosts_it_says_why_and_hosts_that_start_are_waited_for(
    open_review: Callable[..., Page], site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_review(viewport={"width": 360, "height": 740})
    to_the_lab(page, site)
    site.sandboxes.fault = EngineOff("No engine answers.", retry_after_s=9)
    field = page.get_by_label("Your command")
    field.fill(RIGHT)
    field.press("Enter")
    expect(page.locator(".notice")).to_contain_text("No engine answers. You can go on with the next card")
    expect(field).to_have_value(RIGHT)
    look(page, "no-hosts-360x740-light", 360)
    site.sandboxes.fault = None
    site.sandboxes.answers = answers(RIGHT)
    monkeypatch.setattr(site.sandboxes, "_polls_to_ready", 1000)
    for sandbox_id in live(site.sandboxes):
        site.sandboxes.end(sandbox_id)
    field.press("Enter")
    expect(page.locator("[data-proof]")).to_contain_text("Your command: Starting")
    look(page, "waiting-360x740-light", 360)
    monkeypatch.setattr(site.sandboxes, "_polls_to_ready", 1)
    expect(page.locator(".verdict-pass")).to_contain_text("Good: it comes back")


def test_the_result_is_read_out_and_not_that_the_next_hosts_are_queued(
    open_review: Callable[..., Page], site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_review()
    to_the_lab(page, site)
    let_differ(site.sandboxes, WRONG)
    monkeypatch.setattr(site.sandboxes, "_most", 0)
    page.get_by_label("Your command").fill(WRONG)
    page.keyboard.press("Enter")
    expect(page.locator("[data-proof-next]")).to_contain_text("For your next try: All hosts are taken")
    expect(page.locator("[data-proof-said]")).to_contain_text("They differ.")


def test_without_hosts_one_goes_on_and_the_card_stays_due(open_review: Callable[..., Page], site: Site) -> None:
    page = open_review()
    to_the_lab(page, site)
    site.sandboxes.fault = EngineOff("No engine answers.", retry_after_s=9)
    page.get_by_label("Your command").fill(RIGHT)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Next card").click()
    expect(page.get_by_text("Z?")).to_be_visible()
    expect(page.locator('[data-pile="new"] dd')).to_have_text("2")


def test_signed_out_one_signs_in_on_the_page_and_the_command_goes_on(
    open_review: Callable[..., Page], site: Site
) -> None:
    page = open_review()
    to_the_lab(page, site)
    site.sandboxes.answers = answers(RIGHT)
    page.context.clear_cookies()
    page.get_by_label("Your command").fill(RIGHT)
    page.get_by_label("Your command").press("Enter")
    dialog = page.get_by_role("dialog", name="Sign in again")
    dialog.get_by_label("Name").fill("Ada")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.locator(".verdict-pass")).to_contain_text("Good: it comes back")


def test_hosts_that_no_card_needs_are_ended(open_review: Callable[..., Page], site: Site) -> None:
    page = open_review()
    to_the_lab(page, site)
    page.goto("/notes")
    eventually(lambda: not live(site.sandboxes), "the page was left")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
def test_by_touch_it_fits_and_nothing_serious_is_found(
    open_review: Callable[..., Page], site: Site, size: tuple[int, int], scheme: str
) -> None:
    width, height = size
    page = open_review(viewport={"width": width, "height": height}, color_scheme=scheme, has_touch=True)
    to_the_lab(page, site)
    page.get_by_label("Your command").fill(WRONG)
    page.get_by_role("button", name="Run and compare").tap()
    expect(page.locator(".verdict")).to_contain_text("They differ.")
    look(page, f"differs-{width}x{height}-{scheme}", width, axe.IN_THIS_SCHEME)
    page.get_by_text("Solution", exact=True).tap()
    page.get_by_role("button", name="Show the solution").tap()
    expect(page.locator(".verdict")).to_contain_text(re.compile("Again: it comes back in"))
    look(page, f"solution-{width}x{height}-{scheme}", width, axe.IN_THIS_SCHEME)
    page.get_by_role("link", name="Next card").tap()
    expect(page.get_by_text("Z?")).to_be_visible()


def test_a_quiz_asks_for_a_command_and_begins_its_hosts_with_the_question_before(
    open_review: Callable[..., Page], site: Site
) -> None:
    with site.sessions() as db:
        a_question(db, QuestionKind.OPEN)
        db.commit()
    page = open_review(viewport={"width": 360, "height": 740}, color_scheme="dark")
    eventually(lambda: len(live(site.sandboxes)) == 2, "the card that is coming needs hosts")
    page.goto("/practice?length=2")
    eventually(lambda: not live(site.sandboxes), "the review was left")
    page.get_by_role("button", name="Start").press("Enter")
    eventually(lambda: len(live(site.sandboxes)) == 2, "one of the two questions needs hosts")
    if not page.get_by_label("Your command").is_visible():
        page.keyboard.press("s")
    let_differ(site.sandboxes, WRONG)
    field = page.get_by_label("Your command")
    field.focus()
    page.keyboard.type("docker")
    page.keyboard.press("Shift+Enter")
    page.reload()
    expect(field).to_have_value("docker\n")
    look(page, "quiz-asked-360x740-dark", 360)
    field.fill(WRONG)
    site.sandboxes.fault = EngineOff("No engine answers.", retry_after_s=9)
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("No engine answers. Nothing is lost")
    look(page, "quiz-no-engine-360x740-dark", 360)
    site.sandboxes.fault = None
    page.get_by_role("button", name="Try again").press("Enter")
    expect(page.locator(".verdict-fail")).to_be_visible()
    expect(page.get_by_text("own shop network", exact=False)).to_be_visible()
    look(page, "quiz-differs-360x740-dark", 360)
    eventually(lambda: not live(site.sandboxes), "it has its verdict")


def look(page: Page, name: str, width: int, options: Mapping[str, Any] = axe.VIOLATIONS) -> None:
    """Keep a picture, and let nothing stick out and axe find nothing serious; for options see `axe.findings`."""
    pictures.keep(page, f"lab-card/{name}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe.named(axe.grave_findings(page, options)) == []
