"""An editor on a phone, by keyboard alone: the list, a question moved and asked otherwise, and what was typed kept."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role, User
from quizapp.catalogue.importing.service import import_content
from quizapp.settings import Settings
from tests.browser import axe, pictures
from tests.browser.reviewing import expect_card, rate_good
from tests.conftest import make_settings, quick_app
from tests.serving import served

pytestmark = pytest.mark.browser

PATIENCE_MS = 30_000  # a busy machine
PHONE: ViewportSize = {"width": 360, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 800}
LOOKS: Sequence[tuple[ViewportSize, Literal["dark", "light"]]] = ((WIDE, "dark"), (PHONE, "light"))
TERMS = """

## 2. Terms

- **Learning bridge:** It keeps which address is behind which port.
- **Switch:** The same in hardware.
"""
NOTE = (
    "---\ntags: [bridges]\n---\n# Day 1: Bridges\n\n## 1. Questions\n\n"
    + "\n".join(
        f"{number}.  **Q: What is the use of bridge number {number}?**\n    *   *A:* It switches."
        for number in range(1, 31)
    )
    + TERMS
)


@pytest.fixture
def page(browser: Browser, migrated_sqlite: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The browser of an editor, at a phone's width; an indirect parameter has more wishes for it."""
    shutil.copy(migrated_sqlite, tmp_path)
    # In a thread of its own, since Playwright keeps an event loop in this one and Flask's contexts refuse to share it.
    with ThreadPoolExecutor(1) as thread:
        app, cookie = thread.submit(_build, make_settings(tmp_path)).result()
    with served(app) as port:
        address = f"http://127.0.0.1:{port}"
        wishes = getattr(request, "param", {})
        context = browser.new_context(base_url=address, viewport=PHONE, reduced_motion="reduce", **wishes)
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": "quizapp", "value": cookie, "url": address}])
        yield context.new_page()
        context.close()
    app.extensions["engine"].dispose()


def _build(settings: Settings) -> tuple[Flask, str]:
    app = quick_app(settings)
    content = settings.content_dir
    assert content is not None
    content.mkdir(parents=True)
    (content / "a.md").write_text(NOTE)
    with app.app_context(), Session(app.extensions["engine"]) as db:
        import_content(db, content, now=clock.now())
        editor = accounts.add_user(db, name="Grace", role=Role.OWNER, now=clock.now())
        token = accounts.sign_in(db, user=editor, life=timedelta(days=1), now=clock.now())
        db.commit()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return app, str(serializer.dumps({TOKEN: token}))


def look_at(page: Page, name: str) -> None:
    """Nothing sticks out of the window, axe finds nothing, and pictures are kept for who wants to look."""
    assert axe.named(axe.findings(page)) == [], name
    for size, scheme in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, name
        pictures.keep(page, f"editing/{name}-{size['width']}-{scheme}.png")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).press("Enter")


