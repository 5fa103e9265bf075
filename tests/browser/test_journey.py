"""The main journey, from the sign-in link to a corrected typo, against everything as it really runs."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

import docker
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from ops.running_product import RunningProduct, running_product
from quizapp import sqlite
from quizapp.sandboxes.pool.ownership import INSTANCE, Signer
from tests.browser import axe, pictures

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

NOTE = "/notes/n-d8w2"
NOWHERE = "/notes/nowhere"
LAB = "/labs/publish-or-publish-all"
TRACE_LAB = "/labs/the-way-of-a-packet"
COMMAND_LAB = "/labs/publish-in-one-line"
HOLD = re.compile(r"\d of \d checks hold")
PATIENCE_MS = 30_000  # a busy machine
ALL_IS_SENT = "() => !Object.keys(localStorage).some((key) => key.startsWith('outbox.'))"
# A scheme changes nothing but colours, so in the dark axe need not judge everything else once more.
RULES: dict[str, dict[str, list[str]]] = {
    "light": {},
    "dark": {"runOnly": ["color-contrast", "link-in-text-block"]},
}


@pytest.fixture(scope="module")
def product(engine_url: str) -> Iterator[RunningProduct]:
    """The running product; when it has ended, no container of its own is left."""
    with closing(docker.DockerClient(engine_url, timeout=30)) as engine:
        with running_product(SANDBOX_WARM="0") as product:
            ours = f"{INSTANCE}={Signer((product.instance / 'secret_key').read_bytes().strip()).instance}"
            yield product
            assert engine.containers.list(filters={"label": ours}), "or this looks for the wrong ones"
        left = [one.name for one in engine.containers.list(all=True, filters={"label": ours})]
    assert left == [], "Ctrl-C leaves no sandbox behind"


@pytest.fixture(scope="module")
def page(browser: Browser, product: RunningProduct) -> Iterator[Page]:
    """The owner's browser, signed in by the link, with nothing on the console that should not be there."""
    context = browser.new_context(
        timezone_id="Europe/Berlin", viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if is_fault(message) else None)
    yield page
    context.close()
    assert faults == []


def is_fault(message: ConsoleMessage) -> bool:
    """Whether the console says that something is wrong; a page that is not there is meant to be missing."""
    return message.type == "error" and NOWHERE not in message.location["url"]


@pytest.fixture(scope="module", autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE_MS)


