"""A terminal over sandboxd's WebSocket. A module of its own: its library is loaded with the first terminal.

A connection that fails, and a message that cannot be read, raise SandboxdAway.
"""

import json
from contextlib import suppress
from pathlib import Path

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, unix_connect

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import Opened
from quizapp.sandboxes.remote import wire
from quizapp.sandboxes.remote.faults import away, readable

CONNECT_S = 2.0  # a unix socket answers at once or not at all
OPEN_S = 12.0  # sandboxd waits up to 10 s for the engine's answer
OUTPUT_MESSAGES = 16  # of a terminal, unread in this process, at most 16 KiB each; the kernel buffers the others


def connect(socket: Path, address: str) -> ClientConnection:
    """A connection to the terminal at this address, over the unix socket. Raises SandboxdAway."""
    try:
        return unix_connect(
            str(socket),
            address,
            legacy=True,  # returns the connection, not a context manager: it stays open after this function
            compression=None,
            open_timeout=CONNECT_S,
            close_timeout=CONNECT_S,
            ping_interval=None,  # sandboxd sends the pings
            max_size=wire.MESSAGE_BYTES,
            max_queue=OUTPUT_MESSAGES,
        )
    except (OSError, WebSocketException) as error:
        raise away() from error


class HttpTerminal:
    """See Terminal."""

    def __init__(self, connection: ClientConnection) -> None:
        """Wait until sandboxd reports that the terminal is open. Raises the error that it reports, or SandboxdAway."""
        self._connection = connection
        self._ended: str | None = None
        self._is_over = False
        try:
            self._opened = self._wait_until_open()
        except (TimeoutError, ConnectionClosed) as error:
            self.leave()
            raise away() from error
        except QuizappError:
            self.leave()
            raise

    @property
    def opened(self) -> Opened:
        """See Terminal.opened."""
        return self._opened

    @property
    def ended(self) -> str | None:
        """See Terminal.ended."""
        return self._ended

    def ack(self, seen: int) -> None:
        """See Terminal.ack."""
        self._put(wire.message(wire.ACK, seen))

    def send(self, data: bytes) -> None:
        """See Terminal.send."""
        for start in range(0, len(data), wire.MESSAGE_BYTES):
            self._put(data[start : start + wire.MESSAGE_BYTES])

    def resize(self, rows: int, columns: int) -> None:
        """See Terminal.resize."""
        self._put(wire.message(wire.RESIZE, {"rows": rows, "columns": columns}))

    def receive(self) -> bytes | None:
        """See Terminal.receive."""
        if self._is_over:
            return None
        try:
            message = self._connection.recv()
        except ConnectionClosed:
            message = ""
        if isinstance(message, bytes):
            return message
        self._is_over = True
        self._ended = _reason(message)
        self.leave()  # after its last message, sandboxd waits until the client closes the connection
        return None

    def leave(self) -> None:
        """See Terminal.leave."""
        self._connection.close()

    def close(self) -> None:
        """See Terminal.close."""
        self._put(wire.message(wire.CLOSE, True))
        self.leave()

    def _wait_until_open(self) -> Opened:
        with readable():
            match json.loads(self._connection.recv(timeout=OPEN_S)):
                case {wire.OPEN: opened}:
                    return wire.from_json(wire.OPENED, opened)
                case {wire.ERROR: fault}:
                    raise wire.error_from_json(fault)
                case _:
                    raise wire.NotOurs("neither open nor an error")

    def _put(self, message: str | bytes) -> None:
        with suppress(ConnectionClosed):  # the next `receive` returns None then
            self._connection.send(message)


def _reason(message: str) -> str | None:
    """Why the terminal is over, from sandboxd's last message; None if the connection was lost before it."""
    with suppress(ValueError):
        match json.loads(message):
            case {wire.ENDED: str(reason)}:
                return reason
    return None
