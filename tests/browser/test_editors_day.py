"""An editor's day, by the keyboard alone on a phone's width, and what a learner sees of each thing that was done.

From a pasted note to a lab that is verified on real hosts. Pictures are kept at 360, 768 and 1280 px.
"""

import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy.orm import Session

from ops.running_product import RunningProduct
from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role
from quizapp.db import create_engine_for
from tests.browser import axe, pictures
from tests.browser.by_keyboard import come_to
from tests.browser.test_note_editor import PNG

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

PATIENCE_MS = 60_000  # hosts begin on a busy machine
VERIFIED_MS = 300_000  # six hosts, two at a time
WIDTHS = (1280, 768, 360)  # the last one is worked at
TITLE = "Patch panels"
NOTE = f"""\
# {TITLE}

A panel has a port for each cable.

## Questions
1.  **Q: What has a port for each cable?**
    *   *A:* A pannel.
2.  **Q: Who patches?**
    *   *A:* Nobody.
"""
LAB, LAB_TITLE = "a-panel-of-one-port", "A web server on a network of its own"
# What is typed of each kind, by the labels of its fields; the prompt is the kind's own name.
KINDS: dict[str, dict[str, str]] = {
    "flashcard": {"Answer": "A panel."},
    "open": {"Answer": "A panel.", "Must say": "a panel"},
    "single": {},
    "multiple": {},
    "short": {"What is right": "panel"},
    "number": {"What is right": "24"},
    "truth": {"What is right": "true"},
    "order": {"What is right": "plug\nlatch"},
    "match": {"What is right": "plug -> socket\ncable -> panel"},
    "cloze": {"What is right": "A cable ends in a **panel**."},
}


