"""The lab page with a real host: terminals, letters, full screen, the edge, keys, the replay, a pass by itself."""

import base64
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from ops.running_product import RunningProduct
from tests.browser import axe, pictures
from tests.browser.test_terminal import LAB, PATIENCE_MS, context, page

__all__ = ["context", "page"]  # fixtures

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

WITHOUT_ANSWER = "/labs/an-alias-for-the-database"
SOLVED = (
    "pg=$(docker ps --format {{.Names}} | grep pg); docker network disconnect shop $pg; "
    "docker network connect --alias database shop $pg"
)
NOTHING_IS_DRAWN = "document.documentElement.scrollWidth <= innerWidth"


def terminal(page: Page) -> Locator:
    """The screen that is seen."""
    return page.locator(".terminal-screen:not([hidden]) .xterm-rows")


def type_into_seen(page: Page, command: str, *, then: str) -> None:
    page.locator(".terminal-screen:not([hidden]) .xterm-helper-textarea").focus()
    page.keyboard.insert_text(command)
    page.keyboard.press("Enter")
    expect(terminal(page)).to_contain_text(re.compile(then))


def holds_for_all(page: Page) -> None:
    """Axe finds nothing in the page as it stands."""
    assert axe.named(axe.findings(page)) == []


def columns(page: Page, when: str) -> int:
    """How wide the shell says its window is; `when` is another word each time."""
    type_into_seen(page, f"clear; echo $(stty size | cut -d' ' -f2)-{when}", then=rf"\d+-{when}")
    return int(re.findall(rf"(\d+)-{when}", page.locator(".xterm-rows").first.inner_text())[-1])


@pytest.fixture
def phone(browser: Browser, context: BrowserContext, product: RunningProduct) -> Iterator[Page]:
    """The same learner at a phone, 360 pixels wide."""
    state = context.storage_state()
    hand = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, storage_state=state
    )
    hand.set_default_timeout(PATIENCE_MS)
    page = hand.new_page()
    page.goto(f"{product.address}{LAB}")
    expect(page.locator(".terminal-state")).to_have_text("connected")
    yield page
    hand.close()


def test_a_second_terminal_has_a_shell_of_its_own_that_a_reload_comes_back_to(page: Page) -> None:
    type_into_seen(page, "clear; mine=first; echo set''.", then=r"set\.")
    page.get_by_role("button", name="Another terminal").click()
    expect(page.get_by_role("tab", name="Terminal 2")).to_have_attribute("aria-selected", "true")
    expect(terminal(page)).to_contain_text("docker-host:~#")
    holds_for_all(page)
    type_into_seen(page, "clear; echo $mine; mine=second; echo set''.", then=r"set\.")
    page.reload()
    page.get_by_role("tab", name="Terminal 2").click()
    type_into_seen(page, "clear; echo it-is-$mine", then="it-is-second")
    page.get_by_role("tab", name="Terminal 2").press("ArrowLeft")
    type_into_seen(page, "clear; echo it-is-$mine", then="it-is-first")
    page.get_by_role("tab", name="Terminal 2").click()
    page.get_by_role("button", name="Close this terminal").click()
    expect(page.get_by_role("tab")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("tab")).to_have_count(1)


def test_larger_letters_leave_fewer_columns_and_are_kept(page: Page) -> None:
    before = columns(page, "before")
    page.get_by_role("button", name="Larger letters").click()
    assert columns(page, "larger") < before
    page.reload()
    expect(page.locator(".terminal-state")).to_have_text("connected")
    assert columns(page, "kept") < before
    page.get_by_role("button", name="Smaller letters").click()
    assert columns(page, "smaller") == before


