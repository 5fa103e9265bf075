"""A note as the map of what one knows, a concept's page and the list of labs: each size, light and dark."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ops.running_product import ROOT
from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Concept, Lab, Question
from quizapp.labs.runs.models import LabRun
from quizapp.review import service as review
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewSource
from quizapp.settings import Settings
from quizapp.verdicts import Verdict
from tests.browser import axe, pictures
from tests.conftest import make_settings, quick_app
from tests.serving import served

pytestmark = pytest.mark.browser

SIZES = [(360, 740), (768, 1024), (1280, 800)]
NOTE, CONCEPT = "n-d8w2", "c-3fbz"
PREDICTED = "publish-or-publish-all"  # a lab that asks for predictions
LISTED, EXPLAINED_AT = "q-b5rt", "c-zyw9"  # a question of the list at the note's end, and the concept that explains it
# Words of code whose stop stands on the line below them.
STOPS_ALONE = """[...document.querySelectorAll(".with-stop")].filter((each) => {
  const stop = document.createRange();
  stop.selectNode(each.lastChild);
  return stop.getBoundingClientRect().top >= each.querySelector("code").getBoundingClientRect().bottom;
}).map((each) => each.textContent)"""


@dataclass(frozen=True, kw_only=True)
class Site:
    """The product with the whole content, and a learner who has begun with it."""

    app: Flask
    link: str
    listed: int
    """The id of a question of the list at the note's end."""


