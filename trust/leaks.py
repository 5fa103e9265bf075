"""Many requests, one after the other, to a web server as `make run` starts it: its memory must stay as it is.

What is looked at is the memory after the first requests, which fill caches, and at the end. The control keeps a little
of each request.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from uuid import uuid4

from benchmarks.raters import Command, Learner, Site, site
from ops.run import Installation, web_command
from trust.held_memory import held_mib
from trust.person import Answer, Person
from trust.promises import Control, Promise, Scale

CLIENTS = 4
GROWTH_MAX = 0.05
WEAK_WARM, WEAK_REQUESTS = 2_000, 4_000  # of the control, which keeps 20 MB of these
# Of a round of requests: pages that read, pages that are not there, and every second a rating, which writes.
PAGES = (
    "/",
    "/review",
    "/notes",
    "/practice",
    "/labs",
    "/progress",
    "/search?q=docker",
    "/account",
    "/nowhere",
    "/health",
)


def run(scale: Scale) -> Promise:
    """Try it on a site of its own, which is removed afterwards."""
    warm, requests = scale.count(short=2_000, full=10_000), scale.count(short=6_000, full=200_000)
    before, after, wrong = _memory(web_command, warm, requests)
    weak_before, weak_after, _ = _memory(_leaking, WEAK_WARM, WEAK_REQUESTS)
    growth, weak = after / before - 1, weak_after / weak_before - 1
    return Promise(
        name="leaks",
        done=f"{requests:,} requests of {CLIENTS} learners, looked at after {warm:,} and at the end",
        seen=f"{before:.1f} to {after:.1f} MiB: {growth:+.1%}; {wrong} server errors",
        aim=f"at most {GROWTH_MAX:+.0%}",
        held=growth <= GROWTH_MAX and not wrong,
        control=Control(
            weakness="a few kilobytes of each request are kept",
            seen=f"{weak_before:.1f} to {weak_after:.1f} MiB: {weak:+.1%}",
            failed=weak > GROWTH_MAX,
        ),
    )


def _leaking(installation: Installation) -> list[str]:
    *command, _ = web_command(installation)
    return [*command, "trust.weak.keeps_requests:app"]


def _memory(command: Command, warm: int, requests: int) -> tuple[float, float, int]:
    """The memory after `warm` requests and after all, in MiB, and how many had a server error for an answer."""
    with site(command) as running:
        learners = running.learners(CLIENTS)
        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = list(pool.map(_Client, learners))
            wrong = sum(pool.map(lambda client: client.ask(warm // CLIENTS), clients))
            before = _settled_mib(running)
            wrong += sum(pool.map(lambda client: client.ask((requests - warm) // CLIENTS), clients))
            return before, _settled_mib(running), wrong


def _settled_mib(running: Site) -> float:
    """The memory once everything that was sent is answered."""
    running.wait()
    return held_mib(running)


class _Client:
    """A learner who asks for pages in turn, and rates between them."""

    def __init__(self, learner: Learner) -> None:
        self._person = Person(learner.link)
        self._pages, self._cards = cycle(PAGES), cycle(learner.cards)
        self._versions = dict.fromkeys(learner.cards, 0)

    def ask(self, requests: int) -> int:
        """Send so many; how many had a server error for an answer, or none."""
        wrong = 0
        for number in range(requests):
            answer = self._person.get(next(self._pages)) if number % 2 else self._rate()
            wrong += answer.status == 0 or answer.status >= 500
        return wrong

    def _rate(self) -> Answer:
        card = next(self._cards)
        form = {"card": card, "review_id": uuid4(), "rating": 3, "version": self._versions[card], "taken_ms": 900}
        self._versions[card] += 1
        return self._person.post("/review", form, json=True)
