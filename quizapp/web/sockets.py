"""Carries bytes between a WebSocket and whatever is at its other side. Knows nothing of what that is.

Both ways are in order and bounded: what one side does not take waits in the kernel, so a flood stops whoever makes it.
"""

import json
import socket as sockets
import struct
import threading
import time
from contextlib import suppress
from typing import Any, Protocol, SupportsIndex

from simple_websocket import ConnectionClosed, Server

INPUT_MESSAGES = 16  # waiting at once: at most 1 MiB where a message has at most 64 KiB
POLL_S = 0.25  # how late the end of one direction is noticed by the other
CLOSE_WAIT_S = 2.0  # for a client to close after the last message
STALLED_S = 60  # a client that takes nothing for so long is gone; until then the other side waits


class Socket(Protocol):
    """The server's end of a WebSocket. `receive` gives None when nothing came in time; ConnectionClosed: it is gone."""

    def send(self, data: str | bytes) -> None: ...
    def receive(self, timeout: float | None = None) -> str | bytes | None: ...


class SocketPeer(Protocol):
    """What a socket is connected to. Text is one JSON value; what comes as text may be anything, and may be ignored."""

    def greeting(self) -> object:
        """What the client is told first."""
        ...

    def receive(self) -> bytes | None:
        """Wait for the next bytes for the client; None once there are no more."""
        ...

    def farewell(self) -> object | None:
        """What the client is told last, if anything."""
        ...

    def send(self, data: bytes) -> None:
        """Take what the client sent. May wait, and the client then waits as well."""
        ...

    def control(self, message: object) -> None:
        """Obey a text message."""
        ...

    def goes_on(self) -> bool:
        """Asked several times a second, whether the client may stay. To let it go is enough: the farewell is sent."""
        ...

    def leave(self) -> None:
        """The client is gone, or is told so now; a thread that waits in `receive` must wake up."""
        ...


class Inbox(list[str | bytes]):
    """A buffer for a Server that holds `most` messages; its reading thread waits until there is room for the next."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._room = threading.Semaphore(most)
        self._is_open = True

    def append(self, message: str | bytes) -> None:
        """Add a message, when there is room; drop it once the inbox is closed."""
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
        """Drop what comes from now on, and wake who waits for room."""
        self._is_open = False
        self._room.release()


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


class BoundedServer:
    """A Socket over the library's Server, without what that leaves unbounded: its input, its sends, its patience.

    Its client must be silent until it is greeted, since what came before is dropped.
    """

    def __init__(self, server: Server) -> None:
        server.sock.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDTIMEO, struct.pack("ll", STALLED_S, 0))
        server.sock = WholeFrames(server.sock)
        self._server = server
        self._inbox = Inbox(INPUT_MESSAGES)
        server.input_buffer = self._inbox

    def send(self, data: str | bytes) -> None:
        """See Socket.send."""
        self._server.send(data)

    def receive(self, timeout: float | None = None) -> str | bytes | None:
        """See Socket.receive."""
        message: str | bytes | None = self._server.receive(timeout=timeout)
        return message

    def close(self) -> None:
        """Take no more input; the library's thread that brings it must not wait here for ever."""
        self._inbox.close()


def relay(socket: Socket, peer: SocketPeer) -> None:
    """Connect the two until one is over. Raises ConnectionClosed when the client has gone."""
    socket.send(json.dumps(peer.greeting()))
    output = threading.Thread(target=_pump, args=(socket, peer), name="socket output", daemon=True)
    output.start()
    try:
        while output.is_alive() and peer.goes_on():
            message = socket.receive(timeout=POLL_S)
            if isinstance(message, str):
                _control(message, peer)
            elif message is not None:
                peer.send(message)
    finally:
        peer.leave()
        output.join()


def await_close(socket: Socket) -> None:
    """Let the client close first, for a while: cut off at once, it might never read the last message."""
    until = time.monotonic() + CLOSE_WAIT_S
    with suppress(ConnectionClosed):
        while time.monotonic() < until:
            socket.receive(timeout=POLL_S)


def _pump(socket: Socket, peer: SocketPeer) -> None:
    """Send what comes, and at the end the farewell. It alone sends: two threads would mix up their messages."""
    with suppress(ConnectionClosed, OSError):
        while (data := peer.receive()) is not None:
            socket.send(data)
        farewell = peer.farewell()
        if farewell is not None:
            socket.send(json.dumps(farewell))


def _control(text: str, peer: SocketPeer) -> None:
    """Pass on a text message. One that is no JSON is passed over: it is from a page, and can do no harm."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return
    peer.control(message)
