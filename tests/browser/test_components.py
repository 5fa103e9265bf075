"""The look and the keyboard, judged on the page of components as a browser draws it."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from tests.browser import axe
from tests.conftest import make_settings, opened_app

pytestmark = pytest.mark.browser

# Letters of the specimen paragraph to a line; its last line is short, so the full lines hold a little more.
MEASURE = """() => {
  const text = document.querySelector(".specimen p.measure");
  const lines = text.clientHeight / parseFloat(getComputedStyle(text).lineHeight);
  return text.textContent.trim().replace(/\\s+/g, " ").length / Math.round(lines);
}"""
START_S = 20
MOST_BYTES = 60 * 1024  # of script and style, compressed, on a page without terminal or editor


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page is, served from a thread of its own."""
    settings = make_settings(tmp_path_factory.mktemp("look")).model_copy(update={"dev": True})
    ready: Queue[BaseWSGIServer] = Queue()

    def serve() -> None:
        with opened_app(settings) as app:
            server = make_server("127.0.0.1", 0, app, threaded=True)
            ready.put(server)
            server.serve_forever()

    thread = Thread(target=serve)
    thread.start()
    server = ready.get(timeout=START_S)
    yield f"http://127.0.0.1:{server.server_port}/dev/components"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """The page in a fresh browser profile; at the end the browser must have had nothing to complain of."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)  # once it is loaded its scripts have run
    assert page.title() == "Components · quizapp"
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as page:
        yield page


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_sticks_out(browser: Browser, address: str, scheme: str, width: int) -> None:
    size = {"width": width, "height": 800}
    with opened(browser, address, viewport=size, color_scheme=scheme, reduced_motion="reduce") as page:
        page.wait_for_timeout(400)  # the busy button shows itself after 300 ms
        assert axe.named(axe.findings(page, axe.IN_THIS_SCHEME)) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


LOOKS = """selector => [...document.querySelectorAll(selector)].map(
  (element) => getComputedStyle(element).backgroundColor
)"""


def test_what_is_chosen_is_told_in_the_systems_own_colours_too(browser: Browser, address: str) -> None:
    with opened(browser, address, forced_colors="active") as page:
        for chosen, others in (
            (".choice:has(> :checked)", ".choice:has(> input:not(:checked))"),
            (".segments label:has(:checked)", ".segments label:not(:has(:checked))"),
        ):
            marked, plain = (set(page.evaluate(LOOKS, which)) for which in (chosen, others))
            assert marked
            assert plain
            assert marked.isdisjoint(plain), chosen


def test_axe_would_tell_of_what_is_wrong(page: Page) -> None:
    page.set_content("<html lang=en><title>t</title><main><h1>t</h1><img src=data:,><p>text</p></main>")
    assert [rule for rule, _ in axe.named(axe.grave_findings(page))] == ["image-alt"]
    page.evaluate("document.querySelector('img').alt = 'a picture'")
    assert axe.findings(page) == []


def test_it_is_light(page: Page) -> None:
    loaded = (
        "performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => /(css|js)$/.test(name))"
    )
    bodies = [page.request.get(name).body() for name in page.evaluate(loaded)]
    assert len(bodies) >= 2
    assert sum(len(gzip.compress(body)) for body in bodies) < MOST_BYTES


def test_single_keys_work_and_can_be_switched_off(page: Page) -> None:
    chosen = page.locator("input[name=one]:checked")
    page.keyboard.press("3")
    assert chosen.input_value() == "3"
    page.keyboard.press("?")
    dialog = page.locator("#keys")
    expect(dialog).to_contain_text("Pick option 3")
    dialog.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.keyboard.press("1")
    assert chosen.input_value() == "3"
    page.reload()
    page.keyboard.press("1")
    assert chosen.input_value() == "2"  # as the server draws it: the key did nothing, so it was remembered


def test_keys_are_letters_while_one_writes(page: Page) -> None:
    field = page.get_by_label("Title")
    field.fill("")
    field.press_sequentially("3?")
    assert field.input_value() == "3?"
    assert not page.locator("#keys").is_visible()
    field.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


BRING = """(field, [kind, text]) => {
  const brought = new DataTransfer();
  brought.items.add(new File(["x"], "x.png", { type: "image/png" }));
  if (text) brought.setData("text/plain", text);
  const carried = { clipboardData: brought, dataTransfer: brought, bubbles: true, cancelable: true };
  const event = kind === "paste" ? new ClipboardEvent(kind, carried) : new DragEvent(kind, carried);
  return field.dispatchEvent(event);
}"""


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_that_a_field_for_text_cannot_take_is_told_of(page: Page, kind: str) -> None:
    field = page.locator("textarea").first
    said = page.get_by_role("alert")
    assert field.evaluate(BRING, [kind, "cells of a table"])  # their text goes in, as ever
    expect(said).to_have_count(0)
    assert not field.evaluate(BRING, [kind, ""])
    expect(said).to_contain_text("the picture was not taken")
    assert axe.named(axe.findings(page)) == []
    field.fill("It shows two networks.")
    expect(said).to_have_count(0)


def test_the_theme_is_remembered_by_cookie(page: Page) -> None:
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": page.url}])
    page.reload()
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(20, 24, 26)"
    page.context.add_cookies([{"name": "theme", "value": "light", "url": page.url}])
    page.reload()
    assert page.evaluate(ground) == "rgb(247, 247, 244)"


def test_a_console_block_is_copied_without_prompts_and_output(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    block = page.locator(".code").first
    block.hover()
    block.get_by_role("button").click()
    block.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "docker run -d -P nginx\ndocker port web2"


def test_a_countdown_runs(page: Page) -> None:
    timer = page.get_by_role("timer", name="Time left")
    before = timer.inner_text()
    page.wait_for_timeout(2100)
    assert timer.inner_text() < before


def test_on_a_phone_the_panes_take_turns(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 720})
    task, host = page.locator(".pane-1"), page.locator(".pane-2")
    assert task.is_visible()
    assert not host.is_visible()
    page.get_by_label("Host", exact=True).check()
    assert host.is_visible()
    assert not task.is_visible()


def test_a_line_of_text_has_a_readable_length(page: Page) -> None:
    assert 58 <= page.evaluate(MEASURE) <= 72


def test_short_code_is_broken_only_where_its_line_is_too_narrow(page: Page) -> None:
    widths = page.evaluate(
        """() => ["20rem", "6rem"].map((width) => {
          const line = document.createElement("p");
          line.style.width = width;
          line.innerHTML = "some text before <code data-short>docker ps --filter name=web</code>";
          document.querySelector("main").append(line);
          const code = line.querySelector("code");
          return [code.getBoundingClientRect().right <= line.getBoundingClientRect().right, code.offsetHeight];
        })"""
    )
    (fits, low), (fits_too, high) = widths
    assert fits
    assert fits_too
    assert high > 2 * low
