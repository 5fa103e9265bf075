"""The relay between a WebSocket and a shell: order, control messages, both ends, and bounds."""

import json
import queue
import threading

import pytest
from simple_websocket import ConnectionClosed

from quizapp.sandboxes import terminal
from quizapp.sandboxes.client import BadSandboxRequest
from quizapp.sandboxes.terminal import NOT_READING, Inbox, part, relay, window
from tests.unit.sandboxes.engines import FakeShell

GONE = object()


class FakeSocket:
    """The server's end of a WebSocket whose client is the test."""

    def __init__(self) -> None:
        self.input_buffer: list[str | bytes] = []
        self.typed: queue.Queue[str | bytes | object] = queue.Queue()
        self.sent: list[str | bytes] = []

    def send(self, data: str | bytes) -> None:
        self.sent.append(data)

    def receive(self, timeout: float | None = None) -> str | bytes | None:
        try:
            message = self.typed.get(timeout=timeout)
        except queue.Empty:
            return None
        if message is GONE:
            raise ConnectionClosed
        assert isinstance(message, str | bytes)
        return message


@pytest.fixture
def socket() -> FakeSocket:
    return FakeSocket()


@pytest.fixture
def shell() -> FakeShell:
    return FakeShell()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "POLL_S", 0.01)
    monkeypatch.setattr(terminal, "INPUT_WAIT_S", 0.05)


def run(socket: FakeSocket, shell: FakeShell) -> None:
    relay(socket, shell, why_ended=lambda: "It was over.")


def test_bytes_keep_their_order_and_the_end_is_told(socket: FakeSocket, shell: FakeShell) -> None:
    typed = [bytes([number]) for number in range(200)]
    for byte in typed:
        socket.typed.put(byte)
    socket.typed.put(GONE)
    with pytest.raises(ConnectionClosed):
        run(socket, shell)
    opened, *output, end = socket.sent
    assert isinstance(opened, str)
    assert json.loads(opened) == {"open": True}
    assert output == typed
    assert json.loads(end) == {"ended": "It was over."}


def test_the_shells_end_ends_the_relay(socket: FakeSocket, shell: FakeShell) -> None:
    shell.output.put(b"bye")
    shell.output.put(None)
    run(socket, shell)
    assert socket.sent[1] == b"bye"
    assert json.loads(socket.sent[2]) == {"ended": "It was over."}


def test_a_client_that_goes_takes_its_shell_along(socket: FakeSocket, shell: FakeShell) -> None:
    socket.typed.put(GONE)
    with pytest.raises(ConnectionClosed):
        run(socket, shell)
    assert shell.closed.is_set()


def test_a_client_that_is_gone_when_output_comes(
    socket: FakeSocket, shell: FakeShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(data: str | bytes) -> None:
        if isinstance(data, bytes):
            raise BrokenPipeError

    monkeypatch.setattr(socket, "send", broken)
    shell.output.put(b"to nobody")
    run(socket, shell)
    assert shell.closed.is_set()


def test_the_window_is_resized_and_nonsense_passed_over(socket: FakeSocket, shell: FakeShell) -> None:
    nonsense = ["", "{", "[]", "null", "[" * 100_000, '{"resize": {"rows": 0, "columns": 80}}', '{"resize": {}}']
    nonsense += ['{"resize": {"rows": "24", "columns": 80}}', '{"resize": {"rows": 1e9, "columns": 80}}']
    for message in [*nonsense, '{"resize": {"rows": 40, "columns": 120}}', GONE]:
        socket.typed.put(message)
    with pytest.raises(ConnectionClosed):
        run(socket, shell)
    assert shell.sizes == [(40, 120)]


def test_a_shell_that_does_not_read_ends_the_terminal(socket: FakeSocket, shell: FakeShell) -> None:
    shell.takes_input = False
    socket.typed.put(b"into the void")
    run(socket, shell)
    assert shell.closed.is_set()
    assert json.loads(socket.sent[-1]) == {"ended": NOT_READING}


def test_a_full_inbox_lets_its_reader_wait() -> None:
    inbox = Inbox(2)
    arrived: list[int] = []

    def read_three() -> None:
        for number in range(3):
            inbox.append(b"%d" % number)
            arrived.append(number)

    reader = threading.Thread(target=read_three, daemon=True)
    reader.start()
    reader.join(0.05)
    assert arrived == [0, 1]
    assert inbox.pop(0) == b"0"
    reader.join(5)
    assert list(inbox) == [b"1", b"2"]


def test_a_closed_inbox_drops_what_comes_and_wakes_its_reader() -> None:
    inbox = Inbox(1)
    inbox.append(b"kept")

    def read_late() -> None:
        inbox.append(b"late")
        inbox.append(b"later")

    reader = threading.Thread(target=read_late, daemon=True)
    reader.start()
    inbox.close()
    reader.join(5)
    assert not reader.is_alive()
    assert list(inbox) == [b"kept"]
    with pytest.raises(IndexError):
        Inbox(1).pop(0)


@pytest.mark.parametrize(("rows", "columns"), [(0, 80), (24, -1), (24, 1001), (None, 80), ("24", 80), (24.5, 80)])
def test_a_window_that_cannot_be(rows: object, columns: object) -> None:
    with pytest.raises(BadSandboxRequest):
        window(rows, columns)


def test_parting_waits_for_the_client_and_not_for_ever(socket: FakeSocket, monkeypatch: pytest.MonkeyPatch) -> None:
    socket.typed.put(b"late input")
    socket.typed.put(GONE)
    part(socket)
    assert socket.typed.empty()
    monkeypatch.setattr(terminal, "PART_S", 0.05)
    part(socket)
