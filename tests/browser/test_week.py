"""A learner's days, with the server's clock moved from one to the next: first quiz, reviews without a connection and
signed out, what waits after a holiday, the plan for an interview, Progress. Each page is looked at in four sizes.

The tests go on from one another. Time is an argument everywhere but at `quizapp.clock`, which is replaced here.
"""

import re
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ops.running_product import ROOT
from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Choice
from quizapp.review.memory import Rating
from quizapp.review.models import Outcome, ReviewLog, ReviewSource
from quizapp.settings import Settings
from tests.browser import axe, pictures
from tests.browser.reviewing import Line, all_is_sent
from tests.browser.test_deeds import kept
from tests.browser.test_offline import READY
from tests.conftest import make_settings, quick_app
from tests.serving import served

pytestmark = pytest.mark.browser

SIZES = [(360, 740), (740, 360), (768, 1024), (1280, 800)]
PATIENCE_MS = 30_000  # a busy machine
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 18, tzinfo=BERLIN)
NOTE = "n-d8w2"
PASSWORD = "a password of her own"
QUESTIONS = 4


class MovedClock:
    """The server's time: goes on by itself, and is moved by the tests."""

    def __init__(self) -> None:
        self.move(MONDAY)

    def move(self, to: datetime) -> None:
        """Let it be `to` now."""
        self._from, self._moved = to.astimezone(UTC), time.monotonic()

    def now(self) -> datetime:
        """The time."""
        return self._from + timedelta(seconds=time.monotonic() - self._moved)


@dataclass(frozen=True, kw_only=True)
class Site:
    """The product, with one note and a learner who has never signed in."""

    app: Flask
    link: str
    sessions: sessionmaker[Session]
    line: Line


@pytest.fixture(scope="module")
def day() -> Iterator[MovedClock]:
    with pytest.MonkeyPatch.context() as patched:
        moved = MovedClock()
        patched.setattr(clock, "now", moved.now)
        yield moved


@pytest.fixture(scope="module")
def site(day: MovedClock, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("week")
    shutil.copy(migrated_sqlite, folder)
    # In a thread of its own, since Playwright keeps an event loop in this one and Flask's contexts refuse to share it.
    with ThreadPoolExecutor(1) as thread:
        site = thread.submit(_build, make_settings(folder), folder / "content").result()
    yield site
    site.app.extensions["engine"].dispose()


def _build(settings: Settings, content: Path) -> Site:
    (content / "notes").mkdir(parents=True)
    shutil.copy(ROOT / "content" / "notes" / "docker-networking.md", content / "notes")
    app = quick_app(settings)
    sessions = sessionmaker(app.extensions["engine"])
    with sessions() as db:
        import_content(db, content, now=clock.now())
        token = accounts.make_link(
            db, user=accounts.add_user(db, name="Ada", role=Role.LEARNER, now=clock.now()), now=clock.now()
        )
        db.commit()
    return Site(app=app, link=f"/sign-in/{token}", sessions=sessions, line=Line(app))


@pytest.fixture(scope="module")
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with served(site.app) as port:
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{port}", timezone_id="Europe/Berlin", reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
        context.close()
    assert faults == []


def look(page: Page, name: str, *, judged: bool = True) -> None:
    """Keep a picture of the page in each size, light and dark; nothing sticks out, and axe finds nothing serious.

    What is not judged was so before, with other words in it: axe takes half a second.
    """
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width} px"
        pictures.keep_light_and_dark(page, f"week/{name}-{width}-{{scheme}}.jpeg", full_page=False, quality=60)
    if not judged:
        return
    assert axe.named(axe.grave_findings(page)) == [], name


def log(site: Site) -> list[ReviewLog]:
    """What was rated on the review page, in order."""
    of_page = select(ReviewLog).where(ReviewLog.source == ReviewSource.REVIEW)
    with site.sessions() as db:
        return list(db.scalars(of_page.order_by(ReviewLog.reviewed_at, ReviewLog.id)))


def due_on(page: Page) -> tuple[int, int]:
    """How many cards Today calls due, and how many the review page has: new, learning and due."""
    page.goto("/")
    said = re.search(r"(\d+) cards? (?:is|are) due", page.locator(".today-due .lead").inner_text())
    page.goto("/review")
    counted = page.locator("[data-pile]:not([data-pile=later]) dd")
    return int(said[1]) if said else 0, sum(map(int, counted.all_inner_texts()))


def rate(page: Page, key: str = "3") -> None:
    """Show the answer of the card at hand and rate it; the next card is shown."""
    before = page.locator("[data-card]").get_attribute("data-card")
    page.keyboard.press("Space")
    page.keyboard.press(key)
    page.wait_for_function(f"() => document.querySelector('[data-card]')?.dataset.card !== '{before}'")


def test_monday_a_new_learner_takes_a_quiz_and_misses(page: Page, site: Site) -> None:
    page.goto(site.link)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Begin with a note.")).to_be_visible()
    look(page, "1-today-begins")
    page.goto("/account")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Set password").click()
    page.goto(f"/practice?note={NOTE}")
    page.locator("[name=length]").fill(str(QUESTIONS))
    page.get_by_role("button", name="Start").click()
    with site.sessions() as db:
        wrong = set(map(str, db.scalars(select(Choice.id).where(Choice.right.is_(False)))))
    for position in range(1, QUESTIONS + 1):
        expect(page.get_by_text(f"{position} of {QUESTIONS}", exact=False).first).to_be_visible()
        _miss(page, wrong)
        page.locator(".sitting-foot a.button").click()
    expect(page.locator(".score strong")).to_have_text(f"0 of {QUESTIONS}")
    look(page, "1-result")


