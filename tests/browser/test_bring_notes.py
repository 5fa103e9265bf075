"""A new learner in a browser: from a note found anywhere to its first review, and no text lost on the way."""

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role
from quizapp.db import create_engine_for
from quizapp.review.models import ReviewLog
from quizapp.settings import Settings
from tests.browser import axe, pictures
from tests.browser.reviewing import all_is_sent
from tests.conftest import make_settings, quick_app
from tests.serving import served

pytestmark = pytest.mark.browser

PATIENCE_MS = 30_000  # a busy machine
PROMISED_S = 120  # from the pasted note to its first review
FOUND = """\
# DNS in containers

### 1. Which address has the resolver of a user-defined network?

`127.0.0.11`. The engine answers there and passes on what it does not know.

### 2. What can the default bridge not do?

Resolve names of other containers. A network of one's own does:

```sh
docker network create web
```
"""


@pytest.fixture
def page(browser: Browser, migrated_sqlite: Path, tmp_path: Path) -> Iterator[Page]:
    """The browser of a learner who has just signed in for the first time; nothing is to be learnt yet."""
    shutil.copy(migrated_sqlite, tmp_path)
    # In a thread of its own, since Playwright keeps an event loop in this one and Flask's contexts refuse to share it.
    with ThreadPoolExecutor(1) as thread:
        app, cookie = thread.submit(_build, make_settings(tmp_path)).result()
    with served(app) as port:
        context = browser.new_context(base_url=f"http://127.0.0.1:{port}")
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": "quizapp", "value": cookie, "url": f"http://127.0.0.1:{port}"}])
        yield context.new_page()
        context.close()
    app.extensions["engine"].dispose()


def _build(settings: Settings) -> tuple[Flask, str]:
    app = quick_app(settings)
    with Session(app.extensions["engine"]) as db:
        learner = accounts.add_user(db, name="Ada", role=Role.LEARNER, now=clock.now())
        token = accounts.sign_in(db, user=learner, life=timedelta(hours=1), now=clock.now())
        db.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    kept = client.get_cookie("quizapp")
    assert kept is not None
    return app, kept.value


def look(page: Page, name: str) -> None:
    """Keep a picture of the page on a phone and on a desk, and let axe find nothing serious in it."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        pictures.keep(page, f"bring-notes/{name}-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert axe.named(axe.grave_findings(page)) == [], name


def test_from_a_pasted_note_to_its_first_review(page: Page, tmp_path: Path) -> None:
    began = time.monotonic()
    page.goto("/")
    page.get_by_role("link", name="Bring notes").click()
    page.get_by_label("Text of a note").fill(FOUND)
    look(page, "1-paste")
    page.get_by_role("button", name="Show what is understood").click()
    expect(page.get_by_text("2 questions, 2 answered")).to_be_visible()
    expect(page.get_by_text("The engine answers there").first).to_be_visible()
    look(page, "2-preview")
    page.get_by_role("button", name="Import 1 note").click()
    expect(page.get_by_text("Yours alone: nobody else sees it.")).to_be_visible()
    look(page, "3-note")
    page.get_by_role("button", name="Review these now").click()
    page.locator("[data-show]").click()
    look(page, "4-review")
    page.get_by_role("button", name="Good").click()
    expect(page.locator("[data-show]")).to_be_visible()
    all_is_sent(page)
    assert time.monotonic() - began < PROMISED_S
    engine = create_engine_for(f"sqlite:///{tmp_path / 'quizapp.sqlite3'}")
    with Session(engine) as db:
        assert db.scalar(select(func.count()).select_from(ReviewLog)) == 1
    engine.dispose()


def test_a_text_outlasts_back_and_a_lost_sign_in_until_it_is_imported(page: Page) -> None:
    page.goto("/content/import")
    page.get_by_label("Text of a note").fill(FOUND)
    page.get_by_role("button", name="Show what is understood").click()
    page.wait_for_load_state()
    page.go_back()
    expect(page.get_by_label("Text of a note")).to_have_value(FOUND)
    (kept,) = (cookie for cookie in page.context.cookies() if cookie["name"] == "quizapp")
    page.context.clear_cookies(name="quizapp")
    page.get_by_role("button", name="Show what is understood").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Bring notes")
    page.context.clear_cookies()
    page.context.add_cookies([kept])  # type: ignore[list-item]
    page.goto("/content/import")
    expect(page.get_by_label("Text of a note")).to_have_value(FOUND)
    expect(page.get_by_text("The text that you had here before is back.")).to_be_visible()
    page.get_by_role("button", name="Show what is understood").click()
    page.get_by_role("button", name="Import 1 note").click()
    expect(page.get_by_text("Yours alone: nobody else sees it.")).to_be_visible()
    page.goto("/content/import")
    expect(page.get_by_label("Text of a note")).to_have_value("")


def test_a_large_note_tells_how_much_has_arrived_and_can_be_stopped(page: Page) -> None:
    page.goto("/content/import")
    paragraphs = "".join(f"Paragraph {number} says something about names. {'x ' * 400}\n\n" for number in range(700))
    note = {"name": "dns.md", "mimeType": "text/markdown", "buffer": f"{FOUND}\n{paragraphs}".encode()}
    page.get_by_label("Files").set_input_files(note)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 100_000}
    line.send("Network.emulateNetworkConditions", slow)
    show = page.get_by_role("button", name="Show what is understood")
    show.focus()
    page.keyboard.press("Enter")
    bar = page.get_by_role("progressbar", name="What has arrived")
    expect(page.get_by_text("MiB have arrived.")).to_be_visible()
    assert 0 < bar.evaluate("bar => bar.value") < 100
    look(page, "5-sending")
    page.keyboard.press("Enter")  # the focus is on the button that stops
    expect(page.get_by_text("Stopped. Nothing was read or stored")).to_be_visible()
    expect(show).to_be_focused()
    line.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What was understood")).to_be_focused()
    expect(page.get_by_text("2 questions, 2 answered")).to_be_visible()
    page.get_by_role("button", name="Import 1 note").click()
    expect(page.get_by_text("Yours alone: nobody else sees it.")).to_be_visible()
