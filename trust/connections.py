"""Hundreds of connections that send slowly or nothing, and of terminals that nobody uses, beside somebody who learns.

Pages must be hardly slower than before, and the memory must stay as it is once all are open. Connections that the
server has closed, as it must those that send too slowly, are opened again. The control is gunicorn's own worker, which
gives a thread to a request that is still being sent.
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
ROUND = 200  # pages that are timed at once
ATTEMPT_S = 10.0
PAGE = "/notes"


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What somebody who learns noticed of the others."""

    before_ms: float
    """The median of a page before."""
    during_ms: float
    """The worst median of a round of pages while the others were there."""
    before_mib: float
    opened_mib: float
    """Once all had been open for SETTLE_S."""
    after_mib: float
    open_at_end: int
    """Terminals that were open still at the end."""


def run(scale: Scale) -> Promise:
    """Try it on a site of its own, which is removed afterwards."""
    seconds = scale.of(short=60, full=1_800)
    found = _beside(_many_threads, seconds, slow=SLOW, idle=IDLE, sockets=SOCKETS)
    weak = _beside(_gunicorns_own, scale.of(short=15, full=30), slow=SLOW, idle=0, sockets=0)
    slower, larger = found.during_ms / found.before_ms, found.after_mib / found.opened_mib - 1
    weak_slower = weak.during_ms / weak.before_ms
    return Promise(
        name="connections",
        done=f"{SLOW} slow and {IDLE:,} idle connections and {SOCKETS} terminals for {seconds:g} s",
        seen=f"pages {slower:.2f} times as slow ({found.before_ms:.1f} to {found.during_ms:.1f} ms); "
        f"memory {larger:+.1%}: "
        f"{found.before_mib:.0f} MiB, {found.opened_mib:.0f} once all were open, {found.after_mib:.0f} at the end",
        aim=f"pages at most {SLOWER_MAX:g} times as slow, memory at most {LARGER_MAX:+.0%}",
        held=slower <= SLOWER_MAX and larger <= LARGER_MAX and found.open_at_end == SOCKETS,
        control=Control(
            weakness="gunicorn's own worker",
            seen=f"pages {weak_slower:.0f} times as slow",
            failed=weak_slower > SLOWER_MAX,
        ),
    )


def _many_threads(installation: Installation) -> list[str]:
    *command, _ = web_command(installation)
    return [*command, "--threads", str(THREADS), "trust.fake_hosts:app"]


def _gunicorns_own(installation: Installation) -> list[str]:
    return [*web_command(installation), "--worker-class", "gthread"]


def _beside(command: Command, seconds: float, *, slow: int, idle: int, sockets: int) -> Beside:
    with mock.patch.dict(os.environ, {"QUIZAPP_MAX_TERMINALS": str(SOCKETS)}), site(command) as running:
        [link, *others] = links(running, 1 + sockets, Role.LEARNER)
        person = Person(link)
        with ThreadPoolExecutor(4) as pool:
            terminals = list(pool.map(_with_host, others))
        _median_ms(person)
        before_mib, before_ms = held_mib(running), _median_ms(person)
        with _crowd(running, slow, idle, terminals) as crowd:
            _ask_for(person, SETTLE_S)
            opened_mib = held_mib(running)
            until, rounds = time.monotonic() + seconds, [_median_ms(person)]
            while time.monotonic() < until:
                rounds.append(_median_ms(person))
            after_mib, open_at_end = held_mib(running), crowd.terminals
    return Beside(
        before_ms=before_ms,
        during_ms=statistics.median(rounds),
        before_mib=before_mib,
        opened_mib=opened_mib,
        after_mib=after_mib,
        open_at_end=open_at_end,
    )


def _ask_for(person: Person, seconds: float) -> None:
    """Ask for pages for so long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        _median_ms(person)


def _median_ms(person: Person) -> float:
    """The median of a round of pages; a page that does not come within ATTEMPT_S ends the round."""
    taken: list[float] = []
    until = time.monotonic() + ATTEMPT_S
    while len(taken) < ROUND and time.monotonic() < until:
        answer = person.get(PAGE)
        taken.append(1000 * answer.taken_s)
    return statistics.median(taken)


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
