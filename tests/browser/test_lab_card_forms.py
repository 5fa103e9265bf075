"""Cards of one thing that can be asked in several forms, on the review page in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from quizapp import clock
from quizapp.catalogue.models import Question
from quizapp.review.memory import Phase
from quizapp.review.models import Card
from quizapp.review.one_thing.form_choice import RECOGNISED_DAYS
from quizapp.sandboxes.client import EngineOff
from quizapp.study_day import study_day
from tests.browser.reviewing import all_is_sent
from tests.browser.test_lab_card import Site, log, open_review, site
from tests.builders import a_question

__all__ = ["open_review", "site"]

pytestmark = pytest.mark.browser


def of_one_thing(site: Site) -> None:
    """Let the flashcard, a choice and the lab's command test the same thing, and be the only card."""
    with site.sessions() as db:
        first, last, lab = db.scalars(select(Question).order_by(Question.id)).all()
        choice = a_question(db)
        choice.prompt, choice.same_as, lab.same_as = "Which of A?", first.key, choice.key
        db.execute(delete(Card).where(Card.question_id.in_([lab.id, last.id])))
        db.commit()


def rate_here(page: Page, prompt: str, key: str) -> None:
    """Rate the card that is asked so by a key, and wait until that has arrived."""
    expect(page.get_by_text(prompt, exact=True)).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Again")).to_be_visible()
    page.keyboard.press(key)
    all_is_sent(page)


def known_well(site: Site) -> None:
    """Let the one card be due today and so well known that options would tell it."""
    with site.sessions() as db:
        card = db.scalars(select(Card)).one()
        today = study_day(clock.now(), card.user.zone, card.user.rollover_hour)
        card.phase, card.stability, card.difficulty = Phase.REVIEW, 2 * RECOGNISED_DAYS, 5.0
        card.last_day, card.due_day, card.due_at = today - 40, today, None
        db.commit()


def test_one_thing_is_asked_in_the_cheapest_form_and_never_the_same_twice_running(
    open_review: Callable[..., Page], site: Site
) -> None:
    of_one_thing(site)
    page = open_review()
    page.goto("/review?ahead=1")
    for prompt in ("A?", "Which of A?", "A?"):
        rate_here(page, prompt, "1")
    expect(page.get_by_text("Which of A?", exact=True)).to_be_visible()
    assert len(log(site)) == 3


def test_what_is_known_well_is_asked_on_hosts_and_without_a_free_one_otherwise(
    open_review: Callable[..., Page], site: Site
) -> None:
    of_one_thing(site)
    page = open_review()
    rate_here(page, "A?", "3")
    expect(page.get_by_role("heading", name="Nothing is due")).to_be_visible()  # to which the page goes by itself
    known_well(site)
    site.sandboxes.fault = EngineOff("No engine answers.", retry_after_s=9)
    page.goto("/review")
    expect(page.get_by_text("Which of A?", exact=True)).to_be_visible()
    site.sandboxes.fault = None
    page.goto("/review")
    expect(page.get_by_label("Your command")).to_be_visible()
