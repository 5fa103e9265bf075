"""How often a lab page asks the server how its host is, counted in a browser. The sandboxes are fakes."""

import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, WebSocketRoute, expect
from sqlalchemy.orm import sessionmaker

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role
from quizapp.db import create_engine_for
from quizapp.labs import wiring
from quizapp.sandboxes import fake
from quizapp.sandboxes.client import Sandbox
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.settings import Settings
from tests.conftest import make_settings, quick_app
from tests.lab_builders import add_lab, set_right
from tests.serving import served

pytestmark = pytest.mark.browser

NEVER = 1_000_000  # calls until a fake host is ready: more than a test makes
WATCHED_MS = 2_000
# From an answer to the next request, as in assets/js/core/host.js.
STARTING_MS, RUN_OUT_MS, READY_MS = 500, 1_000, 15_000
SLOW_S = 0.2  # for each answer: long enough for something to happen while it is awaited
GREETING = '{"open": {"terminal": "t1", "start": 0, "seen": 0, "truncated": false}}'
ERROR_PAGE = '<main id="main"><h1>Not now</h1></main>'


class SlowSandboxes(FakeSandboxClient):
    """Sandboxes whose state takes `SLOW_S` to be told."""

    def get(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.get."""
        time.sleep(SLOW_S)
        return super().get(sandbox_id)


@dataclass(frozen=True, kw_only=True)
class Site:
    """The product with a lab in it, and the cookie of a learner who is signed in."""

    app: Flask
    cookie: str
    sandboxes: SlowSandboxes


@pytest.fixture
def site(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Site]:
    shutil.copy(migrated_sqlite, tmp_path)
    # In a thread of its own, since Playwright keeps an event loop in this one and Flask's contexts refuse to share it.
    with ThreadPoolExecutor(1) as thread:
        site = thread.submit(_build, make_settings(tmp_path).model_copy(update={"engine": ""})).result()
    yield site
    site.app.extensions["engine"].dispose()


def _build(settings: Settings) -> Site:
    app = quick_app(settings)
    sandboxes = SlowSandboxes(now=clock.now)
    set_right(sandboxes)
    wiring.init_app(app, settings, sandboxes=sandboxes, workshop=lambda: nullcontext(sandboxes))
    engine = create_engine_for(settings.database_url)
    with sessionmaker(engine)() as db:
        learner = accounts.add_user(db, name="Ada", role=Role.LEARNER, now=clock.now())
        token = accounts.sign_in(db, user=learner, life=timedelta(hours=1), now=clock.now())
        add_lab(db)
        db.commit()
    engine.dispose()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    kept = client.get_cookie("quizapp")
    assert kept
    return Site(app=app, cookie=kept.value, sandboxes=sandboxes)


@pytest.fixture
def terminals() -> list[WebSocketRoute]:
    """The terminals' connections that are open."""
    return []


@pytest.fixture
def page(browser: Browser, site: Site, terminals: list[WebSocketRoute]) -> Iterator[Page]:
    """The learner's page of a lab whose prediction is made, with terminals that only greet; no script fails."""

    def greet(socket: WebSocketRoute) -> None:
        terminals.append(socket)
        socket.on_close(lambda _code, _reason: terminals.remove(socket))
        socket.send(GREETING)

    with served(site.app) as port:
        address = f"http://127.0.0.1:{port}"
        context = browser.new_context(base_url=address)
        context.add_cookies([{"name": "quizapp", "value": site.cookie, "url": address}])
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.route_web_socket("**/terminal?*", greet)
        page.goto("/labs/two-ports")
        page.get_by_label("It answers on").fill("80")
        page.get_by_label("b", exact=True).check()
        page.get_by_role("button", name="Commit prediction").click()
        yield page
        context.close()
    assert faults == []


def start(page: Page) -> None:
    """Have a host started, and be on its page."""
    page.get_by_role("button", name="Start your host").click()
    expect(page.locator("#host-live")).to_be_attached()


def start_and_wait(page: Page) -> None:
    """Have a host started, and wait until its terminal is connected."""
    start(page)
    expect(page.locator(".terminal-state")).to_have_text("connected")


def questions(page: Page, begin: Callable[[], object] = lambda: None) -> int:
    """How often the page asks how its host is, in `WATCHED_MS` from what `begin` does."""
    asked: list[Request] = []

    def note(request: Request) -> None:
        if request.method == "GET" and request.url.endswith("/host"):
            asked.append(request)

    page.on("request", note)
    begin()
    page.wait_for_timeout(WATCHED_MS)
    page.remove_listener("request", note)
    return len(asked)


def happen(page: Page, event: str, *, times: int) -> None:
    """An event of the document, time and again, also while an answer is awaited."""
    for _ in range(times):
        page.evaluate("event => document.dispatchEvent(new Event(event))", event)
        page.wait_for_timeout(40)


def test_whatever_happens_one_loop_asks_about_a_host_that_starts(page: Page, site: Site) -> None:
    site.sandboxes._polls_to_ready = NEVER
    start(page)
    alone = questions(page)
    for event in ("visibilitychange", "timer:end", "host-ended"):
        happen(page, event, times=5)
    assert 2 <= alone <= WATCHED_MS / STARTING_MS
    assert 2 <= questions(page) <= WATCHED_MS / STARTING_MS


def test_swaps_and_checks_begin_no_further_loop(page: Page) -> None:
    page.clock.install()
    start_and_wait(page)
    for _ in range(3):
        page.get_by_role("button", name="Extend").click()
        happen(page, "visibilitychange", times=3)
        page.get_by_label("The port").fill("1")
        page.get_by_role("button", name="Check", exact=True).click()
        expect(page.locator("#result .verdict")).to_contain_text("You typed 1")
        happen(page, "host-ended", times=3)
    while questions(page):
        pass  # until what the events asked for is answered: only then does the wait for the next question begin
    assert questions(page, lambda: page.clock.fast_forward(READY_MS)) == 1


def test_a_countdown_that_was_drawn_at_its_end_does_not_ask_without_pause(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "LEASE", timedelta(0))
    start_and_wait(page)
    happen(page, "visibilitychange", times=1)
    assert 1 <= questions(page) <= WATCHED_MS / RUN_OUT_MS


def test_a_page_without_its_host_asks_no_more_and_keeps_no_terminal_open(
    page: Page, terminals: list[WebSocketRoute]
) -> None:
    start_and_wait(page)
    page.route("**/check", lambda route: route.fulfill(status=503, body=ERROR_PAGE, content_type="text/html"))
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", name="Not now")).to_be_visible()
    happen(page, "visibilitychange", times=3)
    assert questions(page) == 0
    assert terminals == []


def test_a_server_that_does_not_answer_is_asked_more_and_more_seldom(page: Page, site: Site) -> None:
    site.sandboxes._polls_to_ready = NEVER
    start(page)
    page.route("**/host", lambda route: route.abort())
    status = page.locator("[data-host-status]")
    expect(status).to_contain_text("The server did not answer")
    assert questions(page) <= 2
    page.unroute("**/host")
    happen(page, "visibilitychange", times=1)
    expect(status).to_contain_text("Starting")
