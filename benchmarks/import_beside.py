"""Ratings and pages of others while a course is imported, beside the same on an idle server: 95th percentiles.

The import is the command as an operator types it, in a process of its own on the same SQLite file.
"""

import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import uuid4

from requests import Session

from benchmarks.import_texts import own
from benchmarks.product import form_token, own_containers, p95_ms
from benchmarks.raters import ANSWER_S, Learner, Site, site
from benchmarks.rows import Row, beside
from ops.run import web_command

NOTES, NOTE_ITEMS = 100, 50
IDLE_S = 10.0
PAUSE_S = 0.05  # between two requests of one browser
PAGES = ("/", "/notes")


def run() -> list[Row]:
    """Measure on a server of its own, which is removed afterwards."""
    with site(command=web_command) as running, tempfile.TemporaryDirectory(prefix="qi-") as folder:
        for number in range(NOTES):
            text = own(NOTE_ITEMS, seed=number, title=f"Day {number}: Networks")
            (Path(folder) / f"{number}.md").write_text(text, encoding="utf-8")
        (learner,) = running.learners(1)
        browser = own_containers(learner.link)
        token = form_token(browser.get(f"{running.installation.address}/account", timeout=ANSWER_S).text)
        asked = _Asked(running, browser, learner, token)
        until = time.monotonic() + IDLE_S
        asked.go_on(lambda: time.monotonic() < until)
        idle, asked.pages_s, asked.ratings_s = (asked.pages_s, asked.ratings_s), [], []
        with _importing(running, folder) as process:
            asked.go_on(lambda: process.poll() is None)
        assert process.returncode == 0
    note = f"{len(asked.errors)} errors"
    return [
        beside("pages-during-import", value=p95_ms(asked.pages_s), baseline=p95_ms(idle[0]), unit="ms", note=note),
        beside("ratings-during-import", value=p95_ms(asked.ratings_s), baseline=p95_ms(idle[1]), unit="ms", note=note),
    ]


def _importing(running: Site, folder: str) -> "subprocess.Popen[bytes]":
    """The command, at work."""
    checkout = running.installation.checkout
    command = [checkout.tool("flask"), "content", "import", folder, "--yes"]
    return subprocess.Popen(command, cwd=checkout.root, env=running.installation.env(), stdout=subprocess.DEVNULL)


class _Asked:
    """A browser that looks at pages and rates cards in turn, and how long each took."""

    def __init__(self, running: Site, browser: Session, learner: Learner, token: str) -> None:
        self._address, self._browser, self._token = running.installation.address, browser, token
        self._versions = dict.fromkeys(learner.cards, 0)
        self.pages_s: list[float] = []
        self.ratings_s: list[float] = []
        self.errors: list[str] = []

    def go_on(self, is_wanted: Callable[[], bool]) -> None:
        """Ask again and again."""
        while is_wanted():
            for page in PAGES:
                self._take(self.pages_s, partial(self._browser.get, f"{self._address}{page}", timeout=ANSWER_S))
            self._take(self.ratings_s, self._rate)
            time.sleep(PAUSE_S)

    def _take(self, taken_s: list[float], ask: Callable[[], object]) -> None:
        began = time.monotonic()
        answer = ask()
        taken_s.append(time.monotonic() - began)
        if getattr(answer, "status_code", 0) != 200:
            self.errors.append(repr(answer))

    def _rate(self) -> object:
        card = min(self._versions, key=lambda each: self._versions[each])
        form = {"card": card, "review_id": uuid4(), "rating": 3, "version": self._versions[card], "taken_ms": 900}
        self._versions[card] += 1
        headers = {"X-CSRFToken": self._token, "Accept": "application/json"}
        return self._browser.post(f"{self._address}/review", data=form, headers=headers, timeout=ANSWER_S)