@pytest.fixture(scope="module")
def site(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("map")
    shutil.copy(migrated_sqlite, folder)
    with ThreadPoolExecutor(1) as thread:  # Playwright keeps an event loop in this one
        site = thread.submit(_build, make_settings(folder)).result()
    yield site
    site.app.extensions["engine"].dispose()


def _build(settings: Settings) -> Site:
    app = quick_app(settings)
    with sessionmaker(app.extensions["engine"])() as db:
        import_content(db, ROOT / "content", now=clock.now())
        user = accounts.add_user(db, name="Ada", role=Role.LEARNER, now=clock.now())
        db.flush()
        _begin(db, user)
        link = accounts.make_link(db, user=user, now=clock.now())
        listed = db.scalars(select(Question.id).where(Question.key == LISTED)).one()
        db.commit()
    return Site(app=app, link=f"/sign-in/{link}", listed=listed)


def _begin(db: Session, user: User) -> None:
    """Let cards of three concepts be known, due and new, and a prediction come out otherwise."""
    for key, days_ago in (("c-bjr5", 0), (CONCEPT, 40), ("c-nj2r", None)):
        asked = select(Question.id).join(Question.concept).where(Concept.key == key, Question.hidden.is_(False))
        ids = list(db.scalars(asked.order_by(Question.id)))
        review.add_cards(db, user=user, question_ids=ids, now=clock.now())
        for question_id in ids if days_ago is not None else ():
            at = clock.now() - timedelta(days=days_ago or 0)
            named = {"question_id": question_id, "review_id": uuid4(), "rating": Rating.EASY}
            review.rate_question(db, user=user, source=ReviewSource.REVIEW, now=at, **named)  # type: ignore[arg-type]
    lab = db.scalars(select(Lab).where(Lab.slug == PREDICTED)).one()
    names = [each["name"] for each in lab.definition["predict"]]
    run = LabRun(user_id=user.id, lab_id=lab.id, started_at=clock.now(), finished_at=clock.now())
    run.values = {"PORT": "8123"}
    run.predictions, run.happened = dict.fromkeys(names, "80"), dict.fromkeys(names, "32768")
    run.verdict = Verdict.PASS
    db.add(run)


@pytest.fixture(scope="module")
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    with served(site.app) as port:
        context = browser.new_context(base_url=f"http://127.0.0.1:{port}", reduced_motion="reduce")
        page = context.new_page()
        page.goto(site.link)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield context
        context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page of the learner's; it must not err."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    page.close()
    assert faults == []


def look(page: Page, name: str) -> None:
    """Keep a picture of the page in each size, light and dark; nothing sticks out, and axe finds nothing."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width} px"
        pictures.keep_light_and_dark(page, f"map/{name}-{width}-{{scheme}}.jpeg", full_page=False, quality=60)
    assert axe.named(axe.findings(page)) == [], name


def test_the_note_says_at_each_line_what_is_known(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/notes/{NOTE}#concept-{CONCEPT}")
    line = page.locator(f"#concept-{CONCEPT} > .concept-line")
    text, beside = line.locator("> div").first, line.locator("> .concept-beside")
    expect(beside).to_contain_text("due")
    at, margin = text.bounding_box(), beside.bounding_box()
    assert at
    assert margin
    assert margin["x"] >= at["x"] + at["width"]  # in the margin
    assert abs(margin["y"] - at["y"]) < 12  # at its line
    look(page, "note")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_question_of_the_list_at_the_end_opens_the_line_that_explains_it(page: Page, site: Site, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"/notes/about/{site.listed}")
    expect(page).to_have_url(re.compile(f"#concept-{EXPLAINED_AT}$"))
    expect(page.locator(f"#concept-{EXPLAINED_AT} strong").first).to_be_in_viewport()


def test_a_concepts_page(page: Page) -> None:
    page.goto(f"/notes/concepts/{CONCEPT}")
    expect(page.locator(".button-primary")).to_have_count(1)
    look(page, "concept")


def test_the_labs_are_ways_through_their_systems(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/labs")
    first = page.locator(".lab-path > li").first.bounding_box()
    assert first
    assert first["y"] < 740  # a lab is on the first screen of a phone
    look(page, "labs")
    page.goto("/labs?kind=broken&state=todo")
    expect(page.locator(".lab-path > li").first).to_be_visible()
    look(page, "labs-narrowed")


@pytest.mark.parametrize("width", [360, 1280])
def test_words_are_found_in_the_note_by_keyboard(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"/notes/{NOTE}")
    page.keyboard.press("f")
    field, said = page.get_by_label("Find in this note"), page.locator("[data-find-said]")
    expect(field).to_be_focused()
    page.keyboard.type("conntrack nothing")
    expect(said).to_have_text("not in this note")
    field.fill("docker0")
    expect(said).to_have_text(re.compile(r"^\d\d+$"))
    total = said.inner_text()
    page.keyboard.press("Enter")
    expect(said).to_have_text(f"1 of {total}")
    page.keyboard.press("Shift+Enter")
    expect(said).to_have_text(f"{total} of {total}")
    assert page.evaluate("[...CSS.highlights.get('found')].length") == int(total)
    hit = page.evaluate("[...CSS.highlights.get('found-now')][0].getBoundingClientRect().top")
    assert 0 < hit < 740
    look(page, f"find-{width}")
    field.focus()
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(field).not_to_be_focused()
    expect(page.locator("[data-find][data-active]")).to_have_count(0)


def test_reading_mode_is_kept_and_left_by_a_key(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/notes/{NOTE}#concept-{CONCEPT}")
    line = page.locator(f"#concept-{CONCEPT}")
    before = line.evaluate("element => element.getBoundingClientRect().top")
    page.keyboard.press("r")
    expect(page.locator(".frame-top")).to_be_hidden()
    expect(page.locator(".concept-beside").first).to_be_hidden()
    assert abs(line.evaluate("element => element.getBoundingClientRect().top") - before) < 100
    look(page, "reading")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.reload()
    expect(page.locator(".frame-top")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(".frame-top")).to_be_visible()
    page.reload()
    expect(page.locator(".frame-top")).to_be_visible()


def test_on_paper_there_is_the_text_and_nothing_to_press(page: Page) -> None:
    page.goto(f"/notes/{NOTE}")
    page.emulate_media(media="print")
    for pressed in page.locator(".button, button, input:not([type=hidden]), nav").all():
        expect(pressed).to_be_hidden()
    expect(page.locator(f"#concept-{CONCEPT}")).to_be_visible()
    page.emulate_media(media="screen")
    expect(page.get_by_label("Find in this note")).to_be_visible()


def test_what_is_cut_of_code_is_shown_and_copy_lies_over_nothing(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/notes/{NOTE}")
    block = page.locator(".code").first
    block.scroll_into_view_if_needed()
    text, copy = block.locator("pre").bounding_box(), block.locator(".copy").bounding_box()
    assert text
    assert copy
    assert copy["y"] >= text["y"] + text["height"]
    assert page.locator(".with-stop").count() > 0
    assert page.evaluate(STOPS_ALONE) == []
    pictures.keep(page, "map/code-360.jpeg", full_page=False, quality=60)
