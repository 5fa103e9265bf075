"""Every kind of question in a browser: answered by the keyboard alone on a wide page, and by touch on a phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import EXPECTING_KINDS, Concept, QuestionKind
from tests.browser import axe, pictures
from tests.builders import a_note, a_question

pytestmark = pytest.mark.browser

PLACES = ("first", "second", "third")
WINDOWS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
}


@pytest.fixture
def note_key(sessions: sessionmaker[Session]) -> str:
    """A note that asks a question of each of these kinds."""
    with sessions() as db:
        note = a_note(db)
        for kind in EXPECTING_KINDS:
            a_question(db, kind, note=note).prompt = f"A question of the kind {kind.value}?"
        key = note.key
        db.commit()
    return key


@pytest.mark.parametrize("window", WINDOWS)
def test_every_kind_is_answered_and_told(open_review: Callable[..., Page], note_key: str, window: str) -> None:
    page = open_review(reduced_motion="reduce", **WINDOWS[window])
    page.goto(f"/practice?note={note_key}")
    page.get_by_role("button", name="Start").click()
    for number in range(1, len(EXPECTING_KINDS) + 1):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"question {number} of")
        kind = kind_on(page)
        look_at(page, f"{window}-{kind.value}-asked")
        fill(page, kind, touches=window == "phone")
        expect(page.locator(".verdict")).to_contain_text("Right")
        look_at(page, f"{window}-{kind.value}-right")
        page.keyboard.press("Enter")
    expect(page.locator(".score")).to_contain_text("6 of 6")


def test_what_a_choice_leaves_and_what_the_quiz_is_like_is_said_at_once(
    open_review: Callable[..., Page], note_key: str
) -> None:
    page = open_review(reduced_motion="reduce")
    page.goto("/practice")
    matching, like = page.locator("#matching"), page.locator("#like")
    before = like.inner_text()
    page.get_by_role("group", name="Notes").get_by_role("checkbox").first.check()
    expect(matching).to_contain_text(f"{len(EXPECTING_KINDS)} questions to draw from")
    page.get_by_text("Only some of them").click()
    page.get_by_label("Kind", exact=True).select_option(index=1)
    expect(matching).to_contain_text(re.compile("(1|no) question to draw from"))
    page.get_by_label("Test", exact=True).check()
    expect(like).not_to_have_text(before)
    expect(matching).to_contain_text(re.compile("(1|no) question to draw from"))
    assert note_key not in page.url


def test_concepts_come_with_their_note_and_keep_the_focus_while_they_are_ticked(
    open_review: Callable[..., Page], sessions: sessionmaker[Session]
) -> None:
    with sessions() as db:
        note = a_note(db)
        for at in (1, 2):
            concept = Concept(key=f"c-{at}", position=at, term=f"Concept {at}", text="", fingerprint="0" * 64)
            note.sections[0].concepts.append(concept)
            a_question(db, note=note).concept = concept
        db.commit()
    page = open_review(reduced_motion="reduce")
    page.goto("/practice")
    page.get_by_text("Only some of them").click()
    page.get_by_role("group", name="Notes").get_by_role("checkbox").first.check()
    concept = page.get_by_role("checkbox", name="Concept 2")
    concept.check()
    expect(page.locator("#matching")).to_contain_text("1 question to draw from")
    expect(concept).to_be_focused()
    expect(concept).to_be_checked()


@pytest.fixture
def open_key(sessions: sessionmaker[Session]) -> str:
    """A note that asks one open question, with a whole guide and a hint."""
    with sessions() as db:
        note = a_note(db)
        question = a_question(db, QuestionKind.OPEN, note=note, must=("the first point", "the second point"))
        question.bonus, question.red_flags, question.hints = ["a bonus"], ["a flag"], ["Think of the kernel."]
        key = note.key
        db.commit()
    return key


@pytest.mark.parametrize("window", WINDOWS)
def test_enter_from_habit_marks_nothing_and_marks_can_be_taken_back(
    open_review: Callable[..., Page], open_key: str, window: str
) -> None:
    page = open_review(reduced_motion="reduce", **WINDOWS[window])
    page.goto(f"/practice?note={open_key}")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Hint").click()
    expect(page.get_by_text("Think of the kernel.")).to_be_visible()
    look_at(page, f"{window}-open-hint")
    page.get_by_label("Your answer").fill("By heart")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Which of these did you say?")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You ticked nothing.")).to_be_visible()
    look_at(page, f"{window}-open-nothing")
    page.get_by_role("button", name="I said none of these").click()
    expect(page.locator(".verdict")).to_contain_text("Not yet")
    look_at(page, f"{window}-open-missed")
    page.get_by_role("button", name="Mark it again").click()
    for name in ("the first point", "the second point", "a bonus"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Mark", exact=True).click()
    expect(page.locator(".verdict")).to_contain_text("Right, with a hint")
    page.keyboard.press("Enter")
    expect(page.locator(".score")).to_contain_text("1 of 1 right")
    look_at(page, f"{window}-result")


@pytest.mark.parametrize("window", WINDOWS)
def test_a_result_by_certainty_holds_for_all(
    open_review: Callable[..., Page], sessions: sessionmaker[Session], window: str
) -> None:
    with sessions() as db:
        note = a_note(db)
        a_question(db, QuestionKind.NUMBER, note=note)
        key = note.key
        db.commit()
    page = open_review(reduced_motion="reduce", **WINDOWS[window])
    page.goto(f"/practice?note={key}")
    page.get_by_role("checkbox", name="Marked by how sure I am").check()
    page.get_by_role("button", name="Start").click()
    page.get_by_role("radio", name="sure", exact=True).check()
    look_at(page, f"{window}-certainty-asked")
    page.get_by_label("Your answer").fill("123456")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator(".verdict")).to_contain_text("points")
    look_at(page, f"{window}-certainty-wrong")
    page.keyboard.press("Enter")
    expect(page.locator(".score")).to_contain_text("-6 of 3")
    look_at(page, f"{window}-certainty-result")


def kind_on(page: Page) -> QuestionKind:
    text = page.locator(".prompt").inner_text()
    return next(kind for kind in EXPECTING_KINDS if f"kind {kind.value}?" in text)


def look_at(page: Page, name: str) -> None:
    """Nothing sticks out of the window, axe finds nothing, and a picture is kept for who wants to look."""
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, name
    assert axe.named(axe.findings(page)) == [], name
    pictures.keep(page, f"kinds/{name}.png")


def fill(page: Page, kind: QuestionKind, *, touches: bool) -> None:
    """Give the right answer: by touch, or by the keyboard from the page's first field on."""
    answer = page.get_by_role("button", name="Answer")
    match kind:
        case QuestionKind.SHORT | QuestionKind.NUMBER:
            begin(page.get_by_label("Your answer"), touches=touches)
            page.keyboard.type("nginx" if kind is QuestionKind.SHORT else "1450 bytes")
            page.keyboard.press("Enter")
            return
        case QuestionKind.TRUTH:
            if not touches:
                page.keyboard.press("2")
                page.keyboard.press("Enter")
                return
            page.get_by_role("radio", name="False").tap()
        case QuestionKind.ORDER:
            for name in PLACES:
                choose(page, name, PLACES.index(name) + 1, touches=touches)
        case QuestionKind.MATCH:
            choose(page, "left one", 2, touches=touches)
            choose(page, "left two", 3, touches=touches)
        case _:
            begin(page.get_by_label("Gap 1"), touches=touches)
            page.keyboard.type("docker0")
            begin(page.get_by_label("Gap 2"), touches=touches)
            page.keyboard.type("eth1")
            page.keyboard.press("Enter")
            return
    if touches:
        answer.tap()
    else:
        answer.focus()
        page.keyboard.press("Enter")


def begin(field: Any, *, touches: bool) -> None:
    field.tap() if touches else field.focus()


def choose(page: Page, name: str, number: int, *, touches: bool) -> None:
    """Choose an option of a field; the list of a phone is the phone's own."""
    field = page.get_by_role("combobox", name=name)
    if touches:
        field.select_option(str(number))
        return
    field.focus()
    for _ in range(number):
        page.keyboard.press("ArrowDown")
    expect(field).to_have_value(str(number))
