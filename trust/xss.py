"""Hundreds of texts that would run a script, wherever somebody can put one, on every page that shows them, in Chromium.

None may run, none may stand on a page so that a click would run it, none may have been stopped by the page's policy
alone; and no page's policy may allow what stands in the page itself. As the control the same payloads are shown by
plain Markdown that lets HTML through, without a policy: nearly all must run, or be one click away.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from playwright.sync_api import Browser, sync_playwright

from trust.classrooms import hostile_list
from trust.payloads import MARKS, payloads
from trust.person import Person
from trust.promises import Control, Promise, Scale
from trust.watched_page import Watched, watched, weak_policies
from trust.xss_site import LAB, HostileSite, hostile_site

CHROMIUM = os.environ.get("QUIZAPP_CHROMIUM", "/usr/bin/chromium-headless-shell")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
RUNS_AT_LEAST = 0.8  # of the payloads in the control; the others need a page of another kind around them
SETTLE_MS = 300  # after a page is loaded: pictures that are missing, and scripts that put something in
TYPED_AT_ONCE = 20  # payloads in the note editor
QUIZ_LENGTH = 20  # questions of a quiz, whose pages and result are opened
PASTE = """(field, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
WORDS = re.compile(MARKS.format(r"(\d+)"))


@dataclass(kw_only=True)
class Seen:
    """What came of the payloads."""

    pages: int = 0
    shown: set[tuple[str, int]] = field(default_factory=set)
    """Which payload was seen on which sort of page, by its mark in the page's HTML."""
    ran: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    weak: set[str] = field(default_factory=set)
    """Parts of policies that are too weak, with the sort of page."""


def run(scale: Scale) -> Promise:
    """Try it on a site of its own, which is removed afterwards."""
    made = payloads()
    tried = made if scale is Scale.FULL else made[:: len(made) // 24]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            with hostile_site(tried) as hostile:
                seen = _seen(browser, hostile, tried)
            control = ran_unguarded(browser, tried)
        finally:
            browser.close()
    sorts = len({sort for sort, _ in seen.shown})
    bad = "".join(f"; {one}" for one in [*seen.faults[:2], *sorted(seen.weak)[:3]])
    return Promise(
        name="xss",
        done=f"{len(tried)} payloads on {seen.pages} pages of {sorts} sorts, {len(seen.shown)} times one on a sort",
        seen=f"{len(seen.ran)} ran, {len(seen.faults)} came through as HTML, {len(seen.weak)} weak policies{bad}",
        aim="0 of 500 payloads run on any page; no policy with unsafe-*",
        held=not seen.ran and not seen.faults and not seen.weak and len({n for _, n in seen.shown}) == len(tried),
        control=Control(
            weakness="Markdown that lets HTML through, without a policy",
            seen=f"{len(control)} of {len(tried)} ran or were a click away",
            failed=len(control) >= RUNS_AT_LEAST * len(tried),
        ),
    )


def ran_unguarded(browser: Browser, tried: Sequence[str]) -> set[int]:
    """The numbers of those that run, or would on a click, on a page that shows them as they are."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    setattr(markdown, "validateLink", lambda _url: True)  # noqa: B010 - a method, set as its documentation says
    found = set[int]()
    with watched(browser) as page:
        for payload in tried:
            numbers = {int(number) for number in WORDS.findall(payload)}
            page.ran.clear()
            for html in (markdown.render(payload), f'<p title="{payload}"></p>', f"<p title='{payload}'></p>", payload):
                page.show(f"<!doctype html><title>x</title><body>{html}")
                if page.armed():
                    found |= numbers
            page.page.wait_for_timeout(1)
            found |= page.ran
    return found


def _seen(browser: Browser, hostile: HostileSite, tried: Sequence[str]) -> Seen:
    seen, person = Seen(), Person(hostile.link)
    name, _, value = person.cookie.partition("=")
    with watched(browser, base_url=person.address) as page:
        page.page.context.add_cookies([{"name": name, "value": value, "url": person.address}])
        for path in hostile.pages(tried):
            _look(page, person.address + path, seen)
        _pages_that_come_by_pressing(page, person, hostile, seen)
        for start in range(0, len(tried), TYPED_AT_ONCE):
            _type(page, person, hostile, tried[start : start + TYPED_AT_ONCE], seen)
        _preview(page, person, tried, seen)
        _list_of_accounts(page, person, tried, seen)
        _terminal(page, person, seen)
        seen.ran |= page.ran
        seen.faults += ["a dialog"] * page.dialogs
    person.close()
    return seen


def _look(page: Watched, address: str, seen: Seen) -> None:
    """Open a page and note what came of the payloads on it."""
    answer = page.open(address)
    if answer is not None:
        seen.weak |= {f"{weak} on {_sort(address)}" for weak in weak_policies(answer.headers)}
    _note(page, seen)


def _note(page: Watched, seen: Seen) -> None:
    """Note what came of the payloads on the page as it is now."""
    seen.pages += 1
    sort, html = _sort(page.page.url), page.page.content()
    seen.shown |= {(sort, int(number)) for number in WORDS.findall(html)}
    seen.faults += [f"{sort}: {one[:120]}" for one in (*page.armed(), *page.refused())]


def _sort(address: str) -> str:
    """A page's address without the things that it names."""
    parts = urlsplit(address).path.split("/")
    return "/".join("…" if len(part) > 20 or re.search(r"\d|-|%", part) else part for part in parts)


def _pages_that_come_by_pressing(page: Watched, person: Person, hostile: HostileSite, seen: Seen) -> None:
    """A quiz with its questions, hints, answers and result; and the cards of a sitting."""
    for note in hostile.notes:
        person.post("/review/add", {"note": note})
        started = person.post("/practice", {"note": note, "length": QUIZ_LENGTH, "mode": "practice"})
        quiz = urlsplit(started.location).path.rpartition("/")[0]
        for position in range(1, QUIZ_LENGTH + 1) if quiz else ():
            _look(page, f"{person.address}{quiz}/{position}", seen)
            if page.page.url.endswith("/result"):
                break
            person.post(f"{quiz}/{position}/hint", {})
            person.post(f"{quiz}/{position}/answer", {"dont_know": "1", "unknown": "1", "skip": "1"})
            person.post(f"{quiz}/{position}/skip", {})
        if quiz:
            _look(page, f"{person.address}{quiz}/result", seen)
            _look(page, f"{person.address}{quiz}/questions", seen)
    _look(page, f"{person.address}/review?shown=1", seen)


def _type(page: Watched, person: Person, hostile: HostileSite, some: Sequence[str], seen: Seen) -> None:
    """Type payloads into the note editor, whose script puts what the server makes of them beside it."""
    own = next(note for note in hostile.notes if _is_edited_here(person, note))
    page.open(f"{person.address}/content/notes/{own}")
    field = page.page.locator(".cm-content").first
    field.click()
    page.page.keyboard.press("Control+a")
    with page.page.expect_response(re.compile("/typed$")):
        field.evaluate(PASTE, "# Typed\n\n" + "\n\n".join(f"## {one}\n\n{one}" for one in some))
    page.page.wait_for_timeout(SETTLE_MS)
    _note(page, seen)


def _is_edited_here(person: Person, note: str) -> bool:
    """Whether the note's text can be changed in its editor."""
    return "readonly" not in person.get(f"/content/notes/{note}").text.partition('id="text"')[2][:300]


def _preview(page: Watched, person: Person, tried: Sequence[str], seen: Seen) -> None:
    """Upload files whose names are payloads, and notes that were exported before, and look at their previews."""
    names = [one.replace("/", "-")[:120] for one in tried]
    for start in range(0, len(names), TYPED_AT_ONCE):
        page.open(f"{person.address}/content/import")
        files = [
            {"name": f"{name}.{ending}", "mimeType": "text/plain", "buffer": f"# {name}\n\n{name}\n".encode()}
            for name in names[start : start + TYPED_AT_ONCE]
            for ending in ("md", "nothing")
        ]
        page.page.locator('input[type="file"]').set_input_files(files)  # type: ignore[arg-type]
        with page.page.expect_navigation():
            page.page.locator('input[type="file"]').evaluate("(field) => field.form.submit()")
        _note(page, seen)


def _list_of_accounts(page: Watched, person: Person, tried: Sequence[str], seen: Seen) -> None:
    """Look at what lists of people would do, whose names, roles and classes are payloads."""
    for start in range(0, len(tried), TYPED_AT_ONCE):
        page.open(f"{person.address}/owner/list")
        page.page.locator("textarea").fill(hostile_list(tried[start : start + TYPED_AT_ONCE]))
        with page.page.expect_navigation():
            page.page.locator("textarea").evaluate("(field) => field.form.submit()")
        _note(page, seen)


def _terminal(page: Watched, person: Person, seen: Seen) -> None:
    """The page of a lab whose texts are payloads, with a terminal that prints them and sets them as its title."""
    page.open(f"{person.address}/labs/{LAB}")
    page.page.locator('form[action$="/prediction"]').evaluate(
        "(form) => { form.querySelector('[type=radio]')?.click(); form.submit(); }"
    )
    page.page.wait_for_url("**/labs/runs/**")
    run = urlsplit(page.page.url).path
    person.post(f"{run}/host", {"reset": "yes"})
    person.get(f"{run}/host")
    person.post(f"{run}/set-up", {})
    _look(page, person.address + run, seen)
    page.page.locator(".xterm-rows").first.wait_for(state="attached")
    page.page.wait_for_timeout(10 * SETTLE_MS)
    _note(page, seen)
    _look(page, f"{person.address}{run}/replay", seen)
