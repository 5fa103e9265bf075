"""The lab editor in a browser, by keyboard alone at 1280 px: faults stand where they are, and nothing typed is lost."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role
from quizapp.catalogue.importing.service import import_content
from quizapp.settings import Settings
from tests.browser import axe, pictures
from tests.browser.test_note_editor import PATIENCE_MS, to_the_text
from tests.conftest import make_settings, quick_app
from tests.integration.catalogue.test_import_labs import LAB, write_lab
from tests.serving import served

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, migrated_sqlite: Path, tmp_path: Path) -> Iterator[Page]:
    """The owner's browser, with one lab; whatever the policy of the site refuses fails the test."""
    shutil.copy(migrated_sqlite, tmp_path)
    # In a thread of its own, since Playwright keeps an event loop in this one and Flask's contexts refuse to share it.
    with ThreadPoolExecutor(1) as thread:
        app, cookie = thread.submit(_build, make_settings(tmp_path), tmp_path / "content").result()
    refused: list[str] = []
    with served(app) as port:
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{port}", viewport={"width": 1280, "height": 900}, service_workers="block"
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": "quizapp", "value": cookie, "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        yield page
        context.close()
    app.extensions["engine"].dispose()
    assert refused == []


def _build(settings: Settings, folder: Path) -> tuple[Flask, str]:
    app = quick_app(settings)
    write_lab(folder, LAB)
    with Session(app.extensions["engine"]) as db:
        owner = accounts.add_user(db, name="Ada", role=Role.OWNER, now=clock.now())
        token = accounts.sign_in(db, user=owner, life=timedelta(hours=1), now=clock.now())
        import_content(db, folder, now=clock.now())
        db.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    kept = client.get_cookie("quizapp")
    assert kept is not None
    return app, kept.value


def shot(page: Page, name: str) -> None:
    pictures.keep(page, f"lab-editor/{name}.png")
    assert axe.named(axe.grave_findings(page)) == []


def test_a_lab_is_written_saved_and_published(page: Page) -> None:
    page.goto("/content/labs")
    shot(page, "list")
    page.get_by_role("link", name="Find it").press("Enter")
    to_the_text(page)
    page.keyboard.press("Control+End")
    page.keyboard.type("hin")
    expect(page.locator(".cm-tooltip-autocomplete").get_by_text("hints")).to_be_visible()
    shot(page, "completion")
    page.keyboard.press("Enter")
    page.keyboard.type("[Look.]\n")
    expect(page.locator("#field-hints")).to_have_value("Look.")
    page.get_by_text("Common fields as a form").press("Enter")
    page.get_by_label("Minutes", exact=True).fill("8")
    page.get_by_label("Minutes", exact=True).press("Tab")
    expect(page.locator(".cm-content")).to_contain_text("minutes: 8")
    to_the_text(page)
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("levl: 2\n")
    expect(page.locator("#typed")).to_contain_text(
        "Line 16, column 1: levl: there is no such field here. Did you mean level?"
    )
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    shot(page, "fault")
    page.reload()
    expect(page.locator(".cm-content")).to_contain_text("levl: 2")
    to_the_text(page)
    page.keyboard.press("Control+End")
    for _ in range(len("levl: 2\n")):
        page.keyboard.press("Backspace")
    page.keyboard.insert_text("# no more to say\n")
    expect(page.locator("#typed")).to_contain_text("It is a lab")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    page.get_by_label("Why it is right all the same").fill("One comment more")
    page.get_by_role("button", name="Publish").press("Enter")
    expect(page.get_by_text("Published: “Find it”.")).to_be_visible()
    page.get_by_role("link", name="History").press("Enter")
    shot(page, "history")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/content/labs/find-it")
    expect(page.locator(".cm-content")).to_be_visible()
    shot(page, "360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
