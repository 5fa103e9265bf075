"""Reviewing in a browser: keys, revealing in place, and the outbox that keeps a rating until the server has it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.accounts.models import Role, User
from quizapp.catalogue.models import Choice, Question, QuestionKind
from quizapp.review.memory import Rating
from quizapp.review.models import Card, Outcome
from tests.browser import axe, pictures
from tests.browser.reviewing import CARDS, PASSWORD, Site, all_is_sent, expect_card, log, rate_good, refuse_ratings
from tests.builders import a_note, a_question

pytestmark = pytest.mark.browser

PHONE, DESK = 360, 1280
MEANT_MS = 300  # from showing an answer; a press of the same key before 250 ms is taken for part of the first one


def test_by_keyboard_alone(open_review: Callable[..., Page], sessions: sessionmaker[Session]) -> None:
    page = open_review()
    expect_card(page, 1)
    page.keyboard.press("1")  # nothing to rate before the answer is shown
    page.keyboard.press("Space")
    expect(page.get_by_text("Answer 1.")).to_be_visible()
    page.wait_for_timeout(MEANT_MS)
    page.keyboard.press("Space")  # Good
    expect_card(page, 2)
    page.keyboard.press("Enter")
    page.keyboard.press("4")
    expect_card(page, 3)
    page.keyboard.press("u")
    expect(page.get_by_text("Undone: Easy.")).to_be_visible()
    expect_card(page, 2)
    page.keyboard.press("b")
    expect_card(page, 3)
    all_is_sent(page)
    assert [(entry.rating, entry.outcome) for entry in log(sessions)] == [
        (Rating.GOOD, Outcome.APPLIED),
        (Rating.EASY, Outcome.UNDONE),
    ]
    assert all(entry.taken_ms is not None and 0 < entry.taken_ms < 30_000 for entry in log(sessions))


def test_single_keys_can_be_off(open_review: Callable[..., Page]) -> None:
    page = open_review()
    page.evaluate("document.documentElement.dataset.keys = 'off'")
    page.keyboard.press("Space")
    expect(page.get_by_text("Answer 1.")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Answer 1.")).to_be_visible()


def test_without_a_script(open_review: Callable[..., Page], sessions: sessionmaker[Session]) -> None:
    page = open_review(java_script_enabled=False)
    page.get_by_role("link", name="Show the answer").click()
    expect(page.get_by_text("Answer 1.")).to_be_visible()
    page.get_by_role("button", name="Good").click()
    expect(page.get_by_text("Prompt 2?")).to_be_visible()
    assert [entry.outcome for entry in log(sessions)] == [Outcome.APPLIED]


@pytest.mark.parametrize("status", [None, 400, 401, 503], ids=str)
def test_a_rating_that_does_not_arrive_is_kept_and_counted_once(
    open_review: Callable[..., Page], sessions: sessionmaker[Session], status: int | None
) -> None:
    page = open_review()
    refuse_ratings(page, lambda route: route.abort() if status is None else route.fulfill(status=status, json={}))
    rate_good(page)
    expect_card(page, 2)  # the page goes on, and leaves out the card whose rating waits
    expect(page.get_by_text("Kept here, will be sent")).to_be_visible()
    assert log(sessions) == []
    page.unroute_all(behavior="wait")
    page.goto("/review")
    expect_card(page, 2)
    expect(page.get_by_text("Kept here, will be sent")).to_be_hidden()
    all_is_sent(page)
    assert [entry.outcome for entry in log(sessions)] == [Outcome.APPLIED]
    assert page.evaluate("Object.keys(localStorage)") == []


def test_an_answer_that_is_lost_on_the_way_back_counts_once(
    open_review: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    page = open_review()

    def count_and_lose(route: Route) -> None:
        route.fetch()
        route.abort()

    refuse_ratings(page, count_and_lose)
    rate_good(page)
    expect_card(page, 2)
    page.unroute_all(behavior="wait")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Kept here, will be sent")).to_be_hidden()
    all_is_sent(page)
    assert [entry.outcome for entry in log(sessions)] == [Outcome.APPLIED]


def test_without_a_line_one_goes_on_through_the_cards_that_are_here(
    open_review: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    page = open_review()
    page.context.set_offline(True)
    for number in (1, 2):
        expect_card(page, number)
        rate_good(page)
    expect_card(page, 3)
    expect(page.get_by_text("2 kept here, will be sent")).to_be_visible()
    assert log(sessions) == []
    rate_good(page)
    page.keyboard.press("1")  # no card is left here, and this one is rated: does nothing
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Nothing is due")).to_be_visible()
    assert [(entry.rating, entry.outcome) for entry in log(sessions)] == [(Rating.GOOD, Outcome.APPLIED)] * CARDS


def test_a_rating_is_one_request_and_no_new_page(open_review: Callable[..., Page]) -> None:
    page = open_review()
    page.evaluate("window.stays = true")
    sent = list[str]()
    page.on("request", lambda request: sent.append(f"{request.method} {request.url.split('/')[-1].split('?')[0]}"))
    for number in (1, 2):
        expect_card(page, number)
        rate_good(page)
    expect_card(page, 3)
    all_is_sent(page)
    assert page.evaluate("window.stays")
    assert [request for request in sent if request != "GET coming"] == ["POST review"] * 2


def test_quick_presses_lose_no_card(open_review: Callable[..., Page], sessions: sessionmaker[Session]) -> None:
    page = open_review()
    for key in ["Space", "3"] * CARDS:
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Nothing is due")).to_be_visible()
    all_is_sent(page)
    assert [entry.rating for entry in log(sessions)] == [Rating.GOOD] * CARDS


def test_signed_out_one_signs_in_on_the_page_and_goes_on(
    open_review: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    page = open_review()
    page.context.clear_cookies()
    rate_good(page)
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog.get_by_text("You have been signed out.")).to_be_visible()
    dialog.get_by_label("Name").fill("Ada")
    page.set_viewport_size({"width": 740, "height": 360})  # a phone that was turned on its side
    for thing in (dialog.get_by_text("You have been signed out."), dialog.get_by_role("button", name="Sign in")):
        expect(thing).to_be_in_viewport(ratio=1)
    dialog.get_by_label("Password").fill("not this one")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_text("do not belong together")).to_be_visible()
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_have_count(0)
    expect_card(page, 2)
    rate_good(page)
    expect_card(page, 3)
    all_is_sent(page)
    assert [entry.outcome for entry in log(sessions)] == [Outcome.APPLIED] * 2


def test_a_form_of_any_page_goes_on_once_one_has_signed_in_in_place(
    open_review: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    page = open_review()
    page.context.clear_cookies()
    page.goto("/sign-in?next=/account")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("New cards a day").fill("7")
    other = page.context.new_page()
    other.goto("/")
    other.locator("[data-sign-out]").evaluate("(form) => form.submit()")
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    page.locator("form", has=page.get_by_label("New cards a day")).get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Sign in again")
    dialog.get_by_label("Name").fill("Ada")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="How much a day")).to_be_visible()
    with sessions() as db:
        assert db.scalar(select(User.new_per_day).where(User.name == "Ada")) == 7


SIZES = [(360, 740), (740, 360), (640, 400), (768, 1024), (1280, 800), (1280, 640), (320, 256), (1920, 1080)]
COVERED = """() => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  const meet = (one, other, begin, end) => one[end] > other[begin] + 1 && other[end] > one[begin] + 1;
  const over = (one, other) => meet(one, other, "top", "bottom") && meet(one, other, "left", "right");
  const card = box(".review-card");
  const bars = [".review-actions", ".frame-top", ".frame-nav"].filter((bar) => over(card, box(bar)));
  const element = document.activeElement;
  if (element === document.body) return bars;
  const { left, top, width, height } = element.getBoundingClientRect();
  const seen = document.elementFromPoint(left + width / 2, top + height / 2);
  return seen && (element.contains(seen) || seen.contains(element)) ? bars : [...bars, element.outerHTML];
}"""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
def test_nothing_covers_the_card_or_the_focus(
    open_review: Callable[..., Page], sessions: sessionmaker[Session], size: tuple[int, int]
) -> None:
    with sessions() as db:
        question = db.scalars(select(Question).where(Question.key == "prompt-1")).one()
        question.answer = "\n\n".join(
            f"Paragraph {number} of a [long](http://localhost/) answer." for number in range(20)
        )
        db.commit()
    page = open_review(viewport={"width": size[0], "height": size[1]})
    page.keyboard.press("Space")
    page.evaluate("document.body.focus()")
    for _press in range(45):
        page.keyboard.press("Tab")
        assert page.evaluate(COVERED) == []


TWO_NOTICES = """() => {
  const said = "A card that you rated has been removed meanwhile. Its rating counts no more.";
  document.querySelector("[data-notices]").innerHTML = `<p class="notice notice-warning">${said}</p>`.repeat(2);
}"""


@pytest.mark.parametrize("size", [(740, 360), (640, 360)], ids=lambda size: "{}x{}".format(*size))
def test_a_short_card_fits_in_a_low_window_with_its_buttons(
    open_review: Callable[..., Page], size: tuple[int, int]
) -> None:
    page = open_review(viewport={"width": size[0], "height": size[1]})
    expect(page.get_by_role("link", name="Show the answer")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Space")
    for thing in (page.get_by_text("Prompt 1?"), page.get_by_text("Answer 1."), *page.locator(".rating-button").all()):
        expect(thing).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0
    page.evaluate(TWO_NOTICES)
    for button in page.locator(".rating-button").all():
        expect(button).to_be_in_viewport(ratio=1)


def test_a_card_with_options_is_answered_in_a_low_window_without_a_scroll(
    open_review: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    texts = (
        "Nothing: it has no name server of its own",
        "The name server at 127.0.0.11",
        "The daemon",
        "The other one",
    )
    with sessions() as db:
        question = db.scalars(select(Question).where(Question.key == "prompt-1")).one()
        question.kind, question.prompt = QuestionKind.SINGLE, "What answers for a name on the default bridge? " * 2
        question.choices = [Choice(position=n, text=text, right=n == 1, why="So.") for n, text in enumerate(texts, 1)]
        db.commit()
    page = open_review(viewport={"width": 740, "height": 360})
    for thing in (*(page.get_by_text(text) for text in texts), page.get_by_role("link", name="Show the answer")):
        expect(thing.first).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("size", [(740, 360), (900, 400)], ids=lambda size: "{}x{}".format(*size))
def test_an_answer_with_its_reasons_is_rated_in_a_low_window_without_a_scroll(
    open_review: Callable[..., Page], sessions: sessionmaker[Session], size: tuple[int, int]
) -> None:
    why = (
        "A container on the default bridge gets the resolv.conf of the host, and no name of another one is in it. " * 2
    )
    with sessions() as db:
        question = db.scalars(select(Question).where(Question.key == "prompt-1")).one()
        question.kind = QuestionKind.SINGLE
        question.choices = [Choice(position=n, text=f"Option {n}", right=n == 1, why=why) for n in range(1, 5)]
        db.commit()
    page = open_review(viewport={"width": size[0], "height": size[1]})
    pictures.keep(page, f"review/reasons-{size[0]}-front.png", full_page=False)
    page.keyboard.press("Space")
    page.evaluate("document.activeElement.blur()")  # the answer has it, whose middle is below the window
    for at in ("0", "document.body.scrollHeight"):
        page.evaluate(f"scrollTo(0, {at})")
        for button in page.locator(".rating-button").all():
            expect(button).to_be_in_viewport(ratio=1)
        assert page.evaluate(COVERED) == []
    page.evaluate("scrollTo(0, 0)")
    pictures.keep(page, f"review/reasons-{size[0]}.png", full_page=False)


def test_what_one_person_kept_is_not_sent_by_the_next(
    open_review: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    page = open_review()
    refuse_ratings(page, lambda route: route.abort())
    rate_good(page)
    expect_card(page, 2)
    page.evaluate("""() => {
        const [key] = Object.keys(localStorage);
        localStorage.setItem(key.replace(/^outbox\\.[^.]+/, "outbox.somebody-else"), localStorage.getItem(key));
        localStorage.removeItem(key);
    }""")
    page.unroute_all(behavior="wait")
    page.goto("/review", wait_until="networkidle")
    expect_card(page, 1)
    assert log(sessions) == []
    assert page.evaluate("Object.keys(localStorage).length") == 1


def test_what_the_server_will_never_take_is_let_go(
    open_review: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    page = open_review()
    with sessions() as db:
        db.delete(db.scalars(select(Card).join(Card.question).where(Question.key == "prompt-1")).one())
        db.commit()
    rate_good(page)
    expect_card(page, 2)
    expect(page.get_by_text("has been removed meanwhile")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_and_nothing_sticks_out(open_review: Callable[..., Page], scheme: str, width: int) -> None:
    page = open_review(viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce")
    for _face in ("front", "back"):
        assert axe.named(axe.findings(page, axe.IN_THIS_SCHEME)) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.keyboard.press("Space")


def half_an_answer(page: Page, sessions: sessionmaker[Session]) -> None:
    """A quiz of one open question, to which something is written and not yet sent."""
    with sessions() as db:
        a_question(db, QuestionKind.OPEN, note=a_note(db), must=("the port",))
        db.commit()
    page.goto("/practice")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("textbox").fill("Half an answer")


def test_an_answer_outlasts_a_sign_out_in_the_middle_of_it(
    open_review: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    page = open_review()
    half_an_answer(page, sessions)
    page.context.clear_cookies()
    page.get_by_role("button", name="Show the guide").click()
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("textbox")).to_have_value("Half an answer")
    page.get_by_role("button", name="Show the guide").click()
    expect(page.get_by_text("Half an answer")).to_be_visible()


def test_a_form_that_is_sent_without_a_line_stays_on_its_page(
    open_review: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    page = open_review()
    half_an_answer(page, sessions)
    page.context.set_offline(True)
    page.get_by_role("button", name="Show the guide").click()
    expect(page.get_by_text("There is no connection. What you entered is still here")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_value("Half an answer")
    page.context.set_offline(False)
    page.get_by_role("button", name="Show the guide").click()
    expect(page.get_by_text("Half an answer")).to_be_visible()


@pytest.mark.parametrize(
    ("key", "what", "leads_to"), [("e", "Editing", "/content/questions/"), ("Enter", "Card info", "/review/cards/")]
)
def test_what_needs_a_line_leaves_the_card_once_there_is_one(
    open_review: Callable[..., Page], sessions: sessionmaker[Session], key: str, what: str, leads_to: str
) -> None:
    with sessions() as db:
        db.scalars(select(User).where(User.name == "Ada")).one().role = Role.EDITOR
        db.commit()
    page = open_review()
    page.keyboard.press("Space")
    if key == "Enter":
        page.get_by_role("link", name="Card info").focus()
    page.context.set_offline(True)
    page.keyboard.press(key)
    expect(page.get_by_text(f"{what} needs a connection to the server")).to_be_visible()
    expect(page.get_by_text("Answer 1.")).to_be_visible()
    page.context.set_offline(False)
    page.keyboard.press(key)
    expect(page).to_have_url(re.compile(leads_to))


def test_a_page_whose_person_has_been_followed_by_another_is_left(
    open_review: Callable[..., Page], site: Site, address: str
) -> None:
    page = open_review()
    page.context.add_cookies([{"name": "quizapp", "value": site.other_cookie, "url": address}])
    rate_good(page)
    expect(page.locator(".account summary")).to_have_text("Bob")
    expect(page.get_by_text("Prompt")).to_have_count(0)
    assert log(site.sessions) == []
    page.context.add_cookies([{"name": "quizapp", "value": site.cookie, "url": address}])
    page.goto("/review")
    expect_card(page, 2)
    all_is_sent(page)
    assert [entry.outcome for entry in log(site.sessions)] == [Outcome.APPLIED]