def test_full_screen_covers_the_page_and_escape_stays_the_shells(page: Page) -> None:
    button = page.get_by_role("button", name="Full screen")
    button.press("Enter")
    frame = page.locator(".terminal-frame")
    expect(frame).to_have_css("height", "900px")
    assert page.evaluate("document.elementFromPoint(8, 8).closest('.terminal-frame') !== null")
    assert page.evaluate(
        "document.querySelector('#task').inert || document.querySelector('#task').closest('[inert]') !== null"
    )
    holds_for_all(page)
    page.locator(".xterm-helper-textarea").focus()
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+Shift+Period")  # all but the frame is inert
    expect(button).to_be_focused()
    button.click()
    assert page.locator("[inert]").count() == 0


def test_who_types_types_on_after_letters_and_size_are_changed_by_mouse(page: Page) -> None:
    page.locator(".xterm-helper-textarea").focus()
    for name in ("Larger letters", "Smaller letters", "Full screen", "Full screen"):
        page.get_by_role("button", name=name).click()
        expect(page.locator(".xterm-helper-textarea")).to_be_focused()


def test_the_edge_between_task_and_host_is_moved_by_keys_and_kept(page: Page) -> None:
    edge = page.get_by_role("separator", name="Width of the task")
    host = page.locator(".pane-2")
    before = host.bounding_box()
    for _ in range(2):
        edge.press("ArrowRight")
    after = host.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] < before["width"]
    page.reload()
    kept = host.bounding_box()
    assert kept is not None
    assert kept["width"] == pytest.approx(after["width"], abs=1)
    for _ in range(2):
        edge.press("ArrowLeft")


def test_a_key_leads_into_the_terminal_and_another_one_out(page: Page) -> None:
    page.locator("#main").focus()
    page.keyboard.press("t")
    expect(page.locator(".xterm-helper-textarea")).to_be_focused()
    page.keyboard.press("Control+Shift+Period")
    expect(page.get_by_role("textbox", name="port").first).to_be_focused()
    type_into_seen(page, "clear; echo after-''it", then="after-it")  # as dictation does it: a text without keys


def test_ctrl_of_a_phone_holds_for_the_next_key(phone: Page) -> None:
    keys = phone.get_by_role("group", name="Keys for the terminal")
    expect(keys).to_be_visible()
    holds_for_all(phone)
    for name in ("|", "/", "-", "Tab", "Esc"):
        expect(keys.get_by_role("button", name=name, exact=True)).to_be_visible()
    type_into_seen(phone, "clear; trap 'echo caught-''it' INT; echo ready''.", then=r"ready\.")
    keys.get_by_role("button", name="Ctrl", exact=True).tap()
    phone.keyboard.press("c")
    expect(terminal(phone)).to_contain_text("^C")
    expect(keys.get_by_role("button", name="Ctrl", exact=True)).to_have_attribute("aria-pressed", "false")


def test_a_host_that_was_awaited_shows_its_keys_above_the_bar_of_a_phone(phone: Page) -> None:
    phone.evaluate("sessionStorage.setItem('host awaited', location.pathname)")
    phone.reload()
    expect(phone.locator(".xterm-helper-textarea")).to_be_focused()
    keys = phone.get_by_role("group", name="Keys for the terminal").bounding_box()
    bar = phone.get_by_role("navigation", name="Main").bounding_box()
    assert keys is not None
    assert bar is not None
    assert keys["y"] + keys["height"] <= bar["y"]


def test_a_phone_shows_what_is_due(
    browser: Browser, context: BrowserContext, phone: Page, product: RunningProduct
) -> None:
    expect(phone.locator(".terminal-screen")).to_be_in_viewport()
    phone.goto(f"{product.address}{WITHOUT_ANSWER}")
    expect(phone.locator(".panes-tabs")).to_have_count(0)
    way = phone.get_by_role("link", name="To the prediction")
    expect(way).to_be_in_viewport(ratio=1)
    way.tap()
    expect(phone.get_by_role("group", name="When a container leaves")).to_be_in_viewport(ratio=1)
    expect(phone.get_by_role("button", name="Commit prediction")).to_be_in_viewport(ratio=1)
    holds_for_all(phone)


