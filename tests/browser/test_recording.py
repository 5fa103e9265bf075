"""A lab that no host can be had for: its recording stands where the host would, on a phone's page and on a wide one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session, sessionmaker

from tests.browser import axe
from tests.lab_builders import add_lab

pytestmark = pytest.mark.browser

PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
RECORDED = {
    "transcript": "# docker port web\n80/tcp -> 0.0.0.0:32768",
    "label": "The port",
    "answer": "32768",
    "compare": "int",
    "hint": "You typed {typed}; look at the last line.",
    "happened": {"where": "8080", "why": "b"},
}


def holds_for_all(page: Page, state: str) -> None:
    """Axe finds nothing in the page as it stands, light and dark, and nothing sticks out of it."""
    assert axe.named(axe.findings(page)) == [], state
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, state


@pytest.mark.parametrize("viewport", [PHONE, WIDE])
def test_each_step_of_a_recording_is_on_the_screen(
    open_review: Callable[..., Page], sessions: sessionmaker[Session], viewport: dict[str, int]
) -> None:
    with sessions.begin() as db:
        add_lab(db, recorded=RECORDED)
    page = open_review(reduced_motion="reduce", viewport=viewport)
    page.goto("/labs/two-ports")
    page.get_by_label("It answers on").fill("80")
    page.get_by_label("b", exact=True).check()
    page.get_by_role("button", name="Commit prediction").click()
    expect(page.get_by_role("heading", name="From a recording", exact=True)).to_be_in_viewport()
    holds_for_all(page, "asked")
    if viewport is PHONE:
        page.get_by_role("radio", name="Task").check()
    page.get_by_role("button", name="Hint 1 of 2").click()
    expect(page.locator("#hints")).to_be_visible()
    holds_for_all(page, "hint taken")
    if viewport is PHONE:
        page.get_by_role("radio", name="Recording").check()
    for typed, verdict in (("80", "Not yet"), ("32768", "Right")):
        page.get_by_label("The port").fill(typed)
        page.get_by_role("button", name="Check").click()
        expect(page.locator(".verdict")).to_contain_text(verdict)
        expect(page.locator(".verdict")).to_be_in_viewport()
        holds_for_all(page, verdict)
    expect(page.get_by_role("link", name="Go on with your reviews").first).to_be_in_viewport()
