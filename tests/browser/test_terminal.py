"""The terminal in a real browser on a real host: lost lines, reloads, tabs, floods, hostile output, paste, sign-out."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, WebSocketRoute, expect

from ops.running_product import RunningProduct
from tests.browser import pictures

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

LAB = "/labs/publish-or-publish-all"
PATIENCE_MS = 30_000  # a busy machine
FLOOD_S = 15.0
FLOODS = ("yes", "cat /dev/urandom", "tr '\\\\0' x < /dev/zero")
GROWTH_BYTES = 4 * 1024**2  # a quarter of a MiB a second; seen: 1.4 MiB after 6 s, 1.5 after 15, 1.7 after 60
TRIES, TRY_MS = 5, 8_000
FRESH_SCREEN = "reset -Q; clear; echo"
SCREEN_SHOWS = "pattern => new RegExp(pattern, 's').test(document.querySelector('.xterm-rows')?.textContent ?? '')"
CLIPBOARD = "what was on the clipboard"

# Each is something that a program in the sandbox may print. None may do more than be shown, or be left out.
HOSTILE = (
    r"\033]0;<img src=x onerror=alert(1)>\007",
    r"\033]2;title\033\\",
    r"\033]52;c;aG9zdGlsZQ==\007",
    r"\033]52;c;?\007",
    r"\033]8;;javascript:alert(1)\033\\link\033]8;;\033\\",
    r"\033]8;;data:text/html,<script>alert(1)</script>\033\\link\033]8;;\033\\",
    r"\033P$q\"p\033\\",
    r"\033P+q544e\033\\",
    r"\033P0;0;0q#0!2147483647~\033\\",
    r"\033[21t\033[18t\033[8;9999;9999t",
    r"x\033[2147483647b",
    *(rf"\033[2147483647{final}" for final in "@ILMPSTXZABCDEFGdae`"),
    r"\033[2147483647 @\033[2147483647 A",
    r"\033[99999999;99999999H\033[99999999;99999999r",
    r"\033[?1049h\033[?1049l\033[r\033[m\033[?25h",
)


@pytest.fixture(scope="module", autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def context(
    browser: Browser, product: RunningProduct, add_learner: Callable[[str], tuple[str, UUID]]
) -> Iterator[BrowserContext]:
    """A learner's browser, signed in, with a lab's host ready."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=product.address)
    page = context.new_page()
    link, _ = add_learner(f"At the terminal {uuid4().hex[:6]}")
    page.goto(link)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.goto(f"{product.address}{LAB}")
    page.get_by_label("answers on host port").first.fill("8080")
    page.get_by_label("8081, the next one after 8080").check()
    page.get_by_role("button", name="Commit prediction").click()
    page.get_by_role("button", name="Start your host").click()
    expect(page.locator(".xterm-rows")).to_contain_text("docker-host:~#")
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, product: RunningProduct) -> Iterator[Page]:
    """A new tab with a terminal of its own, in which no dialog opens and no script fails."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    open_lab(page, product)
    yield page
    page.close()
    assert faults == []


def open_lab(page: Page, product: RunningProduct) -> None:
    page.goto(f"{product.address}{LAB}")
    shows(page, "docker-host:~#")
    expect(page.locator(".terminal-state")).to_have_text("connected")


def type_keys(page: Page, text: str) -> None:
    """Type a text key by key."""
    page.locator(".xterm-helper-textarea").focus()
    page.keyboard.type(text)


def type_in(page: Page, text: str) -> None:
    """Type a text with a line at a time, as an input method gives it: each key would take a message to the host."""
    page.locator(".xterm-helper-textarea").focus()
    first, *others = text.split("\n")
    page.keyboard.insert_text(first)
    for line in others:
        page.keyboard.press("Enter")
        page.keyboard.insert_text(line)


def shows(page: Page, pattern: str, *, within_ms: float = PATIENCE_MS) -> None:
    """Wait until the screen shows a pattern.

    The page looks in each frame: an expectation of Playwright looks again after 0.1, 0.25, 0.5 and then each 1 s.
    """
    try:
        page.wait_for_function(SCREEN_SHOWS, arg=pattern, timeout=within_ms)
    except TimeoutError:
        expect(page.locator(".xterm-rows")).to_have_text(re.compile(pattern, re.DOTALL), timeout=1)  # or says what is


def in_terminal(page: Page, command: str, *, then: str) -> None:
    type_in(page, command + "\n")
    shows(page, then)


def recovers(page: Page, word: str, by: str = FRESH_SCREEN) -> None:
    """Ctrl+C and a fresh screen that says `word`, by this shell command.

    More than one try, since the terminal's own answer to a sequence that asks it something can come while one types.
    """
    for _ in range(TRIES):
        type_in(page, f"\x03\n\n{by} {word}''.\n")
        try:
            shows(page, rf"{word}\.", within_ms=TRY_MS)
        except AssertionError:
            continue
        return
    shows(page, rf"{word}\.")


def resident_bytes(product: RunningProduct) -> dict[str, int]:
    """The memory of each process of the product, by its process id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"QUIZAPP_INSTANCE_DIR={product.instance}\0".encode() in (folder / "environ").read_bytes():
                pages = int((folder / "statm").read_text().split()[1])
                found[folder.name] = pages * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            continue  # it has just ended
    return found


