"""Twenty learners who rate one card after the other, on one web process, beside a bare view under the same gunicorn.

Both are asked in turns, by the same bytes over connections that stay open, so that whatever else the machine does slows
both. The clients are threads of this process with bare sockets: a request costs them a twentieth of what it costs the
server. A learner sends the next rating as soon as the one before is answered, so the figures are those of a full house.

QUIZAPP_LOAD_S is how many seconds each side is asked, all turns together.
"""

import os
import socket
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from benchmarks.bare_view import URL
from benchmarks.product import form_token, own_containers, wait_for
from benchmarks.raters import Learner, Site, site
from benchmarks.rows import Row, beside
from ops.children import Child
from ops.run import is_healthy, web_command
from ops.running_product import free_port

SECONDS = "QUIZAPP_LOAD_S"
USUAL_S = 60.0
CLIENTS = 20
TURNS = 6  # of each side
WARM_S = 1.0  # of each side before the first turn, not counted
ANSWER_S = 30.0
PERCENTILE = 95


@dataclass(kw_only=True)
class Load:
    """What came of the ratings that were sent to one side."""

    taken_s: list[float] = field(default_factory=list)
    """How long each answer took."""
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def each_second(self) -> float:
        """Ratings that were answered, a second."""
        return len(self.taken_s) / self.seconds

    @property
    def p95_ms(self) -> float:
        """Milliseconds within which 95 of 100 answers came."""
        return 1000 * statistics.quantiles(self.taken_s, n=100)[PERCENTILE - 1]


def run() -> list[Row]:
    """Measure both in a folder of their own, which is removed afterwards."""
    seconds = float(os.environ.get(SECONDS, USUAL_S))
    with site(command=web_command) as running, _bare(running) as bare_port:
        learners = running.learners(CLIENTS)
        ours, bare = Load(), Load()
        sides = [(ours, clients_of(learners, running.installation.port)), (bare, clients_of(learners, bare_port))]
        for clients in (clients for _, clients in sides):
            _ask(clients, WARM_S, Load())
        for _ in range(TURNS):
            for load, clients in sides:
                _ask(clients, seconds / TURNS, load)
    said = f"p95 {ours.p95_ms:.0f} ms beside {bare.p95_ms:.0f}; {len(ours.errors)} errors beside {len(bare.errors)}"
    for error in [*ours.errors[:3], *bare.errors[:3]]:
        said += f"; {error}"
    row = beside("load-20-clients", value=ours.each_second, baseline=bare.each_second, unit="reviews/s", note=said)
    return [row]


class Client:
    """A learner with a connection that stays open, who rates their cards in turn."""

    def __init__(self, learner: Learner, cookie: str, token: str, port: int) -> None:
        self._versions = dict.fromkeys(learner.cards, 0)
        self._head = (
            f"POST /review HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nX-CSRFToken: {token}\r\n"
            "Accept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        )
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def rate(self) -> str | None:
        """Rate the next card. Returns what is wrong with the answer, if anything is."""
        card = min(self._versions, key=lambda each: self._versions[each])
        form = {"card": card, "review_id": uuid4(), "rating": 3, "version": self._versions[card], "taken_ms": 900}
        body = urlencode(form)
        self._versions[card] += 1
        self._socket.sendall(f"{self._head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        answer = HTTPResponse(self._socket)
        answer.begin()
        said = answer.read()
        is_right = answer.status == 200 and b'"outcome":"applied"' in said
        return None if is_right else f"{answer.status}: {said[:120]!r}"


def clients_of(learners: Sequence[Learner], port: int) -> list[Client]:
    """A client for each learner. All are signed in at the product; the bare view gets the same cookie and token."""
    return [Client(learner, *_signed_in(learner), port) for learner in learners]


_known: dict[str, tuple[str, str]] = {}


def _signed_in(learner: Learner) -> tuple[str, str]:
    """The cookie and the form token of a learner, whose link works once."""
    if learner.link not in _known:
        address = learner.link.removesuffix(urlsplit(learner.link).path)
        browser = own_containers(learner.link)
        token = form_token(browser.get(f"{address}/account", timeout=ANSWER_S).text)
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        _known[learner.link] = cookie, token
    return _known[learner.link]


def _ask(clients: Sequence[Client], seconds: float, load: Load) -> None:
    """Let all clients rate for so long, and add what came of it to `load`."""
    barrier = threading.Barrier(len(clients))

    def work(client: Client) -> None:
        barrier.wait()
        until = time.monotonic() + seconds
        while (began := time.monotonic()) < until:
            try:
                wrong = client.rate()
            except OSError as error:
                load.errors.append(repr(error))
                return
            if wrong:
                load.errors.append(wrong)
            else:
                load.taken_s.append(time.monotonic() - began)

    began = time.monotonic()
    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(work, clients))
    load.seconds += time.monotonic() - began


@contextmanager
def _bare(running: Site) -> Iterator[int]:
    """The port on which the bare view is served as the product is, on a database beside the product's."""
    port = free_port()
    installation = running.installation
    *command, _app = web_command(replace(installation, port=port))
    command.append("benchmarks.bare_view:served()")
    env = {**installation.env(), URL: f"sqlite:///{Path(installation.instance) / 'bare.sqlite3'}"}
    log = installation.checkout.log("bare-web")
    child = Child.start("bare", command, cwd=installation.checkout.root, env=env, log=log, patience_s=5)
    try:
        wait_for(lambda: is_healthy(port), "the bare view serves")
        yield port
    finally:
        child.end()
