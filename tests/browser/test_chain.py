"""From a miss in a quiz to its proof on a real host and back, to the result, the review and Progress.

By the keyboard alone and by touch, each on a wide page and on a phone's, and each by a learner of their own.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from ops.running_product import RunningProduct
from quizapp import clock
from quizapp.db import create_engine_for
from quizapp.review.models import Card
from tests.browser import axe, pictures
from tests.browser.by_keyboard import come_to
from tests.browser.reviewing import all_is_sent

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

PATIENCE_MS = 30_000  # a busy machine
NOTE = "Docker Networking, from the Bridge to the Packet"
CONCEPTS = ("A Subnet of Your Choice", "Capture on the Right Bridge")  # each has one question, with options
MISSED, WRONG = "A laptop sits in a home LAN", "The name lookups on user-defined networks"
CARD = "Why is 192.168.0.0/24 a risky subnet"  # the same thing, asked as a card is
WHY = "Two routes claim the same range"
RIGHT = "They share a user-defined network with its own bridge"
LAB = "A subnet of your own"
IN_TASK = re.compile(r"subnet (10\.77\.\d+)\.0/24.*fixed address \1\.(\d+)", re.DOTALL)
# What of the things to tick stands out of its own line, over the next one.
CUT_OFF = """[...document.querySelectorAll(".tick")]
  .filter((each) => each.scrollHeight > each.clientHeight).map((each) => each.textContent)"""


class Hand(Protocol):
    """How a learner works the page."""

    def press(self, target: Locator) -> None: ...

    def tick(self, box: Locator) -> None: ...

    def choose(self, option: str) -> None: ...

    def go_on(self, name: str) -> None: ...

    def do(self, commands: str) -> None: ...


@dataclass(frozen=True)
class Keyboard:
    """By keys alone: Tab to what is meant, and the keys that the pages name."""

    page: Page

    def press(self, target: Locator) -> None:
        """Enter, on a link or button."""
        come_to(self.page, target)
        self.page.keyboard.press("Enter")

    def tick(self, box: Locator) -> None:
        come_to(self.page, box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def choose(self, option: str) -> None:
        """An option of a question, by its number."""
        choices = self.page.locator(".choice")
        number = next(at for at, text in enumerate(choices.all_inner_texts(), 1) if option in text)
        self.page.keyboard.press(str(number))

    def go_on(self, name: str) -> None:
        """The one main thing to do, whose key is Enter wherever one is."""
        expect(self.page.locator(".button-primary", has_text=name)).to_be_visible()
        self.page.keyboard.press("Enter")

    def do(self, commands: str) -> None:
        """In the terminal, which has the focus once its host has come; and out of it to what is left to do."""
        expect(self.page.locator(".xterm-rows")).to_contain_text("docker-host:~#")
        expect(self.page.locator(".xterm-helper-textarea")).to_be_focused()
        self.page.keyboard.insert_text(commands)
        self.page.keyboard.press("Enter")
        passed, left = self.page.get_by_role("link", name="Passed: see the result"), self.page.locator("#explain")
        expect(passed).to_be_visible()
        expect(left).to_be_attached()
        self.page.keyboard.press("Control+Shift+Period")
        if left.is_visible():
            expect(left.locator("input.mono")).to_be_focused()
        else:  # on a phone's page it is behind the tab of the task
            expect(passed).to_be_focused()
            self.page.keyboard.press("Enter")


@dataclass(frozen=True)
class Touch:
    """By taps, and what a phone's own keyboard puts into a field."""

    page: Page

    def press(self, target: Locator) -> None:
        target.tap()

    def tick(self, box: Locator) -> None:
        box.tap()
        expect(box).to_be_checked()

    def choose(self, option: str) -> None:
        self.page.locator(".choice", has_text=option).tap()

    def go_on(self, name: str) -> None:
        self.page.locator(".button-primary", has_text=name).tap()

    def do(self, commands: str) -> None:
        """In the box for one command."""
        expect(self.page.locator(".terminal-state")).to_have_text("connected")
        self.page.get_by_label("Command", exact=True).tap()
        self.page.keyboard.insert_text(commands)
        self.page.get_by_role("button", name="Run", exact=True).tap()
        self.page.get_by_role("link", name="Passed: see the result").tap()


HANDS: dict[str, tuple[Callable[[Page], Hand], dict[str, Any]]] = {
    "keyboard": (Keyboard, {}),
    "touch": (Touch, {"has_touch": True}),
}
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def sessions(product: RunningProduct) -> Iterator[sessionmaker[Session]]:
    """Opens database sessions beside the product's own."""
    engine = create_engine_for(f"sqlite:///{product.instance / 'quizapp.sqlite3'}")
    yield sessionmaker(engine)
    engine.dispose()


@contextmanager
def learner_on(browser: Browser, address: str, link: str, wishes: dict[str, Any]) -> Iterator[Page]:
    """The page of a learner's sign-in link, in a browser of their own in which no script fails."""
    faults: list[str] = []
    context = browser.new_context(base_url=address, reduced_motion="reduce", **wishes)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(link)
    yield page
    context.close()
    assert faults == []


@pytest.mark.parametrize(
    ("way", "viewport", "thorough"),
    [("keyboard", WIDE, True), ("keyboard", PHONE, False), ("touch", PHONE, True), ("touch", WIDE, False)],
)
def test_a_miss_is_proved_and_comes_back(
    product: RunningProduct,
    sessions: sessionmaker[Session],
    browser: Browser,
    add_learner: Callable[[str], tuple[str, UUID]],
    way: str,
    viewport: dict[str, int],
    thorough: bool,
) -> None:
    hand_of, wishes = HANDS[way]
    named = f"{way}-{viewport['width']}"
    link, user_id = add_learner(f"By {named}")
    on_phone = {"is_mobile": True} if way == "touch" and viewport is PHONE else {}
    with learner_on(browser, product.address, link, {**wishes, **on_phone, "viewport": viewport}) as page:
        hand, look = hand_of(page), Look(page, named, thorough)
        hand.press(page.get_by_role("main").get_by_role("button", name="Sign in"))
        take_quiz(page, hand, look)
        see_result(page, look)
        let_ten_minutes_pass(sessions, user_id)
        review(page, hand, look)
        see_progress(page, hand, look)


