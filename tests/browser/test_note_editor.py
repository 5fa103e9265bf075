"""The note editor in a browser, by keyboard alone at 768 px: nothing that is typed is lost."""

import shutil
from base64 import b64decode, b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role
from quizapp.catalogue.importing.reading import read_sent
from quizapp.catalogue.importing.sent_notes import SentNote
from quizapp.catalogue.importing.service import import_sent
from quizapp.settings import Settings
from tests.browser import axe, pictures
from tests.conftest import make_settings, quick_app
from tests.serving import served

pytestmark = pytest.mark.browser

PATIENCE_MS = 30_000  # a busy machine
TABS_MAX = 40  # of the page's head, before the editor
NOTE = """\
---
id: n-ports
---
# Ports

## Questions
1.  **Q: What does `-p 80:8080` publish?**
    *   *A:* Port 8080 of the container.
"""
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGNoUFDAihiGlgQA2dYwAYiM7QwAAAAASUVORK5CYII="
ADDED = "2.  **Q: What does `-P` publish?**\n*   *A:* Every exposed port."  # the editor goes on with the list's indent


@pytest.fixture
def page(browser: Browser, migrated_sqlite: Path, tmp_path: Path) -> Iterator[Page]:
    """An editor's browser, with one note; whatever the policy of the site refuses fails the test."""
    shutil.copy(migrated_sqlite, tmp_path)
    # In a thread of its own, since Playwright keeps an event loop in this one and Flask's contexts refuse to share it.
    with ThreadPoolExecutor(1) as thread:
        app, cookie = thread.submit(_build, make_settings(tmp_path)).result()
    refused: list[str] = []
    with served(app) as port:
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{port}", viewport={"width": 768, "height": 900}, service_workers="block"
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": "quizapp", "value": cookie, "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        page.on("console", lambda message: refused.append(message.text) if is_of_policy(message) else None)
        yield page
        context.close()
    app.extensions["engine"].dispose()
    assert refused == []