def test_the_replay_shows_what_commands_printed_and_the_networks(page: Page, browser: Browser) -> None:
    with page.expect_response(re.compile("recorded-host")):
        type_into_seen(page, "docker network create -d bridge seen-later; echo '<b>'$((6*7))", then="42")
    page.goto(f"{page.url}/replay?step=99")
    step = page.locator("#now")
    expect(step).to_contain_text("docker network create")
    expect(step.locator(".command-output")).to_contain_text(re.compile(r"[0-9a-f]{64}\s+<b>42"))
    expect(step.locator(".network-picture")).to_contain_text("seen-later")
    holds_for_all(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width, height in ((360, 740), (740, 360), (1280, 800)):
            page.set_viewport_size({"width": width, "height": height})
            pictures.keep(page, f"lab/replay-{width}-{scheme}.png")
            assert page.evaluate(NOTHING_IS_DRAWN)
    page.get_by_role("button", name="Make a link").click()
    address = page.get_by_label("Whoever has this link").input_value()
    stranger = browser.new_context()
    other = stranger.new_page()
    other.goto(f"{address}?step=99")
    expect(other.locator("#now")).to_contain_text("docker network create")
    holds_for_all(other)
    stranger.close()
    page.get_by_role("button", name="Take the link back").click()
    expect(page.get_by_role("button", name="Make a link")).to_be_visible()


def test_how_the_terminal_looks(page: Page, phone: Page) -> None:
    for scheme in ("light", "dark"):
        for one, width, height in ((phone, 360, 740), (phone, 740, 360), (page, 1280, 800)):
            one.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            one.set_viewport_size({"width": width, "height": height})
            pictures.keep(one, f"lab/terminal-{width}-{scheme}.png", full_page=False)
            assert one.evaluate(NOTHING_IS_DRAWN)
    phone.set_viewport_size({"width": 360, "height": 740})
    phone.get_by_role("button", name="Full screen").tap()
    pictures.keep(phone, "lab/terminal-whole-360.png", full_page=False)


HOSTILE = """<!doctype html><link rel=stylesheet href=style.css><p id=said>nothing</p><script>
const tries = [];
const note = (name, value) => tries.push(name + "=" + value);
try { note("cookie", document.cookie || "none"); } catch { note("cookie", "refused"); }
try { note("storage", localStorage.length); } catch { note("storage", "refused"); }
note("origin", self.origin);
const asked = (name, address, options) =>
  fetch(address, options).then((answer) => note(name, answer.status), () => note(name, "refused"));
const all = [asked("own", "style.css"), asked("app", "/labs", { credentials: "include" }),
  asked("post", "/sign-out", { method: "POST", mode: "no-cors", credentials: "include" })];
const register = () => navigator.serviceWorker.register("worker.js");
try { all.push(register().then(() => note("worker", "in"), () => note("worker", "refused"))); }
catch { note("worker", "refused"); }
note("window", window.open("/labs") === null ? "refused" : "open");
Promise.all(all).then(() => { document.getElementById("said").textContent = tries.sort().join(" "); });
</script><form action=/sign-out method=post><button>Sign out</button></form>
"""


# What refuses its form to be sent.
SENT_FORM = """() => new Promise((refused) => {
  addEventListener("securitypolicyviolation", ({ effectiveDirective }) => refused(effectiveDirective));
  document.querySelector("form").requestSubmit();
})"""


def test_a_page_of_the_host_is_shown_and_can_do_nothing_as_the_learner(page: Page, context: BrowserContext) -> None:
    files = (
        "mkdir -p /srv/own; cd /srv/own; base64 -d <<< {} > index.html; echo 'p {{ color: rgb(1, 2, 3) }}' > style.css"
    )
    type_into_seen(page, files.format(base64.b64encode(HOSTILE.encode()).decode()), then="#")
    type_into_seen(page, "clear; busybox httpd -p 8181 -h /srv/own; echo up''.", then=r"up\.")
    page.get_by_label("See a port of your host").fill("8181")
    with context.expect_page() as opened:
        page.get_by_role("button", name="Open", exact=True).click()
    shown = opened.value
    said = shown.locator("#said")
    expect(said).to_have_text(re.compile("post="))
    tries = dict(each.split("=") for each in said.inner_text().split())
    assert tries.pop("own") == "200"
    assert tries.pop("origin") == "null"
    assert set(tries.values()) == {"refused"}, tries
    expect(said).to_have_css("color", "rgb(1, 2, 3)")
    assert shown.evaluate(SENT_FORM) == "form-action"
    other = context.new_page()
    other.goto(shown.url)
    other.evaluate("document.body.innerHTML = '<form method=post><button>Send</button></form>'")  # to its own address
    other.get_by_role("button", name="Send").click()
    expect(other.get_by_text("A page that is none of this site's sent this")).to_be_visible()
    other.close()
    page.reload()
    expect(page.locator(".terminal-state")).to_have_text("connected")
    shown.close()


def test_a_server_that_does_not_answer_is_told_beside_check_until_it_does(page: Page) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.locator("#report-words").evaluate("field => { field.style.height = '200px' }")  # as by dragging its corner
    page.route("**/*", lambda route: route.abort())  # what the page asks by itself too: any answer ends what is said
    check = page.get_by_role("button", name="Check", exact=True)
    check.click()
    lost = page.locator("[data-lost]")
    expect(lost).to_contain_text("The server did not answer")
    holds_for_all(page)
    above, below = check.bounding_box(), lost.bounding_box()
    assert above is not None
    assert below is not None
    assert 0 <= below["y"] - above["y"] - above["height"] < 40
    page.unroute_all()
    check.click()
    expect(lost).to_have_count(0)
    expect(page.locator("#report-words")).not_to_have_css("height", "200px")  # the page was drawn anew
    assert refused == []


def test_a_read_solution_and_a_host_that_ends_soon_hold_for_all(page: Page) -> None:
    page.get_by_label("The host port that leads to").fill("80")
    page.get_by_role("button", name="Check", exact=True).click()  # the solution of a question comes after a try
    expect(page.locator("#result")).to_contain_text("Not yet")
    page.locator("summary", has_text="Solution").click()
    page.get_by_role("button", name="Read the solution").click()
    expect(page.locator("#solution")).to_contain_text("docker run")
    page.locator("summary", has_text="End").last.click()
    page.get_by_role("button", name="End the host").click()
    expect(page.get_by_text("Ends soon")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        holds_for_all(page)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Ends soon")).to_have_count(0)


def test_a_pass_that_comes_by_itself_leaves_one_in_the_terminal(
    context: BrowserContext, product: RunningProduct
) -> None:
    page = context.new_page()
    page.goto(f"{product.address}{WITHOUT_ANSWER}")
    page.get_by_role("radio", name="goes on running").check()
    page.get_by_role("button", name="Commit prediction").click()
    page.get_by_role("button", name="End it and start here").click()
    expect(page.locator(".terminal-state")).to_have_text("connected")
    expect(page.locator(".xterm-helper-textarea")).to_be_focused()  # the host has come while one waited for it
    expect(terminal(page)).to_contain_text("docker-host:~#")
    type_into_seen(page, SOLVED, then="#")
    expect(page.get_by_role("link", name="Passed: see the result")).to_be_visible()
    expect(page.locator("#result")).to_contain_text("Right")
    expect(page.locator(".xterm-helper-textarea")).to_be_focused()
    type_into_seen(page, "echo still-''here", then="still-here")
    holds_for_all(page)
    page.keyboard.press("Control+Shift+Period")
    asked = page.locator("#explain-answer")
    expect(asked).to_be_focused()
    asked.evaluate("element => element.remove()")
    page.locator(".xterm-helper-textarea").focus()
    page.keyboard.press("Control+Shift+Period")  # nothing is left to be done after it
    expect(page.get_by_role("link", name="Passed: see the result")).to_be_focused()
    page.close()
