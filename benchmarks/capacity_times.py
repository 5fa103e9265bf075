"""What each deed costs that `benchmarks.capacity` plans with, measured at the running product, and kept as JSON.

Seconds are the processor's: those of web and sandboxd by process, those of sandboxes by what the whole machine did
besides. So measure on one that does nothing else. One learner does one thing after the other, and nobody waits.
"""

import json
import os
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import docker
from requests import Response
from sqlalchemy import Engine
from websockets.sync.client import ClientConnection, connect

from benchmarks.answer import known_cards, learner_of
from benchmarks.big_learner import SIZES, Opened, opened
from benchmarks.capacity import TIMES, Times
from benchmarks.flat import page_cost
from benchmarks.kills_learners import LAB, PREDICTED
from benchmarks.load import clients_of
from benchmarks.product import PROMPT, claimed, form_token, has_engine, own_containers, product_and_client, wait_for
from benchmarks.quiz_pages import addresses
from benchmarks.raters import site
from benchmarks.rows import Row, beside
from benchmarks.sandbox import memory_mib
from ops.daemon_keeper import children_of
from ops.run import web_command
from ops.running_product import RunningProduct
from quizapp import clock
from quizapp.driver_connection import Direct
from quizapp.labs.hosts.run_host import HostState
from quizapp.review import rating
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewSource
from quizapp.review.rating import Review
from quizapp.sandboxes.client import SandboxClient

RATINGS, WRITES, KEYS, CHECKS, HOSTS = 500, 100, 300, 10, 6
STILL_S = 10.0  # in which sandboxes are left alone
ANSWER_S = 60.0
COMMAND_S = 30.0  # the most that sandboxd allows
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def run() -> list[Row]:
    """Measure all of them and write TIMES. No rows without an engine."""
    if not has_engine():
        return []
    with opened(SIZES["1k"]) as big:
        of_pages = _pages(big)
    times = Times(**of_pages, rating_web_s=_rating_s(), **_sandboxes())
    TIMES.write_text(json.dumps(times.model_dump(), indent=2) + "\n", encoding="utf-8")
    return [_row(name, value) for name, value in times]


def _row(name: str, value: float) -> Row:
    """Seconds as milliseconds, so that the short ones are not all 0."""
    what, _, unit = name.rpartition("_")
    value, unit = (1000 * value, "ms") if unit == "s" else (value, unit)
    return beside(f"capacity-{what.replace('_', '-')}", value=value, baseline=value, unit=unit, note="compares nothing")


def _pages(big: Opened) -> dict[str, float]:
    """Pages and writes of one learner with 1,000 cards, in this process."""
    asked, answered, _ = addresses(big)
    page, before, after = (page_cost(big, path)[0] / 1000 for path in ("/", asked, answered))
    return {"page_web_s": page, "answer_web_s": before + after, "rating_write_s": _write_s(big)}


def _write_s(big: Opened) -> float:
    """By the clock: the median of a rating with its commit, from the turn to write to its end."""
    engine: Engine = big.app.extensions["engine"]
    user, taken = learner_of(big), []
    for card_id, version in known_cards(big)[:WRITES]:
        review = Review(id=uuid4(), rating=Rating.GOOD, source=ReviewSource.REVIEW, taken_ms=4_000)
        began = time.perf_counter()
        with Direct(engine) as db:
            rating.rate(db.begin(), user=user, card_id=card_id, review=review, seen_version=version, now=clock.now())
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _rating_s() -> float:
    with site(command=web_command) as running:
        (client,) = clients_of(running.learners(1), running.installation.port)
        client.rate()
        pid = running.server.process.pid
        return _used_by(lambda: _cpu_s([pid, *children_of(pid)]), client.rate, RATINGS)


def _sandboxes() -> dict[str, float]:
    """Starts, memory, keys and checks, at a product of its own."""
    with product_and_client(SANDBOX_WARM="0", SANDBOX_STARTS_AN_HOUR="1000") as (product, client):
        web, sandboxd = _pids_with(product.address.rpartition("/")[2]), _pids_with(str(product.socket))
        started = _starts(client)
        visitor = _Visitor(product)
        visitor.until_ready()
        with visitor.terminal() as line:
            visitor.key(line)
            keys = _all_of(lambda: visitor.key(line), KEYS, web=web, sandboxd=sandboxd)
        visitor.check()
        checks = _all_of(visitor.check, CHECKS, web=web, sandboxd=sandboxd)
    return {
        **started,
        "key_web_s": keys[0],
        "key_sandboxd_s": keys[1],
        "check_web_s": checks[0],
        "check_sandboxd_s": checks[1],
        "check_host_s": checks[2],
    }