def _miss(page: Page, wrong: set[str]) -> None:
    """Answer the question at hand wrongly."""
    page.wait_for_load_state()  # of the whole page, since what is not there yet is not counted
    if page.locator("textarea").count():
        page.locator("textarea").fill("Host first, container second.")
        page.get_by_role("button", name="Show the guide").click()
        page.get_by_role("button", name="I said none of these").click()
    else:
        choices = page.locator("[name=choices]")
        values = [choice.get_attribute("value") for choice in choices.all()]
        choices.nth(next(place for place, value in enumerate(values) if value in wrong)).check()
        page.get_by_role("button", name="Answer").click()
    expect(page.locator(".verdict-word")).to_be_visible()


def test_monday_today_and_review_say_the_same_of_what_was_missed(page: Page, day: MovedClock) -> None:
    page.goto("/")
    expect(page.locator(".today-due .lead")).to_contain_text(f"{QUESTIONS} in all later today")
    look(page, "1-today-nothing-due", judged=False)
    page.goto("/review")
    expect(page.get_by_role("heading", name="Nothing is due")).to_be_visible()
    look(page, "1-nothing-due")
    day.move(MONDAY + timedelta(minutes=15))
    assert due_on(page) == (QUESTIONS, QUESTIONS)
    for _ in range(QUESTIONS - 1):
        rate(page)
    page.keyboard.press("Space")
    page.keyboard.press("1")
    expect(page.get_by_text(f"Today you reviewed {QUESTIONS} cards")).to_be_visible()
    look(page, "1-done", judged=False)


def test_tuesday_she_adds_cards_and_reviews_without_a_connection(page: Page, site: Site, day: MovedClock) -> None:
    day.move(MONDAY + timedelta(hours=14))
    page.goto(f"/notes/{NOTE}")
    page.get_by_role("button", name=re.compile("^Add .* cards")).click()
    today, review = due_on(page)
    assert today == review > QUESTIONS
    before = len(log(site))
    page.wait_for_function(READY)
    site.line.cut()
    rate(page)
    rate(page, "4")
    page.keyboard.press("b")
    kept(page, 3)
    look(page, "2-offline")
    page.reload()
    expect(page.locator("[data-card]")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("Undone: burying.")).to_be_visible()
    rate(page, "1")
    kept(page, 5)
    look(page, "2-offline-reloaded", judged=False)
    assert len(log(site)) == before
    site.line.mend(page)
    all_is_sent(page)
    assert [entry.rating for entry in log(site)[before:]] == [Rating.GOOD, Rating.EASY, Rating.AGAIN]


def test_wednesday_she_is_signed_out_in_the_middle_and_nothing_is_lost(page: Page, site: Site, day: MovedClock) -> None:
    day.move(MONDAY + timedelta(days=2))
    today, review = due_on(page)
    assert today == review
    before = len(log(site))
    rate(page)
    all_is_sent(page)
    page.context.clear_cookies()
    rate(page)
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog.get_by_text("You have been signed out.")).to_be_visible()
    look(page, "3-signed-out")
    dialog.get_by_label("Name").fill("Ada")
    dialog.get_by_label("Password").fill(PASSWORD)
    page.context.clear_cookies()  # as where another request was given a session meanwhile: the form's token is old
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_have_count(0)
    all_is_sent(page)
    assert [entry.outcome for entry in log(site)[before:]] == [Outcome.APPLIED] * 2
    page.keyboard.press("u")
    expect(page.get_by_text("Undone: Good.")).to_be_visible()
    all_is_sent(page)
    assert log(site)[-1].outcome is Outcome.UNDONE


def test_after_a_holiday_what_waits_is_the_same_on_both_pages(page: Page, site: Site, day: MovedClock) -> None:
    day.move(MONDAY + timedelta(days=14))
    today, review = due_on(page)
    assert today == review > QUESTIONS
    page.goto("/")
    look(page, "4-today-after-a-holiday")
    page.goto("/review")
    for key in ("3", "1", "3", "3"):
        rate(page, key)
    page.keyboard.press("Space")
    look(page, "4-answer")
    all_is_sent(page)
    with site.sessions() as db:
        user = db.scalars(select(User)).one()
        days = {entry.day for entry in db.scalars(select(ReviewLog).where(ReviewLog.user_id == user.id))}
    assert len(days) == 4  # Monday, Tuesday, Wednesday, and the day after the holiday


def test_an_interview_is_planned_and_today_follows(page: Page, day: MovedClock) -> None:
    on = (day.now().astimezone(BERLIN) + timedelta(days=12)).date()
    page.goto("/progress/plan")
    page.get_by_label("Day of the interview").fill(on.isoformat())
    page.get_by_label("Minutes a day").fill("15")
    page.get_by_role("button", name="Plan").click()
    expect(page.get_by_text("12 days left, 15 minutes a day.")).to_be_visible()
    look(page, "5-plan")
    page.goto("/")
    expect(page.get_by_text("Your interview is in 12 days")).to_be_visible()
    look(page, "5-today-with-a-plan", judged=False)


def test_progress_shows_the_week(page: Page) -> None:
    page.goto("/progress")
    expect(page.get_by_role("heading", name="True retention")).to_be_visible()
    look(page, "6-progress")
