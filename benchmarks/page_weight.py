"""Kilobytes of script and style that the pages without terminal or editor load, as they are sent, in Chromium.

The figure is of the page that loads most, with an empty cache; fonts are left out, as they come once for all. The
baseline is the most that it should be. Each page itself must have been sent compressed.
"""

import os
from collections.abc import Mapping

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.raters import site
from benchmarks.rows import Row, beside
from ops.run import web_command

MOST_KB = 25.0
KB = 1024
PATHS = ("/", "/notes", "/practice", "/review", "/progress", "/search", "/labs", "/account")
LOADED = """() => performance.getEntriesByType("resource")
  .filter((each) => /\\.(js|css)(\\?|$)/.test(each.name))
  .map((each) => each.encodedBodySize)"""


def run() -> list[Row]:
    """Measure on a site of its own, which is removed afterwards."""
    with site(command=web_command) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("QUIZAPP_CHROMIUM"))
        weights = _weights(browser, running.installation.address, running.learners(1)[0].link)
        browser.close()
    heaviest = max(weights, key=lambda path: weights[path])
    said = ", ".join(f"{path} {weight:.1f}" for path, weight in weights.items())
    return [beside("page-weight", value=weights[heaviest], baseline=MOST_KB, unit="KB", note=said)]


def _weights(browser: Browser, address: str, link: str) -> Mapping[str, float]:
    """The kilobytes by page."""
    signed_in = browser.new_context(base_url=address)
    page = signed_in.new_page()
    page.goto(link)
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_load_state("networkidle")
    cookies = signed_in.cookies()
    found = {}
    for path in PATHS:
        context = browser.new_context(base_url=address, service_workers="block")
        context.add_cookies(cookies)  # type: ignore[arg-type]
        found[path] = _weight(context.new_page(), path)
        context.close()
    return found


def _weight(page: Page, path: str) -> float:
    answer = page.goto(path, wait_until="networkidle")
    assert answer is not None
    assert answer.ok, path
    assert answer.header_value("content-encoding") in ("br", "gzip"), f"{path} is sent as it is"
    return float(sum(page.evaluate(LOADED))) / KB
