"""Hundreds of connections that send slowly or nothing, and of terminals that nobody uses, beside somebody who learns.

Pages must be hardly slower than those of a second site that serves the same people alike and has none of these
connections, and the memory must stay as it is once all are open. Both sites are asked in turn, a round of pages each,
so that whatever else the machine does slows both. Connections that the server has closed, as it must those that send
too slowly, are opened again. The control is gunicorn's own worker, which gives a thread to a request that is still
being sent.
"""

import asyncio
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from unittest import mock
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from benchmarks.product import p95_ms
from benchmarks.raters import Command, Site, site
from ops.run import Installation, web_command
from quizapp import gunicorn_web
from quizapp.accounts.models import Role
from trust.forms import fields_of
from trust.held_memory import held_mib
from trust.people import links
from trust.person import Person
from trust.promises import Control, Promise, Scale

SLOW, IDLE, SOCKETS = 500, 1_000, 200
THREADS = SOCKETS + 64  # as the operator guide says: one for each terminal, and those for pages
SLOWER_MAX, LARGER_MAX = 1.2, 0.05
LAB = "app-cannot-reach-db"
DRIP_S = 2.0  # between two bytes of a slow request
# Until those of each kind have been ended once: 1,000 kept-alive ones then come anew at the same moment, so all threads
# work at once, each with a connection to the database of its own. The server needs 26 MiB for that and keeps them.
SETTLE_S = gunicorn_web.keepalive + 15.0
ROUND = 100  # pages of a site that are timed at once
ATTEMPT_S = 10.0
PAGE = "/notes"
UNTOUCHED_LOG = "untouched-web"


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What somebody who learns noticed of the others."""

    untouched_ms: float
    """The time that 95 of 100 pages of the site without these connections took at most, in the median of the rounds."""
    beside_ms: float
    """The same of the site with them."""
    before_mib: float
    opened_mib: float
    """Once all had been open for SETTLE_S."""
    after_mib: float
    open_at_end: int
    """Terminals that were open still at the end."""

    @property
    def slower(self) -> float:
        """How many times as long pages take beside these connections."""
        return self.beside_ms / self.untouched_ms

    @property
    def larger(self) -> float:
        """By which part the memory has grown since all were open."""
        return self.after_mib / self.opened_mib - 1


def run(scale: Scale) -> Promise:
    """Try it on two sites of its own, which are removed afterwards."""
    seconds = scale.of(short=60, full=1_800)
    found = _beside(_many_threads, seconds, slow=SLOW, idle=IDLE, sockets=SOCKETS)
    weak = _beside(_gunicorns_own, scale.of(short=15, full=30), slow=SLOW, idle=0, sockets=0)
    return Promise(
        name="connections",
        done=f"{SLOW} slow and {IDLE:,} idle connections and {SOCKETS} terminals for {seconds:g} s",
        seen=f"pages {found.slower:.2f} times as slow as a site's without them (p95 {found.beside_ms:.1f} and "
        f"{found.untouched_ms:.1f} ms); memory {found.larger:+.1%}: "
        f"{found.before_mib:.0f} MiB, {found.opened_mib:.0f} once all were open, {found.after_mib:.0f} at the end",
        aim=f"pages at most {SLOWER_MAX:g} times as slow, memory at most {LARGER_MAX:+.0%}",
        held=found.slower <= SLOWER_MAX and found.larger <= LARGER_MAX and found.open_at_end == SOCKETS,
        control=Control(
            weakness="gunicorn's own worker",
            seen=f"pages {weak.slower:.0f} times as slow",
            failed=weak.slower > SLOWER_MAX,
        ),
    )


def _many_threads(installation: Installation) -> list[str]:
    *command, _ = web_command(installation)
    return [*command, "--threads", str(THREADS), "trust.fake_hosts:app"]


def _gunicorns_own(installation: Installation) -> list[str]:
    return [*web_command(installation), "--worker-class", "gthread"]


def _beside(command: Command, seconds: float, *, slow: int, idle: int, sockets: int) -> Beside:
    most = mock.patch.dict(os.environ, {"QUIZAPP_MAX_TERMINALS": str(SOCKETS)})
    with most, site(command) as running, site(command, log=UNTOUCHED_LOG) as untouched:
        person, terminals = _people(running, sockets)
        other, _ = _people(untouched, sockets)
        rounds = _Rounds(other, person)
        rounds.ask(0.0)
        before_mib = held_mib(running)
        with _crowd(running, slow, idle, terminals) as crowd:
            rounds.ask(SETTLE_S)
            opened_mib = held_mib(running)
            untouched_ms, beside_ms = rounds.ask(seconds)
            after_mib, open_at_end = held_mib(running), crowd.terminals
    return Beside(
        untouched_ms=untouched_ms,
        beside_ms=beside_ms,
        before_mib=before_mib,
        opened_mib=opened_mib,
        after_mib=after_mib,
        open_at_end=open_at_end,
    )


def _people(running: Site, sockets: int) -> tuple[Person, Sequence[tuple[str, dict[str, str]]]]:
    """Somebody who asks for pages, and the terminals of so many others, see `_with_host`."""
    [link, *others] = links(running, 1 + sockets, Role.LEARNER)
    with ThreadPoolExecutor(4) as pool:
        return Person(link), list(pool.map(_with_host, others))


class _Rounds:
    """Rounds of pages of two sites in turn."""

    def __init__(self, *people: Person) -> None:
        self._people = people

    def ask(self, seconds: float) -> Sequence[float]:
        """Ask for so long, for one round at least; for each site the median of its rounds' 95th percentiles, in ms."""
        until, rounds = time.monotonic() + seconds, list[list[float]]()
        while not rounds or time.monotonic() < until:
            rounds.append([_p95_of_a_round(person) for person in self._people])
        return [statistics.median(of_one) for of_one in zip(*rounds, strict=True)]


