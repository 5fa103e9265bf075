"""Carries bytes between a WebSocket and its peer, both ways. Knows no terminal and no sandbox.

Each direction keeps the order and has a bounded buffer. Bytes that one side does not take stay in the kernel's buffers;
once those are full, the other side's sends block.
"""

import json
import logging
import socket as sockets
import struct
import threading
import time
from contextlib import suppress
from typing import Any, Protocol, SupportsIndex

from simple_websocket import ConnectionClosed, Server

from quizapp.web.socket_routes import LEFT_EARLY

INPUT_MESSAGES = 16  # received and not taken yet: at most 1 MiB, with messages of at most 64 KiB
POLL_S = 0.25  # the longest time until one direction notices that the other has ended
CLOSE_WAIT_S = 2.0  # how long a client has to close after the last message
STALLED_S = 60  # a client that takes no byte for so long counts as gone; until then sends block

log = logging.getLogger(__name__)


class Socket(Protocol):
    """The server's end of a WebSocket. Both methods raise ConnectionClosed once the client has gone.

    `receive` waits `timeout` seconds (None: without limit) for a message and returns None if none came.
    """

    def send(self, data: str | bytes) -> None: ...
    def receive(self, timeout: float | None = None) -> str | bytes | None: ...


class SocketPeer(Protocol):
    """What a socket carries bytes to. A text message is one JSON value; one from the client may be any value."""

    def greeting(self) -> object:
        """The first message to the client, a JSON value."""
        ...

    def receive(self) -> bytes | None:
        """Wait for the next bytes for the client; None once there are no more."""
        ...

    def farewell(self) -> object | None:
        """The last message to the client, a JSON value; None for no message."""
        ...

    def send(self, data: bytes) -> None:
        """Take bytes that the client sent. May block; the client's later bytes wait meanwhile."""
        ...

    def control(self, message: object) -> None:
        """Act on a text message from the client; ignore one that is not known."""
        ...

    def goes_on(self) -> bool:
        """Whether the client may stay; asked several times a second. After False, `relay` ends with the farewell."""
        ...

    def leave(self) -> None:
        """The client has gone or may not stay: a thread that waits in `receive` must return."""
        ...


class Inbox(list[str | bytes]):
    """A Server's input buffer of at most `most` messages; the Server's reading thread waits for room in it."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._room = threading.Semaphore(most)
        self._is_open = True

    def append(self, message: str | bytes) -> None:
        """Wait for room and add a message; once the inbox is closed, drop it."""
        self._room.acquire()
        if self._is_open:
            super().append(message)
        else:
            self._room.release()

    def pop(self, index: SupportsIndex = -1) -> str | bytes:
        """Take a message. Raises IndexError if there is none."""
        message = super().pop(index)
        self._room.release()
        return message

    def close(self) -> None:
        """Drop all later messages, and wake the thread that waits for room."""
        self._is_open = False
        self._room.release()


class WholeFrames:
    """A socket that sends each frame whole, one at a time: two threads of the WebSocket library send without a lock."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._lock = threading.Lock()

    def send(self, data: bytes) -> None:
        with self._lock:
            self._socket.sendall(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


class BoundedServer:
    """A Socket over the library's Server, which itself does not bound its input buffer or how long a send takes.

    The client must send nothing before the greeting: earlier messages are dropped.
    """

    def __init__(self, server: Server) -> None:
        """Wrap the library's socket. Raises ConnectionClosed if the client has left and it is closed already."""
        try:
            server.sock.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDTIMEO, struct.pack("ll", STALLED_S, 0))
        except OSError:
            log.info(LEFT_EARLY)
            raise ConnectionClosed from None
        server.sock = WholeFrames(server.sock)
        self._server = server
        self._inbox = Inbox(INPUT_MESSAGES)
        server.input_buffer = self._inbox

    def send(self, data: str | bytes) -> None:
        """See Socket.send."""
        try:
            self._server.send(data)
        except OSError:  # the client has left and the library does not know yet, or it took nothing for STALLED_S
            raise ConnectionClosed from None

    def receive(self, timeout: float | None = None) -> str | bytes | None:
        """See Socket.receive."""
        message: str | bytes | None = self._server.receive(timeout=timeout)
        return message

    def close(self) -> None:
        """Take no more input, so that the library's reading thread does not wait for room for ever."""
        self._inbox.close()


def relay(socket: Socket, peer: SocketPeer) -> None:
    """Carry bytes both ways until the peer has no more or the client may not stay. Calls `peer.leave` at every end.

    Raises ConnectionClosed when the client has gone.
    """
    output = threading.Thread(target=_pump, args=(socket, peer), name="socket output", daemon=True)
    try:
        socket.send(json.dumps(peer.greeting()))
        output.start()
        while output.is_alive() and peer.goes_on():
            message = socket.receive(timeout=POLL_S)
            if isinstance(message, str):
                _control(message, peer)
            elif message is not None:
                peer.send(message)
    finally:
        peer.leave()
        if output.ident is not None:  # None if the thread was not started
            output.join()


def await_close(socket: Socket) -> None:
    """Wait up to CLOSE_WAIT_S for the client to close: if the server closes first, the last message may be lost."""
    until = time.monotonic() + CLOSE_WAIT_S
    with suppress(ConnectionClosed):
        while time.monotonic() < until:
            socket.receive(timeout=POLL_S)


def _pump(socket: Socket, peer: SocketPeer) -> None:
    """Send the peer's bytes, then its farewell. No other thread sends meanwhile, so the farewell comes last."""
    with suppress(ConnectionClosed, OSError):
        while (data := peer.receive()) is not None:
            socket.send(data)
        farewell = peer.farewell()
        if farewell is not None:
            socket.send(json.dumps(farewell))


def _control(text: str, peer: SocketPeer) -> None:
    """Give a text message to the peer as a JSON value. Text that is no JSON is ignored."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return
    peer.control(message)
