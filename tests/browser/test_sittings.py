"""A test and a mock interview on a phone's page, by the keyboard alone: with a microphone, and without one."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, ViewportSize, expect
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.catalogue.models import QuestionKind
from quizapp.quiz.models import QuizSession
from tests.browser import axe, pictures
from tests.browser.chromium import ARGUMENTS, CHROMIUM
from tests.builders import a_note, a_question

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 360, "height": 740}
WIDE: ViewportSize = {"width": 1280, "height": 800}
# A microphone that beeps, in place of the machine's, which has none, and a person who allows it: Chromium 156's shell
# without a window answers NotSupportedError where nobody can be asked.
FAKE_MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
# The seconds of a sound, once the page's own policy has let the player read it.
DURATION = """(audio) => new Promise((resolve) => {
  if (audio.readyState > 0) resolve(audio.duration);
  audio.addEventListener("loadedmetadata", () => resolve(audio.duration), { once: true });
})"""


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *FAKE_MICROPHONE])
    yield browser
    browser.close()


@pytest.fixture
def begin(open_review: Callable[..., Page], sessions: sessionmaker[Session]) -> Callable[..., Page]:
    """`begin(mode, *kinds)` chooses a mode by keyboard and starts a sitting with a question of each of these kinds."""

    def begin(mode: str, *kinds: QuestionKind, limit: str = "") -> Page:
        with sessions() as db:
            note = a_note(db)
            for kind in kinds:
                a_question(db, kind, note=note, must=("the first point", "the second point"))
            key = note.key
            db.commit()
        page = open_review(reduced_motion="reduce", viewport=PHONE)
        page.goto(f"/practice?note={key}&length={len(kinds)}")
        page.get_by_role("radio", name="Practice").focus()
        for _ in range(["Practice", "Test", "Mock interview"].index(mode)):
            page.keyboard.press("ArrowDown")
        expect(page.get_by_role("radio", name=mode)).to_be_checked()
        expect(page.locator("#like")).to_contain_text({"Test": "hand it in", "Mock interview": "no way back"}[mode])
        page.get_by_label("Time limit in minutes").fill(limit)
        look_at(page, f"choose-{mode}")
        page.get_by_role("button", name="Start").focus()
        page.keyboard.press("Enter")
        expect_question(page, 1, len(kinds))
        return page

    return begin


def expect_question(page: Page, number: int, of: int) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"question {number} of {of}")


def look_at(page: Page, name: str) -> None:
    """Nothing sticks out of the window, axe finds nothing, and pictures are kept for who wants to look."""
    assert axe.named(axe.findings(page)) == [], name
    looks: Sequence[tuple[ViewportSize, Literal["dark", "light"]]] = ((WIDE, "dark"), (PHONE, "light"))
    for size, scheme in looks:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, name
        pictures.keep(page, f"sittings/{name}-{size['width']}-{scheme}.png")


def type_into_answer(page: Page, text: str) -> None:
    page.get_by_label("Your answer").focus()
    page.keyboard.type(text)


def leave_answer(page: Page) -> None:
    """Let the keys be those of the page again."""
    page.keyboard.press("Escape")


def test_both_lines_follow_what_is_chosen(open_review: Callable[..., Page], sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        note = a_note(db)
        for _ in range(3):
            a_question(db, QuestionKind.OPEN, note=note, must=("a point",))
        a_question(db, note=note)
        key = note.key
        db.commit()
    page = open_review(viewport=PHONE)
    page.goto(f"/practice?note={key}&level=1")
    like, matching = page.locator("#like"), page.locator("#matching")
    expect(like).to_have_text("There is no question to draw from.")
    page.get_by_label("Level").select_option("")
    expect(like).to_contain_text("4 questions, about 10 minutes.")
    page.get_by_label("Or as many as fit into minutes").fill("7")
    page.get_by_role("radio", name="Mock interview").check()
    expect(like).to_contain_text("About 2 questions, at most 8 minutes.")
    expect(matching).to_contain_text("Docker networking, Open: 3 questions to draw from.")


def test_a_test_is_gone_through_by_keyboard(begin: Callable[..., Page]) -> None:
    page = begin("Test", QuestionKind.SHORT, QuestionKind.SHORT)
    look_at(page, "test-question")
    type_into_answer(page, "apache")
    page.keyboard.press("Enter")
    expect_question(page, 2, 2)
    page.keyboard.press("p")
    expect_question(page, 1, 2)
    expect(page.get_by_label("Your answer")).to_have_value("apache")
    page.get_by_label("Your answer").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("nginx")
    leave_answer(page)
    page.keyboard.press("a")
    expect(page.get_by_text("1 of 2 answered")).to_be_visible()
    look_at(page, "test-all-questions")
    page.get_by_role("button", name="Hand it in").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 question has no answer. Handed in now, it counts as missed.")).to_be_visible()
    look_at(page, "test-asks")
    page.get_by_role("button", name="Hand it in all the same").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".score")).to_contain_text("1 of 2")
    look_at(page, "test-result")


def test_what_stands_in_the_form_at_the_end_is_sent_and_counts(
    begin: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    page = begin("Test", QuestionKind.SHORT, limit="60")
    type_into_answer(page, "nginx")
    # As the countdown does at its end; the server's own end is an hour away, so that nothing depends on being quick.
    with page.expect_navigation():
        page.locator("[data-timer=down]").dispatch_event("timer:end", {"bubbles": True})
    expect(page.get_by_label("Your answer")).to_have_value("nginx")
    with sessions() as db:
        db.execute(update(QuizSession).values(closes_at=clock.now() - timedelta(minutes=1)))
        db.commit()
    page.reload()
    expect(page.get_by_text("The time is up.")).to_be_visible()
    look_at(page, "test-over")
    page.keyboard.press("Enter")
    expect(page.locator(".score")).to_contain_text("1 of 1")


def test_what_was_typed_at_the_end_without_a_connection_is_sent_once_it_is_back_and_else_shown(
    begin: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    page = begin("Test", QuestionKind.SHORT, limit="60")
    question = page.url
    type_into_answer(page, "nginx")
    page.evaluate(
        "Object.defineProperty(navigator, 'onLine', { get: () => window.isBack === true, configurable: true })"
    )
    page.route("**/practice/**", lambda route: route.abort("internetdisconnected"))
    page.locator("[data-timer=down]").dispatch_event("timer:end", {"bubbles": True})
    expect(page.get_by_text("There is no connection. What you entered is still here")).to_be_visible()
    page.unroute("**/practice/**")
    with sessions() as db:
        db.execute(update(QuizSession).values(closes_at=clock.now() - timedelta(minutes=1)))
        db.commit()
    other = page.context.new_page()
    other.goto(question)
    other.get_by_role("button", name="See what came of it").click()
    expect(other.get_by_text("You had typed, and it is not counted")).to_be_visible()
    expect(other.locator("dd.own-words")).to_have_text("nginx")
    look_at(other, "test-unsent")
    other.goto(question)
    expect(other.locator("blockquote.own-words")).to_have_text("nginx")
    with page.expect_navigation():
        page.evaluate("window.isBack = true; window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("What you sent after that is not counted")).to_be_visible()
    page.goto(question)
    expect(page.locator("blockquote.own-words")).to_have_text("nginx")


def test_an_interview_is_spoken_by_keyboard_and_heard_again(begin: Callable[..., Page]) -> None:
    page = begin("Mock interview", QuestionKind.OPEN, QuestionKind.OPEN)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    look_at(page, "interview-question")
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Stop recording")).to_be_visible()
    expect(page.locator("[data-recorder-clock]")).to_have_text(re.compile(r"0:(0[1-9]|[1-5]\d)"))
    look_at(page, "interview-recording")
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Record again")).to_be_visible()
    assert page.locator("[data-recorder] audio").evaluate(DURATION) > 0.5
    look_at(page, "interview-recorded")
    page.keyboard.press("Control+Enter")
    expect_question(page, 2, 2)
    type_into_answer(page, "What I typed")
    leave_answer(page)
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Stop recording")).to_be_visible()
    page.keyboard.press("Control+Enter")  # while it records: the sound is kept first
    expect_question(page, 1, 2)
    assert page.locator("[data-recording] audio").evaluate(DURATION) > 0.5
    look_at(page, "interview-guide")
    mark_with(page, "1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("What I typed")).to_be_visible()
    expect(page.locator("[data-recording] audio")).to_be_visible()
    mark_with(page, "1", "2")
    page.keyboard.press("Enter")
    expect(page.locator(".score")).to_contain_text("1 of 2")
    expect(page.locator("[data-recording] audio")).to_have_count(2)
    look_at(page, "interview-report")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("button", name="Make a link")).to_be_hidden()
    expect(page.get_by_role("button", name="Keys")).to_be_hidden()
    expect(page.locator("html")).to_have_css("color-scheme", "light")
    pictures.keep(page, "sittings/interview-report-print.png")
    page.emulate_media(media="screen", color_scheme="light")
    page.get_by_role("button", name="Make a link").press("Enter")
    expect(page.get_by_role("link", name="/practice/shared/")).to_be_visible()
    page.get_by_role("button", name="Delete the recordings").press("Enter")
    expect(page.locator("[data-recording]")).to_have_count(0)
    assert refused == []


def mark_with(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_be_visible()


def forbid_microphone(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, headers={**answer.headers, "permissions-policy": "microphone=()"})


def test_who_refuses_the_microphone_is_told_and_goes_on_typing(begin: Callable[..., Page]) -> None:
    page = begin("Mock interview", QuestionKind.OPEN)
    page.route(page.url, forbid_microphone)
    page.reload()
    page.keyboard.press("r")
    expect(page.get_by_text("The microphone was not allowed. Type your answer, or say it aloud")).to_be_visible()
    look_at(page, "interview-refused")
    type_into_answer(page, "What I typed")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("What I typed")).to_be_visible()


def test_a_browser_that_cannot_record_says_so(begin: Callable[..., Page]) -> None:
    page = begin("Mock interview", QuestionKind.OPEN)
    page.add_init_script("delete window.MediaRecorder")
    page.reload()
    expect(page.get_by_text("This browser cannot record here")).to_be_visible()
    expect(page.locator("[data-record]")).to_be_hidden()