def _p95_of_a_round(person: Person) -> float:
    """In ms, of one round of pages; a page that does not come within ATTEMPT_S ends the round."""
    taken_s: list[float] = []
    until = time.monotonic() + ATTEMPT_S
    while len(taken_s) < ROUND and time.monotonic() < until:
        taken_s.append(person.get(PAGE).taken_s)
    return p95_ms(taken_s) if len(taken_s) > 1 else 1000 * taken_s[0]


def _with_host(link: str) -> tuple[str, dict[str, str]]:
    """The address of a terminal of a new run of this learner, and the headers that it needs."""
    person = Person(link)
    page = person.get(f"/labs/{LAB}").text
    started = person.post(f"/labs/{LAB}/prediction", fields_of(page, ending="/prediction"))
    run = urlsplit(started.location).path
    person.post(f"{run}/host", {})
    person.get(f"{run}/host")
    person.post(f"{run}/set-up", {})
    person.close()
    address = f"{person.address.replace('http:', 'ws:')}{run}/terminal?rows=24&columns=80"
    return address, {"Origin": person.address, "Cookie": person.cookie}


class _Crowd:
    """Connections that are kept open, in a thread with an event loop of its own."""

    def __init__(self, running: Site) -> None:
        address = urlsplit(running.installation.address)
        assert address.hostname is not None
        self._place = address.hostname, address.port
        self.terminals = self.others = 0
        self._tasks: list[asyncio.Task[None]] = []

    async def gather(self, slow: int, idle: int, terminals: Sequence[tuple[str, dict[str, str]]]) -> None:
        """Open all of them, and keep them open until the task is cancelled."""
        async with asyncio.TaskGroup() as group:
            for number in range(slow):
                group.create_task(self._slow(is_body=number % 2 == 0))
            for _ in range(idle):
                group.create_task(self._idle())
            for address, headers in terminals:
                group.create_task(self._terminal(address, headers))

    async def _slow(self, *, is_body: bool) -> None:
        """Send a request byte by byte, and another one whenever the server has closed the connection."""
        head = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection(*self._place)
                self.others += 1
                writer.write(head + (b"\r\n" if is_body else b""))
                while not reader.at_eof() and not writer.is_closing():
                    writer.write(b"a" if is_body else b"X")
                    await writer.drain()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(reader.read(1), DRIP_S)
                writer.close()

    async def _idle(self) -> None:
        """Ask for one thing, and keep the connection."""
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection(*self._place)
                writer.write(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                self.others += 1
                while await reader.read(4096):
                    pass
                writer.close()

    async def _terminal(self, address: str, headers: dict[str, str]) -> None:
        while True:
            with suppress(OSError, WebSocketException):
                async with connect(address, additional_headers=headers, close_timeout=1, proxy=None) as line:
                    await line.recv()
                    self.terminals += 1
                    try:
                        await line.wait_closed()
                    finally:
                        self.terminals -= 1


@contextmanager
def _crowd(running: Site, slow: int, idle: int, terminals: Sequence[tuple[str, dict[str, str]]]) -> Iterator[_Crowd]:
    """All of them, open while the block runs."""
    crowd, loop = _Crowd(running), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    gathered: asyncio.Task[None] = loop.create_task(crowd.gather(slow, idle, terminals))
    try:
        loop.call_soon_threadsafe(lambda: None)  # the loop may sleep already
        _wait(lambda: crowd.others >= slow + idle and crowd.terminals >= len(terminals))
        yield crowd
    finally:
        asyncio.run_coroutine_threadsafe(_end(gathered), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait([task])


def _wait(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 12 * ATTEMPT_S
    while not is_so():
        assert time.monotonic() < until, "not all connections could be opened"
        time.sleep(0.1)
