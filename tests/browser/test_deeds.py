"""What is done with cards beside rating them, in a browser: at once, without a line, and taken back in its order."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import Question
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, CardDeed, DeedKind, Outcome
from tests.browser.reviewing import all_is_sent, expect_card, log, rate_good

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
Sessions = sessionmaker[Session]


def kept(page: Page, number: int) -> None:
    """Wait until so many things are kept."""
    notice = page.locator("#outbox")
    if number:
        expect(notice).to_have_text(f"{number} kept here, will be sent" if number > 1 else "Kept here, will be sent")
    else:
        expect(notice).to_be_hidden()


def card(sessions: Sessions, number: int) -> Card:
    with sessions() as db:
        return db.scalars(select(Card).join(Card.question).where(Question.key == f"prompt-{number}")).one()


def deeds(sessions: Sessions) -> list[tuple[DeedKind, bool]]:
    with sessions() as db:
        return [(deed.kind, deed.undone) for deed in db.scalars(select(CardDeed).order_by(CardDeed.id))]


def test_without_a_line_deeds_wait_in_their_order(open_review: Open, sessions: Sessions) -> None:
    page = open_review()
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    page.context.set_offline(True)
    page.keyboard.press("Control+3")
    expect(page.locator(".flags summary")).to_have_text("Green flag")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.keyboard.press("b")
    expect(page.get_by_text("Buried. The card comes back tomorrow.")).to_be_visible()
    expect_card(page, 2)
    page.keyboard.press("@")
    expect_card(page, 3)
    page.keyboard.press("Control+4")  # of the next card: nothing is said any more of the one that was put away
    expect(page.locator("[data-notices]")).to_have_text("The flag is changed.")
    page.keyboard.press("Control+4")
    kept(page, 5)
    assert deeds(sessions) == []
    page.context.set_offline(False)
    kept(page, 0)
    assert (
        deeds(sessions)
        == [(DeedKind.FLAG, False), (DeedKind.BURY, False), (DeedKind.SUSPEND, False)] + [(DeedKind.FLAG, False)] * 2
    )
    assert (card(sessions, 1).flag, card(sessions, 3).flag) == (3, 0)


def test_without_a_line_all_is_taken_back_step_by_step(open_review: Open, sessions: Sessions) -> None:
    page = open_review()
    page.context.set_offline(True)
    rate_good(page)
    expect_card(page, 2)
    page.keyboard.press("Control+3")
    page.keyboard.press("@")
    expect_card(page, 3)
    page.keyboard.press("u")
    expect_card(page, 2)
    expect(page.get_by_text("Undone: suspending.")).to_be_visible()
    expect(page.locator(".flags summary")).to_have_text("Green flag")
    page.keyboard.press("u")
    expect(page.locator(".flags summary")).to_have_text("Flag")
    page.keyboard.press("u")
    expect(page.get_by_text("Undone: Good. Rate the card again.")).to_be_visible()
    expect_card(page, 1)
    kept(page, 6)
    page.keyboard.press("Space")
    page.keyboard.press("4")
    expect_card(page, 2)
    page.context.set_offline(False)
    kept(page, 0)
    assert [(entry.rating, entry.outcome) for entry in log(sessions)] == [
        (Rating.GOOD, Outcome.UNDONE),
        (Rating.EASY, Outcome.APPLIED),
    ]
    assert deeds(sessions) == [(DeedKind.FLAG, True), (DeedKind.SUSPEND, True)]


def test_a_quick_second_undo_takes_back_a_second_thing(open_review: Open, sessions: Sessions) -> None:
    page = open_review()
    for number in (1, 2):
        rate_good(page)
        expect_card(page, number + 1)
    all_is_sent(page)
    page.reload()
    expect_card(page, 3)
    page.keyboard.press("u")
    page.keyboard.press("u")  # while the first one is under way
    expect_card(page, 1)
    expect(page.locator("[data-pile=new] dd")).to_have_text("3")
    all_is_sent(page)
    assert [entry.outcome for entry in log(sessions)] == [Outcome.UNDONE] * 2
    assert {card(sessions, number).phase for number in (1, 2)} == {Phase.NEW}


def test_without_a_line_what_was_done_before_the_page_waits_for_it(open_review: Open, sessions: Sessions) -> None:
    page = open_review()
    rate_good(page)
    all_is_sent(page)
    page.reload()
    page.context.set_offline(True)
    page.keyboard.press("u")
    expect(page.get_by_text("can be undone once the connection is back")).to_be_visible()
    expect_card(page, 2)
    assert [entry.outcome for entry in log(sessions)] == [Outcome.APPLIED]


def test_the_last_card_can_be_taken_back_before_its_rating_is_sent(open_review: Open, sessions: Sessions) -> None:
    page = open_review()
    page.context.set_offline(True)
    for number in (1, 2, 3):
        expect_card(page, number)
        rate_good(page)
    expect(page.get_by_text("Those were all the cards that are here.")).to_be_visible()
    expect(page.get_by_role("button", name="Good")).to_be_hidden()
    expect(page.locator("[data-pile=new] dd")).to_have_text("0")
    page.keyboard.press("u")
    expect_card(page, 3)
    page.keyboard.press("b")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", name="Nothing is due")).to_be_visible()
    all_is_sent(page)
    assert [entry.outcome for entry in log(sessions)] == [Outcome.APPLIED, Outcome.APPLIED, Outcome.UNDONE]


def test_what_no_longer_applies_is_told(open_review: Open, sessions: Sessions) -> None:
    page = open_review()
    page.context.set_offline(True)
    page.keyboard.press("b")
    expect_card(page, 2)
    with sessions() as db:
        db.delete(db.scalars(select(Card).join(Card.question).where(Question.key == "prompt-1")).one())
        db.commit()
    page.context.set_offline(False)
    expect(page.get_by_text("There is no such card. It may have been removed")).to_be_visible()
    kept(page, 0)
    rate_good(page)
    expect_card(page, 3)
    expect(page.get_by_text("There is no such card. It may have been removed")).to_be_visible()  # over one card


def test_a_deed_whose_answer_is_lost_is_done_once(open_review: Open, sessions: Sessions) -> None:
    page = open_review()

    def do_and_lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/review/suspend", do_and_lose)
    page.keyboard.press("@")
    kept(page, 1)
    page.unroute_all(behavior="wait")
    page.evaluate("dispatchEvent(new Event('online'))")
    kept(page, 0)
    assert deeds(sessions) == [(DeedKind.SUSPEND, False)]


def test_a_double_press_shows_the_answer_and_rates_nothing(open_review: Open, sessions: Sessions) -> None:
    """Both events are made in the page, one right after the other, however busy the machine is."""
    page = open_review()
    page.evaluate("""() => {
        for (const _ of [1, 2]) {
            const key = new KeyboardEvent("keydown", {key: " ", bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(key);
        }
    }""")
    expect(page.get_by_text("Answer 1.")).to_be_visible()
    page.keyboard.press("b")
    expect_card(page, 2)
    page.evaluate("""() => {
        document.querySelector("[data-show]").click();
        const second = new MouseEvent("click", {detail: 2, bubbles: true, cancelable: true});
        document.querySelector("[data-key='3']").dispatchEvent(second);
    }""")
    expect(page.get_by_text("Answer 2.")).to_be_visible()
    all_is_sent(page)
    assert log(sessions) == []


@pytest.mark.parametrize("size", [(360, 740), (768, 1024), (1280, 800)], ids=lambda size: "{}x{}".format(*size))
def test_what_is_said_and_kept_moves_neither_card_nor_buttons(open_review: Open, size: tuple[int, int]) -> None:
    page = open_review(viewport={"width": size[0], "height": size[1]})
    page.keyboard.press("Control+3")
    all_is_sent(page)
    places = "() => ['.prompt', '[data-show]', '[data-undo]'].map((each) => document.querySelector(each).offsetTop)"
    before = page.evaluate(places)
    page.context.set_offline(True)
    page.keyboard.press("b")
    expect(page.get_by_text("Buried. The card comes back tomorrow.")).to_be_visible()
    kept(page, 1)
    assert page.evaluate(places) == before
    page.keyboard.press("u")
    expect(page.get_by_text("Undone: burying.")).to_be_visible()
    kept(page, 2)
    assert page.evaluate(places) == before