@dataclass(frozen=True)
class Desk:
    """One person's browser."""

    page: Page

    def press(self, name: str, *, role: Any = "button", within: str = "main") -> None:
        """Tab to it, then Enter."""
        self.come_to(self.page.locator(within).get_by_role(role, name=name, exact=True).first)
        self.page.keyboard.press("Enter")

    def come_to(self, target: Locator, *, by: str = "Tab") -> None:
        come_to(self.page, target, by=by)

    def write(self, label: str, text: str) -> None:
        """Into a field, in place of what stands there."""
        self.come_to(self.page.get_by_label(label, exact=True).first)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose(self, label: str) -> None:
        """One of the page's first radio buttons, by the arrow keys."""
        self.come_to(self.page.locator("main").get_by_role("radio").first)
        self.page.keyboard.press("Space")
        wanted = self.page.get_by_label(label, exact=True)
        for _ in range(self.page.get_by_role("radio").count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        expect(wanted).to_be_checked()

    def told(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def look(self, name: str) -> None:
        """Nothing sticks out at any width, axe finds nothing, and pictures are kept for who wants to look."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide == 0, f"{name} is {wide} px too wide at {width} px"
            pictures.keep(self.page, f"editors-day/{name}-{width}.png")
        assert axe.named(axe.findings(self.page)) == [], name


@pytest.fixture
def people(product: RunningProduct, browser: Browser) -> Iterator[Sequence[Desk]]:
    """The browsers of two editors and a learner, in which no script fails and the site's policy refuses nothing."""
    engine = create_engine_for(f"sqlite:///{product.instance / 'quizapp.sqlite3'}")
    faults: list[str] = []
    desks = []
    for name, role in (("Grace", Role.EDITOR), ("Linus", Role.EDITOR), ("Ada", Role.LEARNER)):
        with Session(engine) as db:
            user = accounts.add_user(db, name=name, role=role, now=clock.now())
            link = accounts.make_link(db, user=user, now=clock.now())
            db.commit()
        wishes: dict[str, Any] = {"viewport": {"width": WIDTHS[-1], "height": 800}, "service_workers": "block"}
        context = browser.new_context(base_url=product.address, reduced_motion="reduce", **wishes)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        page.on("filechooser", lambda _: None)  # from now on: switched on by the wait for one, it may come too late
        page.goto(f"/sign-in/{link}")
        page.get_by_role("main").get_by_role("button", name="Sign in").press("Enter")
        page.wait_for_url("**/")
        desks.append(Desk(page))
    yield desks
    for desk in desks:
        desk.page.context.close()
    engine.dispose()
    assert faults == []


def test_an_editors_day(people: Sequence[Desk]) -> None:
    editor, other, learner = people
    note = bring_a_note(editor)
    sees(learner, note, "Who patches?")
    make_each_kind(editor, note.removeprefix("/notes/"))
    sees(learner, note, *(f"Of the kind {kind}" for kind in KINDS))
    expect(learner.page.locator("main img")).not_to_have_count(0)
    tag_retire_and_restore(editor, learner, note)
    merge_a_conflict(editor, other, note)
    sees(learner, note, "What has one port for each cable?", "A panel, by the rack.")
    report_a_mistake(learner, note)
    take_the_report(editor, learner)
    make_a_lab(editor)
    sees(learner, f"/labs/{LAB}", LAB_TITLE)


def sees(learner: Desk, address: str, *texts: str) -> None:
    learner.page.goto(address)
    for text in texts:
        expect(learner.page.locator("main")).to_contain_text(text)


def bring_a_note(editor: Desk) -> str:
    """A new note from a paste; its address."""
    editor.page.goto("/content")
    editor.press("Bring notes", role="link")
    editor.write("Text of a note", NOTE)
    editor.press("Show what is understood")
    editor.told("2 questions, 2 answered")
    editor.look("1-understood")
    editor.press("Import 1 note")
    editor.told("Imported:")
    return urlsplit(editor.page.url).path


def make_each_kind(editor: Desk, key: str) -> None:
    """A question of each kind, the open one with a picture."""
    for kind, typed in KINDS.items():
        editor.page.goto(f"/content/new?kind={kind}&note={key}")
        editor.write("Question", f"Of the kind {kind}: where does a cable end?")
        if kind == "open":
            put_a_picture_in(editor)
        for label, text in typed.items():
            editor.write(label, text)
        if kind in ("single", "multiple"):
            for number, text in enumerate(("A panel", "A socket", "A cloud")):
                editor.come_to(editor.page.get_by_label("Text", exact=True).nth(number))
                editor.page.keyboard.insert_text(text)
                if number == 0 or (number == 1 and kind == "multiple"):
                    editor.come_to(editor.page.get_by_label("Right", exact=True).nth(number))
                    editor.page.keyboard.press("Space")
        if kind == "multiple":
            editor.look("2-new-question")
        editor.press("Publish")
        editor.told("The new question is published. Learners see it.")


def put_a_picture_in(editor: Desk) -> None:
    """Into the text that was written last, from which Shift and Tab lead back to the button."""
    editor.come_to(editor.page.get_by_role("button", name="Put a picture in…"), by="Shift+Tab")
    with editor.page.expect_file_chooser() as chosen:
        editor.page.keyboard.press("Enter")
    chosen.value.set_files({"name": "panel.png", "mimeType": "image/png", "buffer": b64decode(PNG)})
    expect(editor.page.locator("#preview img")).to_be_attached()  # on a phone the view is the other tab


def tag_retire_and_restore(editor: Desk, learner: Desk, note: str) -> None:
    """Three questions are tagged at once, one is retired with a single press and one press takes it back."""
    editor.page.goto(f"/content?note={note.removeprefix('/notes/')}")
    for key in ("j", "x", "j", "j", "Shift+X"):
        editor.page.keyboard.press(key)
    do_with(editor, 3, "Tag", "patching")
    editor.told("3 questions tagged.")
    editor.look("3-tagged")
    sees(learner, "/search?q=tag:patching", "What has a port for each cable?")
    for key in ("j", "x"):
        editor.page.keyboard.press(key)
    do_with(editor, 1, "Retire")
    editor.told("1 question retired.")
    learner.page.goto(note)
    expect(learner.page.locator(".note-cards")).not_to_contain_text("What has a port for each cable?")
    editor.press("Undo it")
    editor.told("1 question taken back.")
    learner.page.reload()
    expect(learner.page.locator(".note-cards")).to_contain_text("What has a port for each cable?")


def do_with(editor: Desk, chosen: int, what: str, tag: str = "") -> None:
    """Do this with what is chosen in the list."""
    expect(editor.page.locator("[data-chosen]")).to_have_text(f"With the {chosen} chosen")
    editor.page.keyboard.press("d")  # from the rows there is a page of them to go through otherwise
    expect(editor.page.get_by_label("Do", exact=True)).to_be_focused()
    editor.page.keyboard.type(what)
    editor.write("Tags", tag)
    editor.press("Do it")


def merge_a_conflict(editor: Desk, other: Desk, note: str) -> None:
    """Two editors have one question open, see each other there, and save: what one alone has changed is kept."""
    editor.page.goto(f"/content?note={note.removeprefix('/notes/')}")
    editor.press("What has a port for each cable?", role="link")
    expect(editor.page.get_by_label("Question", exact=True)).to_be_visible()
    other.page.goto(editor.page.url)
    other.told("Grace has this open too.")
    other.write("Question", "What has two ports for each cable?")
    other.write("Answer", "A panel, by the rack.")
    other.press("Save")
    other.told("Saved: Question, Answer.")
    editor.write("Question", "What has one port for each cable?")
    editor.press("Save")
    expect(editor.page.get_by_role("heading", level=1)).to_have_text("Changed in the meantime")
    editor.told("Linus saved this question while you were editing it.")
    editor.look("4-conflict")
    editor.press("Save mine over it")
    editor.told("Saved: Question.")


def report_a_mistake(learner: Desk, note: str) -> None:
    learner.page.goto(note)
    learner.press("Review these now")
    expect(learner.page.locator("[data-sitting]")).to_be_visible()
    learner.page.keyboard.press("Space")
    expect(learner.page.get_by_role("link", name="Report a mistake")).to_be_visible()
    learner.page.keyboard.press("r")
    learner.choose("A typing mistake")
    learner.write("Answer", "A panel, as its plate says.")
    learner.look("5-report-form")
    learner.press("Report it")
    learner.told("Thanks. An editor reads it")
    expect(learner.page.locator("[data-sitting]")).to_be_visible()  # back at the card


def take_the_report(editor: Desk, learner: Desk) -> None:
    editor.page.goto("/content/reports")
    editor.page.get_by_text("As learners see it").press("Enter")
    editor.look("5-reports")
    editor.press("Take it")
    editor.told("learners see the suggested text")
    sees(learner, "/reports", "It is mended.")


def make_a_lab(editor: Desk) -> None:
    """A new lab, tried as a learner has it, verified on hosts and published."""
    editor.page.goto("/content/labs")
    editor.write("Name of the new lab", LAB)
    editor.press("New lab")
    editor.told("A new lab. It works as it stands")
    expect(editor.page.locator(".cm-content")).to_be_visible()
    editor.look("6-lab")
    editor.press("Try it")
    try_it(editor)
    editor.page.goto(f"/content/labs/{LAB}")
    editor.press("Verify")
    expect(editor.page.locator("#publishing")).to_contain_text("attempts made")
    expect(editor.page.locator("#publishing")).to_contain_text("This text is verified.", timeout=VERIFIED_MS)
    editor.look("8-verified")
    editor.press("Publish")
    editor.told("Published: “A web server on a network of its own”.")


def try_it(editor: Desk) -> None:
    page = editor.page
    expect(page.get_by_role("button", name="Commit prediction")).to_be_visible()
    editor.come_to(page.locator(".lab-first").get_by_role("textbox").first)
    page.keyboard.insert_text("80")
    editor.press("Commit prediction")
    editor.press("Start your host")
    expect(page.locator(".terminal-state")).to_have_text("connected")
    task = re.search(r"at port (\d+)", page.locator("#task").text_content() or "")
    assert task
    expect(page.locator(".xterm-rows")).to_contain_text("docker-host:~#")
    expect(page.locator(".xterm-helper-textarea")).to_be_focused()
    page.keyboard.insert_text(f"docker run -d --name web --network shop -p {task[1]}:80 nginx")
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_contain_text("Right")
    editor.look("7-tried")
