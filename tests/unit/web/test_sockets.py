"""The relay between a WebSocket and its other side: order, text, both ends, and bounds."""

import json
import queue
import threading

import pytest
from simple_websocket import ConnectionClosed

from quizapp.web import sockets
from quizapp.web.sockets import Inbox, await_close, relay

GONE = object()


class FakeSocket:
    """The server's end of a WebSocket whose client is the test."""

    def __init__(self) -> None:
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


class EchoSide:
    """Sends back what it gets, until it is left or told `{"stop": true}`."""

    def __init__(self) -> None:
        self._output: queue.Queue[bytes | None] = queue.Queue()
        self.obeyed: list[object] = []
        self.left = threading.Event()
        self.is_welcome = True

    def greeting(self) -> object:
        return {"hello": 1}

    def receive(self) -> bytes | None:
        return self._output.get()

    def farewell(self) -> object | None:
        return {"bye": 1} if self.obeyed[-1:] == [{"stop": True}] else None

    def send(self, data: bytes) -> None:
        self._output.put(data)

    def control(self, message: object) -> None:
        self.obeyed.append(message)
        if message == {"stop": True}:
            self._output.put(None)

    def goes_on(self) -> bool:
        return self.is_welcome

    def leave(self) -> None:
        self.left.set()
        self._output.put(None)


@pytest.fixture
def socket() -> FakeSocket:
    return FakeSocket()


@pytest.fixture
def peer() -> EchoSide:
    return EchoSide()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "POLL_S", 0.01)


def test_bytes_keep_their_order_between_greeting_and_farewell(socket: FakeSocket, peer: EchoSide) -> None:
    typed = [bytes([number]) for number in range(200)]
    for message in [*typed, json.dumps({"stop": True})]:
        socket.typed.put(message)
    relay(socket, peer)
    assert socket.sent == ['{"hello": 1}', *typed, '{"bye": 1}']
    assert peer.left.is_set()


def test_a_client_that_goes_is_left(socket: FakeSocket, peer: EchoSide) -> None:
    socket.typed.put(GONE)
    with pytest.raises(ConnectionClosed):
        relay(socket, peer)
    assert peer.left.is_set()
    assert socket.sent == ['{"hello": 1}']


def test_a_client_that_is_gone_before_its_greeting_is_left(
    socket: FakeSocket, peer: EchoSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(data: str | bytes) -> None:
        raise ConnectionClosed

    monkeypatch.setattr(socket, "send", closed)
    with pytest.raises(ConnectionClosed):
        relay(socket, peer)
    assert peer.left.is_set()


def test_a_client_that_may_not_stay_is_left(socket: FakeSocket, peer: EchoSide) -> None:
    peer.is_welcome = False
    relay(socket, peer)
    assert peer.left.is_set()


def test_a_client_that_is_gone_when_bytes_come(
    socket: FakeSocket, peer: EchoSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(data: str | bytes) -> None:
        if isinstance(data, bytes):
            raise BrokenPipeError

    monkeypatch.setattr(socket, "send", broken)
    socket.typed.put(b"echoed to nobody")
    relay(socket, peer)
    assert peer.left.is_set()


def test_text_that_is_no_json_is_passed_over(socket: FakeSocket, peer: EchoSide) -> None:
    for message in ["", "{", "[" * 100_000, "nul", "7", '{"stop": true}']:
        socket.typed.put(message)
    relay(socket, peer)
    assert peer.obeyed == [7, {"stop": True}]


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
    reader.join(60)
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
    reader.join(60)
    assert not reader.is_alive()
    assert list(inbox) == [b"kept"]
    with pytest.raises(IndexError):
        Inbox(1).pop(0)


def test_parting_waits_for_the_client_and_not_for_ever(socket: FakeSocket, monkeypatch: pytest.MonkeyPatch) -> None:
    socket.typed.put(b"late input")
    socket.typed.put(GONE)
    await_close(socket)
    assert socket.typed.empty()
    monkeypatch.setattr(sockets, "CLOSE_WAIT_S", 0.05)
    await_close(socket)
