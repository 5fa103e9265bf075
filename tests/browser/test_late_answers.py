"""What is done on a lab page while an answer is awaited is still so once it has come. The sandboxes are fakes."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_polling import NEVER, Site, page, site, start, start_and_wait, terminals
from tests.lab_builders import set_right

__all__ = ["page", "site", "terminals"]  # fixtures

pytestmark = pytest.mark.browser

WORDS = "The port is wrong there."


def held(page: Page, pattern: str) -> list[Route]:
    """The requests of an address from now on, each of which waits until the test lets it go on."""
    waiting: list[Route] = []
    page.route(pattern, lambda route: waiting.append(route))  # Playwright marks its handlers, which no built-in takes
    return waiting


def let_go(page: Page, waiting: list[Route]) -> None:
    """Let the first request go on that waits or will."""
    while not waiting:
        page.wait_for_timeout(20)
    waiting.pop(0).continue_()


def check(page: Page, port: str) -> None:
    page.get_by_label("The port", exact=True).fill(port)
    page.get_by_role("button", name="Check", exact=True).click()


def open_(page: Page, summary: str) -> None:
    page.locator("summary", has_text=summary).click()


def test_an_answer_that_was_asked_for_before_takes_nothing_from_the_next_one(page: Page) -> None:
    start_and_wait(page)
    check(page, "1")
    expect(page.locator("#result")).to_contain_text("You typed 1")
    checks, solutions = held(page, "**/check"), held(page, "**/solution")
    check(page, "2")
    open_(page, "Solution")
    page.get_by_role("button", name="Read the solution").click()
    let_go(page, checks)
    expect(page.locator("#result")).to_contain_text("You typed 2")
    let_go(page, solutions)
    expect(page.locator("#solution")).to_contain_text("start 8")


def test_what_is_done_while_an_answer_is_awaited_stays(page: Page) -> None:
    start_and_wait(page)
    checks = held(page, "**/check")
    check(page, "1")
    open_(page, "Solution")
    open_(page, "Report a mistake")
    page.get_by_role("radio", name="It is unclear").check()
    page.get_by_label("The port", exact=True).fill("17")
    words = page.get_by_label("What exactly?")
    words.fill(WORDS)
    words.evaluate("field => field.setSelectionRange(4, 8)")
    let_go(page, checks)
    expect(page.locator("#result")).to_contain_text("You typed 1")
    expect(page.locator("details[open] > summary")).to_have_text(["Solution", "Report a mistake"])
    expect(page.get_by_role("radio", name="It is unclear")).to_be_checked()
    expect(page.get_by_label("The port", exact=True)).to_have_value("17")
    expect(words).to_have_value(WORDS)
    expect(words).to_be_focused()
    assert words.evaluate("field => [field.selectionStart, field.selectionEnd]") == [4, 8]
    page.reload()
    expect(page.get_by_label("The port", exact=True)).to_have_value("17")


def test_what_was_sent_gives_way_to_its_answer_and_the_focus_is_led_there(page: Page) -> None:
    start_and_wait(page)
    check(page, "1")
    verdict = page.locator("#result .verdict")
    expect(verdict).to_be_focused()
    checks = held(page, "**/check")
    check(page, "2")
    page.locator(".xterm-helper-textarea").focus()
    let_go(page, checks)
    expect(verdict).to_contain_text("You typed 2")
    expect(page.locator(".xterm-helper-textarea")).to_be_focused()  # one has gone on there meanwhile


def test_checks_that_run_by_themselves_fold_nothing_and_keep_what_is_selected(page: Page, site: Site) -> None:
    set_right(site.sandboxes, is_up="exited")
    start_and_wait(page)
    changed = "document.dispatchEvent(new Event('host-changed'))"
    page.evaluate(changed)
    open_(page, "0 of 1 checks hold")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('[data-live-checks] li'))")
    selected = page.evaluate("getSelection().toString()")
    set_right(site.sandboxes)
    site.sandboxes.answers.pop("say-port")  # the answer is still to come
    page.evaluate(changed)
    expect(page.locator("[data-live-checks] summary")).to_have_text("1 of 1 checks hold")
    expect(page.locator("[data-live-checks] details")).to_have_attribute("open", "")
    assert selected
    assert page.evaluate("getSelection().toString()") == selected


def test_a_host_that_comes_takes_nothing_of_what_is_open_and_typed(page: Page, site: Site) -> None:
    site.sandboxes._polls_to_ready = NEVER
    start(page)
    open_(page, "Report a mistake")
    words = page.get_by_label("What exactly?")
    words.fill(WORDS)
    site.sandboxes._polls_to_ready = 0
    expect(page.locator(".terminal-state")).to_have_text("connected")
    expect(words).to_be_visible()
    expect(words).to_have_value(WORDS)
    expect(words).to_be_focused()
