"""From Enter behind the last command of a lab that passes to the verdict on the page, in Chromium, on a real host.

The lab asks for no answer, so its checks run by themselves once the command is over. The time ends when the verdict has
been drawn, in the place of the task. The baseline is what the same took before, measured once.
"""

import os
import re
import statistics

from playwright.sync_api import Page, sync_playwright

from benchmarks.product import has_engine, product_and_client
from benchmarks.rows import Row, beside

ROUNDS = 5  # after one that warms up; each takes a host
STARTS = "1000"  # an hour
LAB = "/labs/masquerade-is-missing"
SOLUTION = "iptables -t nat -A POSTROUTING -s 10.0.0.0/8 -o eth0 -j MASQUERADE"
BEFORE_S = 3.0  # at revision 37062e5: a second of quiet, the checks, and the page
PATIENCE_MS = 60_000
START = re.compile("^(Start (your|a new) host|End it and start here)$")
PROMPT = "() => /docker-host:~#\\s*$/.test(document.querySelector('.xterm-rows')?.innerText.trimEnd() ?? '')"
TYPED = "text => (document.querySelector('.xterm-rows')?.textContent ?? '').replaceAll(/\\s/g, '').endsWith(text)"
# When Enter was typed.
NOTE_ENTER = (
    "() => addEventListener('keydown', (e) => { if (e.key === 'Enter') sessionStorage.enter = Date.now(); }, true)"
)
DRAWN = """async () => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  return Date.now() - Number(sessionStorage.enter);
}"""


def run() -> list[Row]:
    """Measure on a product of its own, which is removed afterwards. No rows without an engine."""
    if not has_engine():
        return []
    with product_and_client(SANDBOX_STARTS_AN_HOUR=STARTS) as (product, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("QUIZAPP_CHROMIUM"))
        page = browser.new_page(base_url=product.address, viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(product.link)
        page.get_by_role("main").get_by_role("button").click()
        taken = [_verdict_s(page) for _ in range(ROUNDS + 1)][1:]
        browser.close()
    note = f"baseline is revision 37062e5; the slowest of {ROUNDS} took {max(taken):.2f}"
    return [beside("pass-to-verdict", value=statistics.median(taken), baseline=BEFORE_S, unit="s", note=note)]


def _verdict_s(page: Page) -> float:
    """The seconds for one run of the lab, on a host of its own."""
    page.goto(LAB)
    for asked in page.locator(".lab-first fieldset:has([required])").all():
        asked.get_by_role("radio").first.check()
    for asked in page.locator(".lab-first input.mono").all():
        asked.fill("1")
    page.get_by_role("button", name="Commit prediction").click()
    page.get_by_role("button", name=START).first.click()
    page.wait_for_function(PROMPT)
    page.locator(".xterm-helper-textarea").focus()
    page.keyboard.insert_text(SOLUTION)
    page.wait_for_function(TYPED, arg=SOLUTION.replace(" ", ""))
    page.evaluate(NOTE_ENTER)
    page.keyboard.press("Enter")
    page.locator(".verdict-pass").wait_for()
    return float(page.evaluate(DRAWN)) / 1000
