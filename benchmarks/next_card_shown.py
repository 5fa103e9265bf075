"""From a rating to the next card on the screen, in Chromium, beside a bare fetch of a page of the same length.

Both run in one page in turn, on a real web server. The next cards are in the browser before they are needed, so a
rating waits for no answer; the time ends with the second frame after the card has changed, when it has been drawn.
"""

import os
import statistics

from playwright.sync_api import Page, sync_playwright

from benchmarks.raters import CARDS, site
from benchmarks.rows import Row, beside
from ops.run import web_command

ROUNDS = CARDS - 3  # the first two warm up, and one card stays so that the sitting does not end
WARM_UP = 2
RATE = """async () => {
  const shown = () => document.querySelector("[data-card]").dataset.card;
  const frame = () => new Promise(requestAnimationFrame);
  const before = shown();
  const start = performance.now();
  document.querySelector("[data-key='3']").click();
  while (shown() === before) await frame();
  await frame();
  return performance.now() - start;
}"""
FETCH = """async () => {
  const start = performance.now();
  await (await fetch("/sign-in")).text();
  return performance.now() - start;
}"""


def run() -> list[Row]:
    """Measure on a site of its own, which is removed afterwards."""
    with site(command=web_command) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("QUIZAPP_CHROMIUM"))
        page = browser.new_page(base_url=running.installation.address)
        page.goto(running.learners(1)[0].link)
        page.get_by_role("main").get_by_role("button").click()
        page.goto("/review", wait_until="networkidle")
        ours, bare = _in_turn(page)
        browser.close()
    return [beside("rating-to-next-card", value=ours, baseline=bare, unit="ms", note="baseline: a bare fetch")]


def _in_turn(page: Page) -> tuple[float, float]:
    taken: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        page.locator("[data-show]").click()
        rated = page.evaluate(RATE)
        page.wait_for_load_state("networkidle")
        taken.append((rated, page.evaluate(FETCH)))
    ours, bare = zip(*taken[WARM_UP:], strict=True)
    return statistics.median(ours), statistics.median(bare)