def type_into(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.type(text)


@pytest.mark.parametrize("page", [{"has_touch": True, "is_mobile": True}], indirect=True)
@pytest.mark.parametrize("address", ["/content", "/content/concepts"])
def test_a_finger_hits_a_row_of_a_list_and_its_box(page: Page, address: str) -> None:
    page.goto(address)
    first = page.locator(".table-dense tbody tr").first
    wanted = [(first.get_by_role("link"), 35), *((box, 24) for box in first.get_by_role("checkbox").all())]
    for target, least in wanted:
        found = target.bounding_box()
        assert found is not None
        assert found["height"] >= least
        assert found["width"] >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_list_shows_what_it_found_on_a_phone_and_is_walked_by_keyboard(page: Page) -> None:
    page.goto("/content")
    first, focused = page.locator("table[data-rows] tbody tr").first, page.locator("tr:focus-within")
    box = first.bounding_box()
    assert box is not None
    assert box["height"] <= 30
    assert box["y"] < PHONE["height"]  # the filters leave room for what they found
    for key, then in (("j", 1), ("j", 2), ("j", 3), ("k", 2)):
        page.keyboard.press(key)
        expect(focused.locator("th")).to_contain_text(f"bridge number {then}?")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Choose all up to it")
    page.keyboard.press("Escape")
    look_at(page, "list")


def test_a_question_is_made_moved_and_asked_in_another_way_by_keyboard(page: Page) -> None:
    page.goto("/content")
    page.keyboard.press("n")
    page.wait_for_url("**/content/new**")
    look_at(page, "new")
    type_into(page, "Kind", "true")
    type_into(page, "Note", "Brid")
    press(page, "Go on")
    type_into(page, "Question", "A bridge switches.")
    page.get_by_label("What is right").focus()
    page.keyboard.type("true")
    look_at(page, "new-filled")
    press(page, "Publish")
    expect(page.get_by_text("The new question is published. Learners see it.")).to_be_visible()
    look_at(page, "editor")
    page.get_by_text("Publish, move, duplicate, retire").press("Enter")
    look_at(page, "editor-more")
    page.get_by_role("link", name="Move…").press("Enter")
    page.get_by_label("Section or concept of “Bridges”").press("ArrowDown")
    look_at(page, "move")
    press(page, "Move it here")
    expect(page.get_by_text("Moved. What was learnt of it stays.")).to_be_visible()
    page.get_by_text("Publish, move, duplicate, retire").press("Enter")
    page.get_by_role("link", name="Change its kind…").press("Enter")
    page.get_by_label("In your own words.").press("Space")
    look_at(page, "kind")
    press(page, "Change its kind")
    page.get_by_role("link", name="edits so far").press("Enter")
    look_at(page, "history")
    page.goto("/content/trail")
    look_at(page, "trail")


def test_what_an_editor_sends_while_signed_out_is_there_after_the_sign_in(page: Page) -> None:
    page.goto("/content/new?kind=open")
    back = page.get_by_text("What you typed here before and did not save is back.")
    type_into(page, "Question", "What is kept?")
    signed_in = page.context.cookies()
    page.context.clear_cookies()
    press(page, "Save as a draft")
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
    page.context.clear_cookies()
    page.context.add_cookies([{**one} for one in signed_in])  # type: ignore[typeddict-item]
    page.goto("/content/new?kind=open")
    expect(back).to_be_visible()
    expect(page.get_by_label("Question", exact=True)).to_have_value("What is kept?")
    press(page, "Save as a draft")
    expect(page.get_by_text("Learners do not see it.")).to_be_visible()
    address = page.url
    type_into(page, "Answer", "A text.")
    other = page.context.new_page()  # what is saved there meanwhile is put together with what was typed here
    other.goto(address)
    type_into(other, "Hints", "Look.")
    press(other, "Save")
    expect(other.get_by_text("Saved: Hints.")).to_be_visible()
    other.close()
    page.goto(address)
    expect(page.get_by_label("Answer", exact=True)).to_have_value("A text.")
    expect(page.get_by_label("Hints", exact=True)).to_have_value("")
    press(page, "Take the saved text")
    expect(page.get_by_label("Hints", exact=True)).to_have_value("Look.")
    expect(back).to_be_hidden()
    expect(page.get_by_label("Answer", exact=True)).to_have_value("")
    page.goto("/content/new?kind=open")
    expect(page.get_by_label("Question", exact=True)).to_have_value("")


def test_an_edit_in_a_review_leads_back_to_its_card_also_by_way_of_its_kinds(
    open_review: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    with sessions() as db:
        db.execute(update(User).values(role=Role.EDITOR))
        db.commit()
    page = open_review(viewport=PHONE)
    rate_good(page)
    expect_card(page, 2)
    page.keyboard.press("e")
    page.wait_for_url("**/content/questions/prompt-2**")
    page.get_by_text("Publish, move, duplicate, retire").press("Enter")
    page.get_by_role("link", name="Change its kind…").press("Enter")
    page.get_by_role("link", name="Back to the editor").press("Enter")
    type_into(page, "Tags", "bridge")
    press(page, "Save")
    page.wait_for_url("**/review?**")
    expect_card(page, 2)


def test_a_concept_and_a_tag_are_changed_and_taken_back_by_keyboard(page: Page) -> None:
    page.goto("/content/concepts")
    look_at(page, "concepts")
    page.get_by_role("link", name="Learning bridge", exact=True).press("Enter")
    page.get_by_label("Name", exact=True).fill("Transparent bridge")
    expect(page.locator("#preview h3")).to_have_text("Transparent bridge")
    press(page, "Save")
    expect(page.get_by_text("Saved. Learners see it now, on the note's page too.")).to_be_visible()
    page.get_by_text("Move, merge, duplicate, retire").press("Enter")
    look_at(page, "concept")
    page.get_by_role("link", name="Merge…").press("Enter")
    press(page, "Show both")
    look_at(page, "concept-merge")
    page.get_by_role("link", name="Back to the concept").press("Enter")
    press(page, "Undo it")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Learning bridge")
    page.goto("/content/concepts/new?note=" + page.url.rpartition("/")[2])
    look_at(page, "concept-new")
    page.goto("/content/tags")
    page.get_by_label("Another name for bridges").fill("switching")
    press(page, "Rename bridges")
    expect(page.get_by_role("rowheader", name="switching")).to_be_visible()
    look_at(page, "tags")


def test_what_is_refused_leads_back_to_its_page(page: Page) -> None:
    page.goto("/content")
    page.locator("table[data-rows] th a").first.press("Enter")
    page.get_by_role("link", name="Comments", exact=True).last.press("Enter")
    page.get_by_label("To the other editors").fill("   ")
    press(page, "Send")
    expect(page.get_by_text("Write something first.")).to_be_visible()
    page.get_by_role("link", name="Back to the page").press("Enter")
    expect(page.get_by_label("To the other editors")).to_be_visible()
