"""Debian's Chromium for all browser tests that follow one another, whatever their files. Knows no page.

To start and to end Playwright and Chromium takes two seconds of the processor. What one test does is seen by no other:
each opens a context of its own, with its own cookies, storage, cache and workers.

While it is driven, Playwright keeps an event loop in this thread, in which the app's contexts can't be pushed. So it is
ended before tests that drive no browser, and an app is built and served in another thread or process.
"""

import os
from contextlib import ExitStack

from playwright.sync_api import Browser, Playwright, sync_playwright

CHROMIUM = os.environ.get("QUIZAPP_CHROMIUM", "/usr/bin/chromium-headless-shell")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class KeptChromium:
    """Playwright and a Chromium that are started when they are first asked for and stay until `end`."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def playwright(self) -> Playwright:
        """What drives browsers; there is one for each thread at most."""
        if self._playwright is None:
            self._playwright = self._open.enter_context(sync_playwright())
        return self._playwright

    def browser(self) -> Browser:
        """The Chromium; another one if it has ended by itself."""
        if self._browser is None or not self._browser.is_connected():
            self._browser = self.playwright().chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            self._open.callback(self._browser.close)
        return self._browser

    def end(self) -> None:
        """End both, if they were started. They can be asked for again."""
        self._playwright = self._browser = None
        self._open.close()