def _starts(client: SandboxClient) -> dict[str, float]:
    """HOSTS sandboxes, started one after the other, in each of which a container runs; then they are left alone."""
    began_s, taken = _machine_s(), []
    for number in range(HOSTS):
        began = time.perf_counter()
        sandbox = claimed(client, f"capacity {number}")
        taken.append(time.perf_counter() - began)
        client.run(sandbox.id, ["docker run -d nginx"], learner=True, each_s=COMMAND_S, output_bytes=1024)
    start_s, began_s = (_machine_s() - began_s) / HOSTS, _machine_s()
    time.sleep(STILL_S)
    still = (_machine_s() - began_s) / STILL_S / HOSTS
    memory = statistics.fmean(_memory_mib(sandbox.id) for sandbox in client.list())
    for sandbox in client.list():
        client.end(sandbox.id)
    wait_for(lambda: not client.list(), "all are gone")
    return {
        "start_s": statistics.median(taken),
        "start_host_s": start_s,
        "sandbox_mib": memory,
        "sandbox_host_share": still,
    }


class _Visitor:
    """A learner in a browser, who does a lab."""

    def __init__(self, product: RunningProduct) -> None:
        self._address, self._browser = product.address, own_containers(product.link)
        self._token = form_token(self._got("/account").text)
        self._run = self._sent(f"/labs/{LAB}/prediction", **PREDICTED).url.removeprefix(self._address)

    def until_ready(self) -> None:
        """Start the host and have it set up."""
        self._sent(f"{self._run}/host", reset="yes")
        wait_for(lambda: self._state() in (HostState.UP, HostState.READY), "its host is up")
        self._sent(f"{self._run}/set-up")
        wait_for(lambda: self._state() is HostState.READY, "it is set up")

    def terminal(self) -> ClientConnection:
        """A terminal that has shown its prompt."""
        cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._browser.cookies)
        address = self._address.replace("http:", "ws:") + f"{self._run}/terminal?rows=24&columns=80"
        line = connect(address, additional_headers={"Origin": self._address, "Cookie": cookie})
        _read_until(line, PROMPT)
        return line

    def key(self, line: ClientConnection) -> None:
        """A letter and its echo."""
        line.send(b"x")
        _read_until(line, b"x")

    def check(self) -> None:
        """The lab's checks, of which some fail."""
        self._sent(f"{self._run}/check")

    def _state(self) -> HostState:
        found = re.search(r'data-host-state="(\w+)"', self._got(f"{self._run}/host").text)
        assert found, "the page does not say how its host is"
        return HostState(found[1])

    def _got(self, path: str) -> Response:
        page = self._browser.get(self._address + path, timeout=ANSWER_S)
        page.raise_for_status()
        return page

    def _sent(self, path: str, **form: str) -> Response:
        data = {"csrf_token": self._token, **form}
        page = self._browser.post(self._address + path, data=data, timeout=ANSWER_S)
        page.raise_for_status()
        return page


def _read_until(line: ClientConnection, what: bytes) -> None:
    shown = b""
    while what not in shown:
        piece = line.recv(timeout=ANSWER_S)
        shown += piece if isinstance(piece, bytes) else b""


def _all_of(deed: Callable[[], object], times: int, *, web: list[int], sandboxd: list[int]) -> tuple[float, ...]:
    """What a deed costs in web, in sandboxd, and on the rest of the machine but this process."""

    def now() -> tuple[float, ...]:
        of_web, of_sandboxd = _cpu_s(web), _cpu_s(sandboxd)
        return of_web, of_sandboxd, _machine_s() - of_web - of_sandboxd - time.process_time()

    before = now()
    for _ in range(times):
        deed()
    return tuple((after - at_first) / times for after, at_first in zip(now(), before, strict=True))


def _used_by(clock_s: Callable[[], float], deed: Callable[[], object], times: int) -> float:
    before = clock_s()
    for _ in range(times):
        deed()
    return (clock_s() - before) / times


def _pids_with(word: str) -> list[int]:
    """The processes whose command has `word` in it, and those that they have started."""
    found = [
        int(each.parent.name)
        for each in Path("/proc").glob("[0-9]*/cmdline")
        if word.encode() in each.read_bytes() and b"gunicorn" in each.read_bytes()
    ]
    assert found, f"no process was started with {word}"
    return found


def _cpu_s(pids: list[int]) -> float:
    """The processor's time of processes, in and for them."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in fields) * TICK_S


def _machine_s() -> float:
    """The processors' time of the whole machine that was not idle."""
    user, nice, system, _idle, _waiting, irq, softirq = map(int, Path("/proc/stat").read_text().split()[1:8])
    return (user + nice + system + irq + softirq) * TICK_S


def _memory_mib(sandbox_id: str) -> float:
    engine = docker.DockerClient(os.environ["QUIZAPP_ENGINE"])
    try:
        (container,) = engine.containers.list(filters={"label": f"quizapp.sandbox.id={sandbox_id}"})
        return memory_mib(container)
    finally:
        engine.close()
