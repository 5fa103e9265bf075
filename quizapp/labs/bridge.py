"""Carries a terminal between a browser's socket and a sandbox. Knows no web framework, no run and no database.

Bytes are what is typed and shown. Text is one JSON object of control: `{"resize": {"rows", "columns"}}` and
`{"ack": bytes shown}` from the browser, `{"ended": why}` to it.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from simple_websocket import ConnectionClosed

from quizapp.sandboxes.client import Terminal

MOST_ROWS, MOST_COLUMNS = 200, 500  # a large screen with small letters; a client cannot ask for more
AHEAD_BYTES = 64 * 1024  # shown but not yet acknowledged: `yes` fills it at once, and Ctrl+C still answers at once
LOOK_S = 0.5  # how late the end of the terminal is noticed while nothing is typed


class Line(Protocol):
    """The browser's end. `receive` gives None when nothing came in time; both raise ConnectionClosed if it is gone."""

    def send(self, data: bytes | str) -> None: ...

    def receive(self, timeout: float | None = None) -> bytes | str | None: ...


class NoSeat(Exception):
    """As many terminals are open as may be."""


class Seats:
    """Counts open terminals in this process, since each holds a thread: `most` in all."""

    def __init__(self, most: int) -> None:
        self._free = threading.BoundedSemaphore(most)

    @contextmanager
    def one(self) -> Iterator[None]:
        """A seat for as long as the block runs. Raises NoSeat at once if there is none."""
        if not self._free.acquire(blocking=False):
            raise NoSeat
        try:
            yield
        finally:
            self._free.release()


class WholeFrames:
    """A socket whose sends are whole and one after another: two threads of the WebSocket library share it unguarded."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._lock = threading.Lock()

    def send(self, data: bytes) -> None:
        with self._lock:
            self._socket.sendall(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


class Bridge:
    """One browser on one terminal."""

    def __init__(self, line: Line, terminal: Terminal) -> None:
        self._line = line
        self._terminal = terminal
        self._ahead = 0
        self._acknowledged = threading.Condition()
        self._over = threading.Event()

    def run(self) -> None:
        """Carry until the terminal is over, which the browser is told, or the browser goes. Closes the terminal.

        Raises ConnectionClosed when the browser has gone.
        """
        pump = threading.Thread(target=self._pump, name="terminal-pump", daemon=True)
        pump.start()
        try:
            while not self._over.is_set():
                message = self._line.receive(timeout=LOOK_S)
                if message is not None:
                    self._take(message)
        finally:
            self._stop()
            self._terminal.close()
            pump.join()

    def _take(self, message: bytes | str) -> None:
        if isinstance(message, bytes):
            self._terminal.send(message)
            return
        match control_of(message):
            case {"resize": {"rows": int(rows), "columns": int(columns)}}:
                self._terminal.resize(*window(rows, columns))
            case {"ack": int(shown)} if shown > 0:
                with self._acknowledged:
                    self._ahead = max(0, self._ahead - shown)
                    self._acknowledged.notify()

    def _pump(self) -> None:
        """Show output until there is no more. That the browser is gone, `run` hears as well."""
        with suppress(ConnectionClosed, OSError):
            while (output := self._terminal.receive()) is not None:
                self._line.send(output)
                self._wait_for_browser(len(output))
            self._line.send(ended(self._terminal.ended or "The terminal has ended."))
        self._stop()

    def _wait_for_browser(self, sent: int) -> None:
        with self._acknowledged:
            self._ahead += sent
            self._acknowledged.wait_for(lambda: self._ahead < AHEAD_BYTES or self._over.is_set())

    def _stop(self) -> None:
        self._over.set()
        with self._acknowledged:
            self._acknowledged.notify()


def ended(why: str) -> str:
    """The control message that tells the browser why its terminal is over."""
    return json.dumps({"ended": why})


def control_of(text: str) -> object:
    """The control message in `text`, None if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def window(rows: int, columns: int) -> tuple[int, int]:
    """A window that a shell can have, nearest to the one asked for."""
    return min(max(rows, 1), MOST_ROWS), min(max(columns, 1), MOST_COLUMNS)
