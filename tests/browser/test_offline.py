"""The review page reloaded without a connection: its service worker, and what is kept for whom."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import NotePicture, Question
from quizapp.review.memory import Rating
from quizapp.review.models import Outcome
from tests.browser.reviewing import PASSWORD, Site, all_is_sent, expect_card, log, rate_good
from tests.browser.test_deeds import kept
from tests.builders import a_note

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
Sessions = sessionmaker[Session]
PICTURE = f"{'ab' * 32}.png"
# The smallest PNG: one black point.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)
READY = """async () => {
    await navigator.serviceWorker.ready;
    const at = document.body.dataset.mountedAt;
    const kept = await Promise.all(["", "/cards", "/state"].map((name) => caches.match(at + "/review/offline" + name)));
    return kept.every(Boolean);
}"""
KEPT = "async () => (await caches.keys()).filter((name) => name.startsWith('review-of-')).length"


@pytest.fixture
def page(open_review: Open) -> Page:
    """The review page, once all is kept that a reload needs."""
    page = open_review(service_workers="allow")
    page.wait_for_function(READY)
    return page


@pytest.mark.parametrize("site", ["", "/quiz"], indirect=True, ids=["at the root", "below a path"])
def test_a_reload_without_a_line_goes_on_where_one_was(page: Page, site: Site, sessions: Sessions) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    site.line.cut()
    rate_good(page)
    expect_card(page, 2)
    page.reload()
    expect_card(page, 2)
    kept(page, 1)
    expect(page.locator("[data-pile=new] dd")).to_have_text("2")
    rate_good(page)
    expect_card(page, 3)
    page.reload()
    expect_card(page, 3)
    page.keyboard.press("u")  # also after two reloads
    expect_card(page, 2)
    page.keyboard.press("@")
    expect_card(page, 3)
    kept(page, 4)
    site.line.mend(page)
    kept(page, 0)
    assert [(entry.rating, entry.outcome) for entry in log(sessions)] == [
        (Rating.GOOD, Outcome.APPLIED),
        (Rating.GOOD, Outcome.UNDONE),
    ]
    assert faults == []


def test_links_without_a_line_stay_on_the_card_and_say_why(page: Page, site: Site) -> None:
    site.line.cut()
    page.get_by_role("link", name="Show the answer").click()
    for name in ("Notes", "Today"):
        page.get_by_role("navigation").first.get_by_role("link", name=name).click()
        expect(page.get_by_text(f"“{name}” needs a connection to the server, and there is none now")).to_be_visible()
    search = page.get_by_role("searchbox").first
    search.fill("bridge")
    search.press("Enter")
    expect(page.get_by_text("Search needs a connection to the server")).to_be_visible()
    expect(search).to_have_value("bridge")
    expect(page.get_by_text("Answer 1.")).to_be_visible()
    site.line.mend(page)
    expect(page.get_by_text("needs a connection")).to_have_count(0)
    page.get_by_role("navigation").first.get_by_role("link", name="Notes").click()
    expect(page.get_by_role("heading", name="Notes", level=1)).to_be_visible()


NOT_ONLINE = "Object.defineProperty(navigator, 'onLine', { value: false, configurable: true })"


def test_a_link_in_a_cards_text_that_leads_elsewhere_stays_too(page: Page, site: Site) -> None:
    link = "<a href='https://docs.example/'>The docs</a> <a href='#answer'>Below</a>"
    page.evaluate(f'document.querySelector(".prompt").insertAdjacentHTML("beforeend", "{link}")')
    page.evaluate(NOT_ONLINE)
    page.get_by_role("link", name="The docs").click()
    expect(
        page.get_by_text("“The docs” needs a connection, and there is none now; the card stays here.")
    ).to_be_visible()
    page.get_by_role("link", name="Below").click()
    expect(page).to_have_url(re.compile("#answer$"))
    expect_card(page, 1)


def test_any_page_stays_without_a_line_and_goes_on_where_the_server_needs_none(page: Page, site: Site) -> None:
    page.goto("/notes")
    page.evaluate(NOT_ONLINE)
    site.line.cut()
    page.get_by_role("navigation").first.get_by_role("link", name="Today").click()
    said = page.get_by_text("there is none now; this page stays as it is.")
    expect(said).to_be_visible()
    page.evaluate("document.body.style.minHeight = '300vh'; scrollTo(0, 9999)")
    expect(said).to_be_in_viewport(ratio=1)
    site.line.mend(page)
    page.get_by_role("navigation").first.get_by_role("link", name="Today").click()
    expect(page).to_have_url(re.compile("/$"))


def test_a_server_that_never_answers_is_waited_for_no_longer_than_eight_seconds(page: Page, site: Site) -> None:
    site.line.cut(silently=True)
    page.reload()
    expect_card(page, 1)


def test_any_address_of_the_page_opens_it_without_a_line(page: Page, site: Site) -> None:
    site.line.cut()
    page.goto("/review?card=00000000-0000-0000-0000-000000000000&shown=1")
    expect_card(page, 1)
    expect(page).to_have_url(re.compile("/review$"))
    page.evaluate("document.cookie = 'theme=dark'")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_last_card_and_a_reload_wait_for_the_line(page: Page, site: Site, sessions: Sessions) -> None:
    site.line.cut()
    for number in (1, 2, 3):
        expect_card(page, number)
        rate_good(page)
    page.reload()
    expect(page.get_by_text("Those were all the cards that are here.")).to_be_visible()
    site.line.mend(page)
    expect(page.get_by_role("heading", name="Nothing is due")).to_be_visible()
    all_is_sent(page)
    assert [entry.outcome for entry in log(sessions)] == [Outcome.APPLIED] * 3


def test_the_pictures_of_the_cards_that_come_are_here(open_review: Open, site: Site, sessions: Sessions) -> None:
    folder: Path = site.app.extensions["settings"].pictures_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PICTURE).write_bytes(PNG)
    with sessions() as db:
        question = db.scalars(select(Question).where(Question.key == "prompt-2")).one()
        question.answer = f"Answer 2. ![a net](picture:{PICTURE})"
        db.add(NotePicture(note_id=a_note(db).id, address="net.png", name=PICTURE, size=len(PNG)))
        db.commit()
    page = open_review(service_workers="allow")
    page.wait_for_function(READY)
    page.wait_for_function(f"() => caches.match('/pictures/{PICTURE}').then(Boolean)")
    site.line.cut()
    rate_good(page)
    page.reload()
    page.get_by_role("link", name="Show the answer").click()
    page.wait_for_function("() => document.querySelector('#answer img').naturalWidth === 1")


def test_signing_out_empties_it(page: Page) -> None:
    assert page.evaluate(KEPT) == 1
    page.get_by_text("Ada").first.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.wait_for_function(f"{KEPT.replace('.length', '.length === 0')}")


def test_what_is_kept_of_others_is_removed_and_nothing_is_kept_of_who_is_signed_out(page: Page, site: Site) -> None:
    page.evaluate("caches.open('review-of-somebody-else').then((cache) => cache.put('/x', new Response('')))")
    other = page.context.new_page()
    other.goto("/review")
    other.wait_for_function(f"{KEPT.replace('.length', '.length === 1')}")
    page.context.clear_cookies()
    other.goto("/review")  # leads to the page to sign in on
    other.wait_for_function(f"{KEPT.replace('.length', '.length === 0')}")
    rate_good(page)  # in the tab that is open still
    expect_card(page, 2)
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    assert page.evaluate(KEPT) == 0
    dialog.get_by_label("Name").fill("Ada")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_have_count(0)
    page.wait_for_function(READY)  # it is kept anew


def test_the_kept_page_holds_no_token(page: Page) -> None:
    texts = page.evaluate("""async () => {
        const cache = await caches.open((await caches.keys()).find((name) => name.startsWith("review-of-")));
        return Promise.all((await cache.matchAll()).map((answer) => answer.text()));
    }""")
    token = page.locator("input[name=csrf_token]").first.input_value()
    assert len(texts) >= 3
    assert token
    assert not [text for text in texts if token in text or re.search('X-CSRFToken": "[^"]', text)]
