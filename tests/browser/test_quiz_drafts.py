"""What is typed into a question stays in its browser: over a reload, a sign-out, a lost connection, a closed tab."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import QuestionKind
from tests.browser.reviewing import Site
from tests.builders import a_note, a_question

pytestmark = pytest.mark.browser


@pytest.fixture
def begin(open_review: Callable[..., Page], sessions: sessionmaker[Session]) -> Callable[[QuestionKind], Page]:
    """`begin(kind)` opens a sitting with one question of that kind."""

    def begin(kind: QuestionKind) -> Page:
        with sessions() as db:
            note = a_note(db)
            a_question(db, kind, note=note)
            key = note.key
            db.commit()
        page = open_review(reduced_motion="reduce")
        page.goto(f"/practice?note={key}")
        page.get_by_role("button", name="Start").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("question 1 of 1")
        return page

    return begin


def sign_in(context: BrowserContext, site: Site, address: str) -> None:
    context.add_cookies([{"name": "quizapp", "value": site.cookie, "url": address}])


def test_an_answer_sent_while_signed_out_is_there_after_the_sign_in_also_in_another_tab(
    begin: Callable[[QuestionKind], Page], site: Site, address: str
) -> None:
    page = begin(QuestionKind.OPEN)
    url = page.url
    page.get_by_label("Your answer").fill("half an answer")
    page.context.clear_cookies()
    page.get_by_role("button", name="Show the guide").click()
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
    sign_in(page.context, site, address)
    other = page.context.new_page()
    page.close()
    other.goto(url)
    expect(other.get_by_label("Your answer")).to_have_value("half an answer")
    other.get_by_role("button", name="Show the guide").click()
    expect(other.get_by_text("You wrote")).to_be_visible()
    assert other.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft.'))") == []


def test_every_field_takes_its_own_after_a_reload(begin: Callable[[QuestionKind], Page]) -> None:
    page = begin(QuestionKind.CLOZE)
    page.get_by_label("Gap 1").fill("one")
    page.get_by_label("Gap 2").fill("two")
    page.reload()
    expect(page.get_by_label("Gap 1")).to_have_value("one")
    expect(page.get_by_label("Gap 2")).to_have_value("two")


def test_what_was_chosen_is_chosen_after_a_reload(begin: Callable[[QuestionKind], Page]) -> None:
    page = begin(QuestionKind.MATCH)
    page.get_by_role("combobox", name="left two").select_option("3")
    page.get_by_role("radio", name="sure", exact=True).check()
    page.reload()
    expect(page.get_by_role("combobox", name="left one")).to_have_value("")
    expect(page.get_by_role("combobox", name="left two")).to_have_value("3")
    expect(page.get_by_role("radio", name="sure", exact=True)).to_be_checked()


def test_an_answer_that_never_arrived_is_there_after_back(begin: Callable[[QuestionKind], Page]) -> None:
    page = begin(QuestionKind.OPEN)
    page.get_by_label("Your answer").fill("half an answer")
    page.route("**/answer", lambda route: route.abort("connectionfailed"))
    page.get_by_role("button", name="Show the guide").click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/answer")
    page.go_back()
    expect(page.get_by_label("Your answer")).to_have_value("half an answer")
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("half an answer")