@dataclass(frozen=True)
class Look:
    """What is held of every page and state: nothing sticks out, the bar stays, axe finds nothing; a picture is kept."""

    page: Page
    way: str
    thorough: bool
    """Whether axe looks too, which finds the same by keys and by taps."""
    bars: set[float] = field(default_factory=set)

    def __call__(self, name: str) -> None:
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width == 0, f"{name} is {width} px too wide"
        self.bars.add(self.page.evaluate("document.querySelector('.wordmark').getBoundingClientRect().left"))
        assert len(self.bars) == 1, f"the bar jumps at {name}"
        if self.thorough:
            assert axe.named(axe.findings(self.page)) == [], name
        pictures.keep(self.page, f"chain/{self.way}-{name}.png")


def let_ten_minutes_pass(sessions: sessionmaker[Session], user_id: UUID) -> None:
    """After which a card comes back that was missed."""
    with sessions() as db:
        missed = update(Card).where(Card.user_id == user_id, Card.due_at.is_not(None))
        db.execute(missed.values(due_at=clock.now()))
        db.commit()


def take_quiz(page: Page, hand: Hand, look: Look) -> None:
    """Answer one question rightly and one wrongly, and prove that one before going on, whichever comes first."""
    begin_quiz(page, hand, look)
    for position in (1, 2):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"question {position} of 2")
        if MISSED in page.locator(".prompt").inner_text():
            answer(page, hand, look, WRONG, "Not yet")
            prove(page, hand, look, position)
        else:
            answer(page, hand, look, RIGHT, "Right")
        hand.go_on("Next" if position == 1 else "See the result")


def begin_quiz(page: Page, hand: Hand, look: Look) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Good "))
    hand.press(page.get_by_role("navigation", name="Main").get_by_role("link", name="Notes"))
    hand.press(page.get_by_role("main").get_by_role("link", name=NOTE, exact=True))  # test_note_map.py looks at it
    hand.press(page.get_by_role("link", name="Be quizzed on it"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Practice")
    hand.press(page.get_by_text("Only some of them"))
    for concept in CONCEPTS:
        hand.tick(page.get_by_role("checkbox", name=concept))
    expect(page.locator("#matching")).to_contain_text("2 questions to draw from")
    assert page.evaluate(CUT_OFF) == []
    look("practice")
    hand.press(page.get_by_role("button", name="Start"))


def answer(page: Page, hand: Hand, look: Look, option: str, word: str) -> None:
    hand.choose(option)
    hand.tick(page.get_by_role("radio", name="guess"))
    look(f"question-{word}")
    hand.go_on("Answer")
    expect(page.locator(".verdict")).to_contain_text(word)
    look(f"answered-{word}")


def prove(page: Page, hand: Hand, look: Look, position: int) -> None:
    """Do the lab of the question that was missed, and come back to it."""
    hand.press(page.get_by_role("link", name="Prove it, 3 min"))
    expect(page.get_by_role("heading", level=1)).to_have_text(LAB)
    look("lab")
    hand.tick(page.locator(".lab-first [type=radio]").first)
    hand.tick(page.get_by_role("radio", name="guess"))
    hand.press(page.get_by_role("button", name="Commit prediction"))
    expect(page.get_by_role("button", name="Start your host")).to_be_focused()
    look("lab-predicted")
    hand.press(page.get_by_role("button", name="Start your host"))
    expect(page.locator(".terminal-state")).to_have_text("connected")
    look("lab-host")
    task = IN_TASK.search(page.locator("#task").text_content() or "")
    assert task
    net, last = task.groups()
    hand.do(
        f"docker network create --subnet {net}.0/24 shop && "
        f"docker run -d --name app --network shop --ip {net}.{last} nginx"
    )
    expect(page.locator("#result")).to_contain_text("Right")
    look("lab-passed")
    hand.press(page.get_by_role("link", name=f"Back to question {position} of 2").last)
    expect(page.locator(".verdict")).to_contain_text("Not yet")


def see_result(page: Page, look: Look) -> None:
    expect(page.locator(".score")).to_have_text("1 of 2 right")
    miss = page.locator(".result-list > li")
    expect(miss).to_have_count(1)
    for said in (MISSED, WRONG, WHY, f"Prove it, 3 min {LAB}", "Read it in the note", "Comes back"):
        expect(miss).to_contain_text(said)
    look("result")


def review(page: Page, hand: Hand, look: Look) -> None:
    """Go on from the result to the card of the question that was missed, and rate it."""
    hand.press(page.get_by_role("link", name="Go to Today"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Good "))
    look("today")
    hand.go_on("Review")
    expect(page.locator(".prompt")).to_contain_text(CARD)
    hand.press(page.get_by_role("link", name="Show the answer"))
    look("review")
    hand.press(page.get_by_role("button", name="Good"))
    all_is_sent(page)


def see_progress(page: Page, hand: Hand, look: Look) -> None:
    hand.press(page.get_by_role("navigation", name="Main").get_by_role("link", name="Progress"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Progress")
    certainty = page.get_by_role("table", name="How sure, how right")
    expect(certainty).to_contain_text(re.compile(r"guess\s*3\s*"))  # two answers and a prediction
    look("progress")