def is_of_policy(message: ConsoleMessage) -> bool:
    """Whether it says more than that a request was refused, as some are on purpose."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


def _build(settings: Settings) -> tuple[Flask, str]:
    app = quick_app(settings)
    with Session(app.extensions["engine"]) as db:
        editor = accounts.add_user(db, name="Ada", role=Role.EDITOR, now=clock.now())
        token = accounts.sign_in(db, user=editor, life=timedelta(hours=1), now=clock.now())
        import_sent(db, read_sent([SentNote(path="browser:ports", data=NOTE.encode())]), now=clock.now())
        db.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    kept = client.get_cookie("quizapp")
    assert kept is not None
    return app, kept.value


def to_the_text(page: Page) -> None:
    """Go into the text with the Tab key."""
    expect(page.locator(".cm-content")).to_be_visible()
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('cm-content')"):
            return
    raise AssertionError("the Tab key does not lead into the text")


def test_a_note_is_changed_and_saved_by_keyboard_beside_the_learners_view(page: Page) -> None:
    page.goto("/notes/n-ports")
    page.keyboard.press("e")
    to_the_text(page)
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(ADDED)
    view = page.locator("#typed")
    expect(view.get_by_text("What does -P publish?")).to_be_visible()
    expect(page.locator(".cm-uses").get_by_text("question")).to_have_count(2)
    source, beside = page.locator(".cm-editor").bounding_box(), view.bounding_box()
    assert source is not None
    assert beside is not None
    assert source["x"] + source["width"] <= beside["x"], "side by side"
    page.keyboard.press("Control+f")
    page.keyboard.type("8080")  # the field searches at the end of each press
    expect(page.locator(".cm-searchMatch")).to_have_count(2)
    page.keyboard.press("Escape")
    pictures.keep(page, "note-editor/768.png")
    assert axe.named(axe.grave_findings(page)) == []
    page.keyboard.press("Control+s")
    expect(page.get_by_text("1 question as before, 1 new.")).to_be_visible()
    expect(page.locator("#changes"), "it is below the text, and asked for").to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Saved: “Ports”.")).to_be_visible()
    page.goto("/notes/n-ports")
    expect(page.locator("#article summary").get_by_text("What does -P publish?")).to_be_visible()


def test_what_was_typed_is_there_again_after_the_page_was_left(page: Page) -> None:
    page.goto("/content/notes/n-ports")
    to_the_text(page)
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("Typed and not saved.")
    page.goto("/notes")
    page.goto("/content/notes/n-ports")
    expect(page.locator(".cm-content")).to_contain_text("Typed and not saved.")
    page.get_by_role("button", name="Take the saved text").press("Enter")
    expect(page.locator(".cm-content")).not_to_contain_text("Typed and not saved.")
    page.keyboard.press("Control+z")
    expect(page.locator(".cm-content")).to_contain_text("Typed and not saved.")


def test_lines_that_two_have_changed_are_told_again_by_a_page_that_is_opened_later(page: Page) -> None:
    """Who leaves the page of a conflict and comes back has their text, and does not save it over the other's unseen."""
    other = page.context.new_page()
    for tab, typed in ((page, "Port 9090 of it."), (other, "Port 7070 of it.")):
        tab.goto("/content/notes/n-ports")
        to_the_text(tab)
        tab.keyboard.press("Control+End")
        tab.keyboard.insert_text(typed)
    page.keyboard.press("Control+s")
    expect(page.locator("#changes")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Saved: “Ports”.")).to_be_visible()
    conflict = other.get_by_role("heading", name="Changed in the meantime")
    other.keyboard.press("Control+s")
    expect(conflict).to_be_visible()
    other.goto("/notes")
    other.goto("/content/notes/n-ports")
    expect(other.locator(".cm-content")).to_contain_text("Port 7070 of it.")
    expect(conflict).to_have_count(0)
    other.get_by_role("button", name="Save…").press("Enter")
    expect(conflict).to_be_visible()
    expect(other.get_by_label("Where the two differ")).to_contain_text("Port 9090 of it.")
    other.close()


def test_another_device_offers_what_was_typed_and_takes_it_as_a_change_that_can_be_undone(page: Page) -> None:
    page.goto("/content/notes/n-ports")
    to_the_text(page)
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("Typed on the train.")
    expect(page.get_by_text("Kept in this browser and for your other devices.")).to_be_visible()
    page.goto("/notes")
    page.evaluate("localStorage.clear()")  # which makes another device of it
    page.goto("/content/notes/n-ports")
    expect(page.get_by_text("on another device")).to_be_visible()
    expect(page.locator(".cm-content")).not_to_contain_text("Typed on the train.")
    pictures.keep(page, "note-editor/draft-offered.png")
    page.get_by_role("button", name="Take it").press("Enter")
    expect(page.locator(".cm-content")).to_contain_text("Typed on the train.")
    page.keyboard.press("Control+z")
    expect(page.locator(".cm-content")).not_to_contain_text("Typed on the train.")


def test_the_view_of_a_question_follows_what_is_typed_too(page: Page) -> None:
    page.goto("/content")
    page.get_by_role("link", name="What does -p 80:8080 publish?").press("Enter")
    page.wait_for_url("**/content/questions/*")  # with its scripts, which follow what is typed
    page.get_by_label("Question").fill("What does `-p 81:8080` publish?")
    expect(page.locator("#preview").get_by_text("What does -p 81:8080 publish?")).to_be_visible()


def test_the_margin_takes_less_than_a_third_of_the_source_and_cuts_no_word_of_a_question(page: Page) -> None:
    page.goto("/content/notes/n-ports")
    expect(page.locator(".cm-uses").get_by_text("question")).to_be_visible()
    margin, source = page.locator(".cm-gutters").bounding_box(), page.locator(".cm-editor").bounding_box()
    assert margin is not None
    assert source is not None
    assert margin["width"] < source["width"] / 3
    cut = page.locator(".cm-uses .cm-gutterElement").evaluate_all(
        "all => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
    )
    assert cut == ["front matter"]
    assert page.locator(".cm-uses").get_by_text("front matter").get_attribute("title") == "front matter"


def test_on_a_phone_the_source_and_the_view_are_tabs(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/content/notes/n-ports")
    expect(page.locator(".cm-content")).to_be_visible()
    expect(page.locator("#typed")).to_be_hidden()
    page.get_by_role("radio", name="Source").press("ArrowRight")
    expect(page.locator("#typed")).to_be_visible()
    expect(page.locator(".cm-content")).to_be_hidden()
    pictures.keep(page, "note-editor/360.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_question_has_its_view_beside_it_too_and_on_a_phone_in_a_tab(page: Page) -> None:
    page.goto("/content/new?kind=open&note=n-ports")
    source, view = page.locator(".editor-source"), page.locator(".editor-view")
    left, right = source.bounding_box(), view.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"], "side by side"
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_label("Question", exact=True).fill("Which port is the host's?")
    expect(view).to_be_hidden()
    page.get_by_role("radio", name="Source").press("ArrowRight")
    expect(view.get_by_text("Which port is the host's?")).to_be_visible()
    expect(source).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_picture_is_put_in_by_paste_drop_and_choice_and_a_failed_one_costs_no_text(page: Page) -> None:
    page.goto("/content/notes/n-ports")
    to_the_text(page)
    page.keyboard.press("Control+End")
    page.keyboard.type("\n\n")
    bring(page, ".cm-content", "paste")
    expect(page.locator(".cm-content")).to_contain_text("![What the picture shows](pictures/")
    page.keyboard.type("Two ports")  # over the text that stands there to be filled in
    expect(page.locator("#typed").get_by_role("img", name="Two ports")).to_be_visible()
    page.route("**/content/pictures", lambda route: route.abort())
    bring(page, ".cm-content", "drop")
    expect(page.get_by_text("Your text is kept as it is.")).to_be_visible()
    pictures.keep(page, "note-editor/picture-failed.png")
    assert axe.named(axe.grave_findings(page)) == []
    page.unroute("**/content/pictures")
    page.get_by_role("button", name="Send it again").press("Enter")
    expect(page.locator("#typed").get_by_role("img", name="What the picture shows")).to_be_visible()
    page.goto("/content/new?kind=open&note=n-ports")
    page.get_by_label("Question", exact=True).fill("What is this? ")
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Put a picture in…").press("Enter")
    chosen.value.set_files({"name": "net.png", "mimeType": "image/png", "buffer": b64decode(PNG)})
    expect(page.locator("#preview").get_by_role("img")).to_be_visible()
    bring(page, "#prompt", "drop", kind="image/svg+xml", data=b64encode(b"<svg>").decode())
    expect(page.get_by_text("An SVG file can hold programs")).to_be_visible()
    pictures.keep(page, "note-editor/picture-in-question.png")
    bring(page, "#prompt", "drop")
    expect(page.get_by_text("An SVG file can hold programs")).to_have_count(0)


def test_a_picture_that_is_pasted_where_notes_are_brought_comes_along_as_a_file(page: Page) -> None:
    page.goto("/content/import")
    page.get_by_label("Text of a note").fill(
        "# Nets\n\n![Two hosts](net.png)\n\n## Questions\n1. **Q: Who?**\n   * *A:* Both.\n"
    )
    bring(page, "textarea[name=text]", "paste")
    expect(
        page.get_by_text("Under Files: net.png. A text shows it where it says ![What it shows](net.png).")
    ).to_be_visible()
    page.get_by_role("button", name="Show what is understood").press("Enter")
    expect(page.get_by_text("1 picture", exact=True)).to_be_visible()
    page.get_by_role("button", name="Import 1 note").press("Enter")
    expect(page.get_by_role("img", name="Two hosts")).to_be_visible()


def test_a_comment_says_that_it_takes_no_pictures(page: Page) -> None:
    page.goto("/content/notes/n-ports/comments")
    page.get_by_label("To the other editors").fill("Look at this.")
    bring(page, "textarea[name=words]", "paste")
    expect(page.get_by_text("A comment takes no pictures.")).to_be_visible()
    expect(page.get_by_label("To the other editors")).to_have_value("Look at this.")


def bring(page: Page, into: str, event: str, *, kind: str = "image/png", data: str = "") -> None:
    """Paste or drop a file."""
    page.locator(into).evaluate(
        """(element, [event, kind, data]) => {
            const brought = new DataTransfer();
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            brought.items.add(new File([bytes], "net." + kind.split("/")[1].slice(0, 3), { type: kind }));
            const how = { bubbles: true, cancelable: true };
            element.dispatchEvent(event === "paste"
                ? new ClipboardEvent(event, { ...how, clipboardData: brought })
                : new DragEvent(event, { ...how, dataTransfer: brought }));
        }""",
        [event, kind, data or PNG],
    )
