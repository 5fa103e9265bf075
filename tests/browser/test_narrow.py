"""Pages in a window of 320 px, which is also what is left of 1280 px at four times the size (WCAG 2.2, 1.4.10)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.accounts.models import Role, User

pytestmark = pytest.mark.browser

WIDTH = 320
PAGES = [
    *("/", "/content/import", "/search?q=prompt", "/search", "/notes", "/practice", "/progress", "/labs", "/account"),
    "/content",
]


def test_nothing_sticks_out_of_the_narrowest_window(
    open_review: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    with sessions() as db:
        db.scalars(select(User).where(User.name == "Ada")).one().role = Role.EDITOR
        db.commit()
    page = open_review(viewport={"width": WIDTH, "height": 640})
    wide = {}
    for address in PAGES:
        answer = page.goto(address)
        assert answer
        assert answer.ok, address
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert wide == dict.fromkeys(PAGES, WIDTH)