def point_at(page: Page, text: str) -> None:
    """Move the mouse onto a text on the screen, whose letters lie below the layer that takes the mouse."""
    box = page.locator(".xterm-rows").get_by_text(text, exact=True).last.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + 1)
    page.mouse.move(box["x"] + 12, box["y"] + box["height"] / 2)


def eventually(is_so: Callable[[], bool], seconds: float = PATIENCE_MS / 1000) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_lost_line_comes_back_to_the_same_shell_with_nothing_twice(
    context: BrowserContext, product: RunningProduct
) -> None:
    page = context.new_page()
    lines: list[WebSocketRoute] = []

    def through(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    page.route_web_socket(re.compile("/terminal"), through)
    open_lab(page, product)
    in_terminal(page, "clear; kept=shell; for i in $(seq 1 6); do echo line-$i.; sleep 0.5; done", then=r"line-2\.")
    lines[-1].close()
    expect(page.locator(".terminal-state")).to_have_text("Reconnecting…")
    expect(page.locator(".terminal-state")).to_have_text("connected")
    shows(page, r"line-6\.")
    screen = page.locator(".xterm-rows").inner_text()
    assert re.findall(r"line-\d\.", screen) == [f"line-{number}." for number in range(1, 7)]
    in_terminal(page, "clear; echo $kept-again", then="shell-again")
    page.close()


def test_a_reload_comes_back_to_the_same_shell(page: Page) -> None:
    type_keys(page, "clear; kept=$((40+2)); echo before''-reload\n")
    shows(page, "before-reload")
    page.reload()
    shows(page, "before-reload")
    in_terminal(page, "echo it-is-$kept", then="it-is-42")
    assert "new shell" not in page.locator(".xterm-rows").inner_text()


def test_each_tab_has_its_own_shell_and_the_fifth_is_told(context: BrowserContext, product: RunningProduct) -> None:
    tabs = []
    for number in range(4):
        tabs.append(context.new_page())
        open_lab(tabs[-1], product)
        in_terminal(tabs[-1], f"clear; mine={number}; echo set''.", then=r"set\.")
    for number, tab in enumerate(tabs):
        in_terminal(tab, "echo tab-$mine.", then=rf"tab-{number}\.")
    fifth = context.new_page()
    fifth.goto(f"{product.address}{LAB}")
    shows(fifth, "This host has 4 terminals open already")
    tabs[0].close()
    type_in(fifth, "\n")
    shows(fifth, "docker-host:~#")
    for tab in (*tabs[1:], fifth):
        tab.close()


@pytest.mark.alone
def test_floods_leave_pages_and_product_alone(context: BrowserContext, page: Page, product: RunningProduct) -> None:
    tabs = [page, *(context.new_page() for _ in FLOODS[1:])]
    for tab in tabs[1:]:
        open_lab(tab, product)
    before = resident_bytes(product)
    assert len(before) >= 4, "web and sandboxd, each a master and a worker"
    for tab, command in zip(tabs, FLOODS, strict=True):
        type_in(tab, command + "\n")
    until = time.monotonic() + FLOOD_S
    slowest, most = 0.0, 0
    while time.monotonic() < until:
        for tab in tabs:
            began = time.monotonic()
            tab.evaluate("new Promise(requestAnimationFrame)")
            slowest = max(slowest, time.monotonic() - began)
        now = resident_bytes(product)
        most = max(most, *(now[pid] - before[pid] for pid in before if pid in now))
        time.sleep(0.1)
    assert slowest < 2, f"the pages live; one took {slowest:.1f} s"
    assert most < GROWTH_BYTES, f"a process grew by {most / 1024**2:.1f} MiB"
    for tab in tabs:
        recovers(tab, "still-here")
    for tab in tabs[1:]:
        tab.close()


# Milliseconds from the next key until the screen says "gone.", timed by the page in each frame: an expectation of
# Playwright looks again after 0.1, 0.25, 0.5 and 1 s, so that an answer after 0.4 s would have taken 0.85.
TIME_THE_ANSWER = r"""() => {
  window.answered = new Promise((done) => {
    const timed = () => {
      const began = performance.now();
      const look = () => {
        const isThere = /gone\./.test(document.querySelector(".xterm-rows").textContent);
        const took = performance.now() - began;
        isThere || took > 30_000 ? done(took) : requestAnimationFrame(look);
      };
      look();
    };
    addEventListener("keydown", timed, { capture: true, once: true });
  });
}"""


@pytest.mark.alone
@pytest.mark.parametrize("command", ["yes", "cat /dev/urandom"])
def test_ctrl_c_answers_a_flood_within_a_second(page: Page, command: str) -> None:
    # Whatever state the terminal is in, the trap resets it first: noise may have set any.
    type_in(page, rf"(trap 'printf \\033c; echo gone''.; exit' INT; {command})" + "\n")
    time.sleep(3)  # the flood itself, not a wait for something
    page.locator(".xterm-helper-textarea").focus()
    page.evaluate(TIME_THE_ANSWER)
    page.keyboard.press("Control+c")
    assert page.evaluate("() => window.answered") < 1000
    recovers(page, "calm-again")


def test_hostile_output_does_nothing(page: Page) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", CLIPBOARD)
    title, address, tabs = page.title(), page.url, len(page.context.pages)
    type_in(page, f'fresh() {{ {FRESH_SCREEN} "$1"; }}\n')
    for number, sequence in enumerate(HOSTILE):
        in_terminal(page, f"clear; printf '{sequence}'; echo printed-{number}''.", then=rf"printed-{number}\.")
        recovers(page, f"alive-{number}", by="fresh")
    assert page.evaluate("navigator.clipboard.readText()") == CLIPBOARD
    assert (page.title(), page.url, len(page.context.pages)) == (title, address, tabs)
    assert page.evaluate("window.x") is None


def test_links_lead_to_the_web_alone(page: Page) -> None:
    in_terminal(
        page, r"clear; printf '\033]8;;https://example.com/\033\\the-link\033]8;;\033\\ \n'", then=r"the-link\s"
    )
    screen = page.locator(".terminal-screen")
    point_at(page, "the-link")
    expect(screen).to_have_attribute("title", "https://example.com/")
    in_terminal(page, r"clear; printf '\033]8;;file:///etc/passwd\033\\bad-link\033]8;;\033\\ \n'", then=r"bad-link\s")
    point_at(page, "bad-link")
    expect(screen).not_to_have_attribute("title", re.compile("."))


def test_copy_and_paste_by_the_keys_that_are_named(page: Page) -> None:
    in_terminal(page, "clear; echo copy''-me", then="copy-me")
    point_at(page, "copy-me")
    for clicks in (1, 2):
        page.mouse.down(click_count=clicks)
        page.mouse.up(click_count=clicks)
    page.keyboard.press("Control+Shift+C")
    eventually(lambda: bool(page.evaluate("navigator.clipboard.readText()") == "copy-me"))
    type_in(page, "clear; echo got-")
    page.keyboard.press("Control+Shift+V")
    page.keyboard.type("\n")
    shows(page, "got-copy-me\\W+root|got-copy-me.*#")


def test_several_lines_are_asked_about_where_each_would_run(page: Page) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", "echo one''.\necho two''.\n")
    in_terminal(page, "bind 'set enable-bracketed-paste off'; clear; echo un''bracketed", then="unbracketed")
    page.keyboard.press("Control+Shift+V")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("paste 2 lines")
    dialog.get_by_role("button", name="Do not paste").click()
    expect(dialog).not_to_be_visible()
    page.keyboard.press("Control+Shift+V")
    dialog.get_by_role("button", name="Paste", exact=True).click()
    shows(page, r"one\..*two\.")


def test_the_screen_reader_mode_writes_the_output_for_it(page: Page) -> None:
    box = page.get_by_label("Read output aloud, with a screen reader")
    box.check()
    type_keys(page, "clear; echo read-this''-aloud\n")  # xterm.js 6 takes nothing else in this mode
    shows(page, "read-this-aloud")
    expect(page.locator(".xterm-accessibility-tree")).to_contain_text("read-this-aloud")
    box.uncheck()
    expect(page.locator(".xterm-accessibility-tree")).to_have_count(0)


def test_a_command_without_the_terminal(page: Page) -> None:
    page.get_by_label("Command", exact=True).fill("echo $((6*7)); exit 3")
    page.get_by_role("button", name="Run", exact=True).click()
    result = page.locator("#command-result")
    expect(result).to_contain_text("42")
    expect(result).to_contain_text("Exit code 3.")
    expect(page.locator(".terminal-state")).to_have_text("connected")
    page.get_by_label("Command", exact=True).fill("docker ps --format json | head -c 5; hostname")
    page.get_by_label("Command", exact=True).press("Enter")
    expect(result).to_contain_text("docker-host")
    expect(page.locator("#command-earlier")).to_contain_text("Commands before that")


def test_a_command_without_javascript(browser: Browser, context: BrowserContext, product: RunningProduct) -> None:
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(f"{product.address}{LAB}")
    page.get_by_label("Command", exact=True).fill("echo plain-$((1+1))")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#command-result")).to_contain_text("plain-2")
    plain.close()


def test_how_it_looks(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if width == 360:
                page.locator(".panes-tabs label").last.click()
            pictures.keep(page, f"terminal/lab-{width}-{scheme}.jpeg")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            expect(page.get_by_label("Command", exact=True)).to_be_visible()


def test_signing_out_in_another_tab_ends_the_terminal(
    page: Page, context: BrowserContext, product: RunningProduct
) -> None:
    other = context.new_page()
    other.goto(f"{product.address}/")
    token = other.locator("input[name=csrf_token]").first.get_attribute("value")
    other.request.post(f"{product.address}/sign-out", form={"csrf_token": str(token)})
    other.close()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")  # the page was drawn anew