def look(page: Page, name: str) -> None:
    """Keep a picture of the page on a phone and on a desk, light and dark, and let axe find nothing serious in it."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            # To hide the caret leaves `style=""` in fields, which htmx copies to others: no policy allows that.
            pictures.keep(page, f"journey/{name}-{width}-{scheme}.jpeg", caret="initial")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} px wide on a screen of {width}"
        assert axe.named(axe.grave_findings(page, RULES[scheme])) == [], f"{name}, {scheme}"
    page.emulate_media(color_scheme="light")


def database(product: RunningProduct, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite.open_to_read(product.instance / "quizapp.sqlite3")) as connection:
        return list(connection.execute(sql))


def test_1_sign_in_by_the_link(page: Page, product: RunningProduct) -> None:
    page.goto(product.link)
    look(page, "1-link")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{product.address}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Good "))
    expect(page.get_by_text("Begin with a note.")).to_be_visible()
    look(page, "1-today")


def test_2_read_the_note(page: Page, product: RunningProduct) -> None:
    page.goto(product.address)
    page.keyboard.press("Enter")  # the page's one main thing to do
    expect(page).to_have_url(f"{product.address}{NOTE}")
    expect(page.locator(".note-section > h2")).to_have_count(7)
    asked = page.locator("details.asked")
    expect(asked).to_have_count(18)
    guided = asked.filter(has_text="Must say").first
    guided.locator("summary").click()
    expect(guided.get_by_text("Must say")).to_be_visible()
    look(page, "2-note")


def test_3_a_quiz_of_ten(page: Page, product: RunningProduct) -> None:
    page.goto(f"{product.address}{NOTE}")
    page.get_by_role("link", name="Be quizzed on it").click()
    look(page, "3-practice")
    page.get_by_role("button", name="Start").click()
    kinds, right = set(), 0
    for position in range(1, 11):
        expect(page.get_by_text(f"{position} of 10", exact=False).first).to_be_visible()
        kind = _answer(page)
        if kind not in kinds:
            look(page, f"3-answered-{kind}")
        kinds.add(kind)
        right += page.locator(".verdict-pass").count()
        page.keyboard.press("Enter")
    assert {"single", "multiple"} <= kinds <= {"open", "single", "multiple", "command"}
    expect(page.locator(".score strong")).to_have_text(f"{right} of 10")
    expect(page.locator(".result-list > li")).to_have_count(10 - right)
    look(page, "3-result")
    assert database(product, "SELECT count(*) FROM card WHERE phase = 'l'") == [(10 - right,)]


def _answer(page: Page) -> str:
    """Answer the question at hand, an open one rightly, others by what comes first; returns its kind."""
    page.wait_for_load_state()  # of the whole page, since what is not there yet is not counted
    if page.locator("[data-enter-sends]").count():
        page.get_by_label("Your command").fill("true")
        page.locator(".sitting-foot .button-primary").click()
        kind = "command"
    elif page.locator("textarea").count():
        page.locator("textarea").fill("Host first, container second.")
        page.get_by_role("button", name="Show the guide").click()
        points = page.locator(".points input[name=points]")
        expect(points.first).to_be_visible()  # on the page that follows, which `all` does not wait for
        for point in points.all():
            point.check()
        page.get_by_role("button", name="Mark", exact=True).click()
        kind = "open"
    else:
        kind = "single" if page.locator(".choice[data-pick=one]").count() else "multiple"
        options = page.locator(".choice").count()
        page.keyboard.press("1")
        page.get_by_role("button", name="Answer").click()
        expect(page.locator(".choice-why")).to_have_count(options)
    expect(page.locator(".verdict-word")).to_be_visible()
    return kind


def test_4_a_review(page: Page, product: RunningProduct) -> None:
    page.goto(f"{product.address}{NOTE}")
    page.get_by_role("button", name=re.compile("^Add .* cards")).click()
    expect(page.get_by_text("All its cards are in your reviews.")).to_be_visible()
    page.goto(f"{product.address}/review")
    page.wait_for_load_state("networkidle")
    first = page.locator(".prompt").inner_text()
    page.keyboard.press("Space")
    expect(page.locator(".rating-interval")).to_have_count(4)
    intervals = page.locator(".rating-interval").all_inner_texts()
    assert intervals[0] == "10 min"
    assert all(re.fullmatch(r"\d+(\.\d)? (d|mo|y)", interval) for interval in intervals[1:])
    look(page, "4-review")
    page.keyboard.press("3")
    expect(page.locator(".prompt")).not_to_have_text(first)
    page.wait_for_function(ALL_IS_SENT)  # the rating is sent while the next card is shown already
    assert database(product, "SELECT count(*) FROM review_log WHERE source = 'r' AND outcome = 'a'") == [(1,)]
    page.keyboard.press("u")
    expect(page.locator(".prompt")).to_have_text(first)
    page.wait_for_function(ALL_IS_SENT)
    assert database(product, "SELECT outcome FROM review_log WHERE source = 'r'") == [("u",)]


def in_terminal(page: Page, command: str, *, shows: str) -> None:
    """Type a command into the terminal and wait until the screen shows a pattern."""
    page.locator(".xterm-helper-textarea").focus()
    page.keyboard.type(command + "\n")
    expect(page.locator(".xterm-rows")).to_have_text(re.compile(shows, re.DOTALL))


def check(page: Page, port: str) -> None:
    page.get_by_label("The host port that leads to").fill(port)
    page.get_by_role("button", name="Check").click()


def test_5_the_lab_fails_for_each_reason_and_says_what_was_seen(page: Page, product: RunningProduct) -> None:
    page.goto(f"{product.address}{LAB}")
    look(page, "5-predict")
    page.get_by_label("answers on host port").first.fill("8080")
    page.get_by_label("8081, the next one after 8080").check()
    page.get_by_role("button", name="Commit prediction").click()
    page.get_by_role("button", name="Start your host").click()
    expect(page.get_by_text("Your host is starting")).to_be_visible()
    look(page, "5-starting")
    expect(page.locator(".xterm-rows")).to_contain_text("docker-host:~#")
    verdict = page.locator(".verdict")

    check(page, "32768")
    expect(verdict).to_contain_text("no container web1")  # nothing done
    look(page, "5-nothing-done")

    in_terminal(page, "docker run -d --name web1 -p 80:8080 nginx; clear; echo do''ne", shows="done")
    check(page, "32768")
    expect(verdict).to_contain_text("80:8080")  # swapped
    in_terminal(page, "docker rm -f web1; clear; echo gone''.", shows=r"gone\.")
    in_terminal(page, "docker run -d --name web1 -p 8080:80 nginx; clear; echo web''1", shows="web1")
    live = page.locator("[data-live-checks]")
    expect(live).to_have_text(HOLD)  # by themselves
    before = live.inner_text()
    in_terminal(
        page, "docker run -d --name web2 -P nginx; clear; docker port web2", shows=r"80/tcp -> 0\.0\.0\.0:\d{5}"
    )
    expect(live).not_to_have_text(before)
    check(page, "80")
    expect(verdict).to_contain_text("80 does not lead to web2")  # the wrong port
    look(page, "5-wrong-port")


PUBLISHED = re.compile(r"0\.0\.0\.0:(\d{5})")


def test_6_the_right_port_passes_and_rates_the_card(page: Page, product: RunningProduct) -> None:
    rows = page.locator(".xterm-rows")
    expect(rows).to_contain_text(PUBLISHED)  # once the terminal of the page after the check has got its text again
    found = PUBLISHED.search(rows.inner_text())
    assert found
    check(page, found[1])
    expect(page.locator(".verdict-pass")).to_be_visible()
    table = page.get_by_role("table").first
    expect(table).to_contain_text("8081, the next one after 8080")
    expect(table).to_contain_text("some free port from 32768 to 60999")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"comes back (tomorrow|in \d+ d)", re.IGNORECASE))
    look(page, "6-passed")
    rated = database(product, "SELECT rating, outcome FROM review_log WHERE source = 's'")
    assert rated == [(2, "a")]  # not at the first try: right, but hard


def test_7_a_command_is_graded_by_its_effect(page: Page, product: RunningProduct) -> None:
    page.goto(product.address + COMMAND_LAB)
    page.get_by_role("radio", name="nginx").check()
    page.get_by_role("radio", name="guess").check()
    page.get_by_role("button", name="Commit prediction").click()
    port = page.locator("#task strong").nth(1).inner_text()
    page.get_by_label("Your command").fill("docker run -d -P nginx")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    difference = page.get_by_role("region", name="What is different")
    expect(difference.get_by_text("0.0.0.0:a port that was free → nginx:80/tcp")).to_be_visible()
    expect(difference.get_by_text(f"0.0.0.0:{port} → nginx:80/tcp")).to_be_visible()
    look(page, "command")
    page.get_by_label("Your command").fill(f'services:\n  web:\n    image: nginx\n    ports: ["{port}:80"]')
    page.keyboard.press("Enter")  # as in the card of the lab and in a quiz
    expect(page.locator("#result .verdict")).to_contain_text("Right")
    expect(page.locator(".lab-step", has_text="Prediction and fact")).to_contain_text("docker-proxy")
    rule = re.search(rf"--dport {port} .*--to-destination (\S+)", page.locator("#explain pre").inner_text())
    assert rule
    page.locator("#explain input.mono").fill(rule[1])
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("#explain")).to_contain_text("Your host says the same.")
    look(page, "command-explained")


def test_7_and_in_the_lab_s_card_of_the_review(page: Page, product: RunningProduct) -> None:
    """Both hosts are begun with the card; what happens on them is the rating, and undo takes it back."""
    of_lab = "SELECT lower(hex(card.id)) FROM card JOIN lab USING (question_id) WHERE slug = 'a-network-in-one-line'"
    ((card,),) = database(product, of_lab)
    page.goto(f"{product.address}/review?card={UUID(card)}")
    field = page.get_by_label("Your command")
    field.fill("docker network create --internal shop")  # Docker picks the subnet
    field.press("Enter")
    expect(page.locator(".verdict")).to_contain_text("Not yet")
    subnet = page.locator("#proof-task code").first.inner_text()
    expect(page.get_by_text(f"own internal bridge network {subnet}", exact=True)).to_be_visible()
    look(page, "7-card-differs")
    field.fill(f"docker network create --internal --subnet {subnet} shop")
    field.press("Enter")
    expect(page.locator(".verdict-pass")).to_contain_text("Hard: it comes back")
    # Without what a quiz before may have asked of it, as its draw would have it.
    rated = f"SELECT rating, outcome, source FROM review_log WHERE lower(hex(card_id)) = '{card}' AND source = 'r'"
    assert database(product, rated) == [(2, "a", "r")]
    page.keyboard.press("u")
    expect(page.get_by_text("Undone: Hard.")).to_be_visible()
    page.wait_for_function(ALL_IS_SENT)
    assert database(product, rated) == [(2, "u", "r")]


def test_8_the_way_of_a_packet_is_put_in_order_on_a_diagram(page: Page, product: RunningProduct) -> None:
    page.goto(product.address + TRACE_LAB)
    page.get_by_label("between bridge and eth0").check()
    page.get_by_role("radio", name="sure", exact=True).check()
    page.get_by_role("button", name="Commit prediction").click()
    page.get_by_role("button", name="Start your host").click()
    expect(page.locator(".xterm-rows")).to_contain_text("docker-host:~#")
    of_run = "SELECT \"values\" FROM lab_run JOIN lab ON lab.id = lab_run.lab_id WHERE slug = 'the-way-of-a-packet'"
    ((drawn,),) = database(product, of_run)
    bridge = f"br-{json.loads(drawn)['TREE_1']}"
    hop = page.locator(".hop")
    for name in ("eth0 in app", "docker0", bridge):
        hop.filter(has_text=name).click()
    said = page.locator("[data-hops-said]")
    expect(said).to_have_text(f"Your way: 1 eth0 in app, 2 docker0, 3 {bridge}.")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".verdict")).to_contain_text("Not so")
    expect(said).to_have_text(f"Your way: 1 eth0 in app, 2 docker0, 3 {bridge}.")  # it is kept
    hop.filter(has_text="docker0").press("Space")  # off again, with all after it
    expect(said).to_have_text("Your way: 1 eth0 in app.")
    for name in ("its veth on the host", bridge, "eth0 of the host"):
        hop.filter(has_text=name).press("Enter")
    look(page, "trace")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".verdict-pass")).to_be_visible()
    page.goto(f"{product.address}/labs/predictions")
    expect(page.get_by_role("main")).to_contain_text("Your predictions")
    look(page, "predictions")


def test_9_a_corrected_typo_keeps_the_schedule(page: Page, product: RunningProduct) -> None:
    [(key, prompt)] = database(
        product,
        "SELECT question.key, question.prompt FROM question JOIN card ON card.question_id = question.id "
        "WHERE card.phase = 'l' ORDER BY question.id LIMIT 1",
    )
    schedule = f"SELECT card.* FROM card JOIN question ON question.id = card.question_id WHERE question.key = '{key}'"
    before = database(product, schedule)
    page.goto(f"{product.address}/content?q=")
    look(page, "7-content")
    page.goto(f"{product.address}/content/questions/{key}")
    corrected = f"{prompt} (Think of one host.)"
    page.get_by_label("Question", exact=False).first.fill(corrected)
    expect(page.locator(".editor-view")).to_contain_text("(Think of one host.)")
    look(page, "7-preview")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile("^Saved"))).to_be_visible()
    [(quiz, position)] = database(
        product,
        "SELECT attempt.quiz_session_id, attempt.position FROM attempt "
        f"JOIN question ON question.id = attempt.question_id WHERE question.key = '{key}'",
    )
    page.goto(f"{product.address}/practice/{UUID(bytes=quiz)}/{position}")
    expect(page.locator(".prompt")).to_be_visible()
    expect(page.locator(".prompt")).not_to_contain_text("(Think of one host.)")  # it stays as it was asked and answered
    assert database(product, schedule) == before
    assert database(product, f"SELECT prompt, edited FROM question WHERE key = '{key}'") == [(corrected, 1)]


def test_10_a_stranger_is_asked_to_sign_in_and_a_lost_page_says_so(page: Page, product: RunningProduct) -> None:
    page.goto(f"{product.address}{NOWHERE}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
    look(page, "8-not-found")
    page.context.clear_cookies()
    page.goto(f"{product.address}/review")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    look(page, "8-sign-in")
