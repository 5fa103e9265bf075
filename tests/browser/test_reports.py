"""A mistake reported from a card by keyboard, and its text taken by an editor, on a wide page and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from ops.running_product import ROOT
from quizapp.accounts.models import Role, User
from tests.browser import axe

pytestmark = pytest.mark.browser

SCREENSHOTS = ROOT / "build" / "screenshots" / "reports"
WINDOWS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
}


@pytest.mark.parametrize("window", WINDOWS)
def test_a_mistake_in_a_card_is_reported_by_key_and_mended(
    open_review: Callable[..., Page], sessions: sessionmaker[Session], window: str
) -> None:
    with sessions() as db:
        db.execute(update(User).values(role=Role.EDITOR))
        db.commit()
    page = open_review(reduced_motion="reduce", **WINDOWS[window])
    page.keyboard.press("Space")
    expect(page.get_by_role("link", name="Report a mistake")).to_be_visible()
    page.keyboard.press("r")
    page.get_by_label("A slip of the pen").check()
    page.get_by_label("Answer", exact=True).fill("A text that is right.")
    look_at(page, f"{window}-form")
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_text("Thanks. An editor reads it")).to_be_visible()
    expect(page.locator("[data-sitting]")).to_be_visible()
    page.goto("/content/reports")
    page.get_by_text("As learners see it").click()
    look_at(page, f"{window}-inbox")
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("learners see the suggested text")).to_be_visible()
    page.goto("/reports")
    expect(page.get_by_text("It is mended.")).to_be_visible()
    look_at(page, f"{window}-own")


def look_at(page: Page, name: str) -> None:
    """Keep a picture of the page, which must break no grave rule and not be wider than its window."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
    assert axe.named(axe.grave_findings(page)) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
