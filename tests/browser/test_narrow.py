"""Pages in a window of 320 px, which is also what is left of 1280 px at four times the size (WCAG 2.2, 1.4.10)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.accounts.models import Role, User
from tests.browser.axe import findings, named

pytestmark = pytest.mark.browser

WIDTH = 320
PAGES = [
    *("/", "/content/import", "/search?q=prompt", "/search", "/notes", "/practice", "/progress", "/labs", "/account"),
    *("/content", "/content/trail", "/owner", "/owner/hosts", "/owner/sign-in"),
]
NAME_STANDS_OUT = """document.querySelector(".account summary").getBoundingClientRect().height
  > document.querySelector(".frame-bar").getBoundingClientRect().height"""
OF_OWNERS = ("/content/trail", "/owner", "/owner/hosts", "/owner/sign-in")  # no other test looks at these with axe


def test_nothing_sticks_out_of_the_narrowest_window(
    open_review: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    with sessions() as db:
        user = db.scalars(select(User).where(User.name == "Ada")).one()
        user.role, user.name = Role.OWNER, "Augusta Ada King, Countess of Lovelace"
        db.commit()
    page = open_review(viewport={"width": WIDTH, "height": 640})
    wide = {}
    for address in PAGES:
        answer = page.goto(address)
        assert answer
        assert answer.ok, address
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
        if address in OF_OWNERS:
            assert named(findings(page)) == [], address
    assert wide == dict.fromkeys(PAGES, WIDTH)
    assert page.evaluate(NAME_STANDS_OUT) is False
