"""Between a browser's socket and a terminal: order, flow control, the end, and what each may not do to the other."""

import json
import queue
import threading
from collections.abc import Iterator

import pytest
from simple_websocket import ConnectionClosed

from quizapp.labs.bridge import AHEAD_BYTES, MOST_COLUMNS, MOST_ROWS, Bridge, NoSeat, Seats, control_of, window

WAIT_S = 5
PIECE = b"y" * 1024


class Browser:
    """A browser's end in memory. `seen` is what arrived; `gone` makes it vanish."""

    def __init__(self) -> None:
        self._typed: queue.Queue[bytes | str] = queue.Queue()
        self._arrived = threading.Condition()
        self.seen: list[bytes | str] = []
        self.gone = threading.Event()

    def type(self, data: bytes | str) -> None:
        self._typed.put(data)

    def receive(self, timeout: float | None = None) -> bytes | str | None:
        if self.gone.is_set():
            raise ConnectionClosed
        try:
            return self._typed.get(timeout=min(timeout or 0.02, 0.02))
        except queue.Empty:
            return None

    def send(self, data: bytes | str) -> None:
        if self.gone.is_set():
            raise ConnectionClosed
        with self._arrived:
            self.seen.append(data)
            self._arrived.notify_all()

    def waits_for(self, count: int) -> bool:
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self.seen) >= count, WAIT_S)


class Shell:
    """A terminal in memory that prints `output` as fast as it is read."""

    def __init__(self, output: Iterator[bytes]) -> None:
        self._output = output
        self.typed: list[bytes] = []
        self.sizes: list[tuple[int, int]] = []
        self.closed = threading.Event()
        self.ended: str | None = None

    def send(self, data: bytes) -> None:
        self.typed.append(data)

    def resize(self, rows: int, columns: int) -> None:
        self.sizes.append((rows, columns))

    def receive(self) -> bytes | None:
        data = None if self.closed.is_set() else next(self._output, None)
        if data is None:
            self.ended = "It has ended."
        return data

    def close(self) -> None:
        self.closed.set()


def silent() -> Iterator[bytes]:
    """A shell that prints nothing and does not end by itself; it wakes up now and then to see whether it is closed."""
    pause = threading.Event()
    while True:
        pause.wait(0.02)
        yield b""


def running(browser: Browser, shell: Shell) -> threading.Thread:
    """A bridge between the two, running."""

    def run() -> None:
        try:
            Bridge(browser, shell).run()
        except ConnectionClosed:
            return

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def finish(browser: Browser, thread: threading.Thread) -> None:
    browser.gone.set()
    thread.join(WAIT_S)
    assert not thread.is_alive()


def test_output_comes_in_order_and_then_why_it_ended() -> None:
    browser, shell = Browser(), Shell(iter([b"a", b"b", b"c"]))
    running(browser, shell).join(WAIT_S)
    assert browser.seen == [b"a", b"b", b"c", json.dumps({"ended": "It has ended."})]
    assert shell.closed.is_set()


def test_a_flood_waits_for_the_browser() -> None:
    browser, shell = Browser(), Shell(PIECE for _ in iter(int, 1))
    thread = running(browser, shell)
    most = AHEAD_BYTES // len(PIECE)
    assert browser.waits_for(most)
    threading.Event().wait(0.05)  # long enough for another hundred pieces, if nothing held them back
    assert len(browser.seen) == most
    browser.type(json.dumps({"ack": 3 * len(PIECE)}))
    assert browser.waits_for(most + 3)
    assert len(browser.seen) == most + 3
    finish(browser, thread)


def test_what_is_typed_goes_through_during_a_flood() -> None:
    browser, shell = Browser(), Shell(PIECE for _ in iter(int, 1))
    thread = running(browser, shell)
    browser.waits_for(AHEAD_BYTES // len(PIECE))
    browser.type(b"\x03")
    browser.type(json.dumps({"resize": {"rows": 50, "columns": 132}}))
    finish_typing(shell)
    assert shell.typed == [b"\x03"]
    finish(browser, thread)


def finish_typing(shell: Shell) -> None:
    for _ in range(500):
        if shell.sizes:
            return
        threading.Event().wait(0.01)
    raise AssertionError("the resize did not arrive")


def test_a_browser_that_goes_closes_the_terminal() -> None:
    browser, shell = Browser(), Shell(silent())
    thread = running(browser, shell)
    assert browser.waits_for(1)
    finish(browser, thread)
    assert shell.closed.is_set()


@pytest.mark.parametrize(
    ("asked", "given"),
    [((30, 100), (30, 100)), ((0, -5), (1, 1)), ((10**9, 10**9), (MOST_ROWS, MOST_COLUMNS))],
)
def test_windows_are_possible_ones(asked: tuple[int, int], given: tuple[int, int]) -> None:
    assert window(*asked) == given


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "nul"])
def test_what_is_no_json_is_no_control(text: str) -> None:
    assert control_of(text) is None


def test_seats_are_counted_and_given_back() -> None:
    seats = Seats(1)
    with seats.one(), pytest.raises(NoSeat), seats.one():
        pass
    with seats.one():
        pass
