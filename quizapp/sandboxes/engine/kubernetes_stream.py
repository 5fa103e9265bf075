"""Commands in Pods over the WebSockets of an API server: channels, input's end, exit status. Knows no Pod.

Each message begins with the number of its channel. The official client has a stream of its own, which decodes all
output as UTF-8 and joins strings: it is slow for much of it, and a cut letter is lost. So the messages are read here.
"""

import json
import select
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection
from websockets.typing import Subprotocol

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import EngineFault, NoClearAnswer

HALF_CLOSE = Subprotocol("v5.channel.k8s.io")  # the first version in which the end of the input can be said
PROTOCOLS = (HALF_CLOSE, Subprotocol("v4.channel.k8s.io"))
ANSWERS_WITHIN_S = 2.0  # for a prestarted command to answer; it takes 2 to 11 ms, unless the cluster hangs
CLOSE_S = 0.5  # for the other side to agree to a close; nothing is lost if it does not
PIECE_BYTES = 4096  # of input in one message: less than what a connection has room for when it has any
MESSAGE_BYTES = 1024 * 1024  # of output in one; an API server sends up to 32 KiB
MESSAGES = 16  # of output, unread in this process; the kernel, the API server and the node hold the others back
RETRY_S = 10
TOO_LATE = "The sandbox took too long or said too much; check again, or end it and start anew."


class Channel(IntEnum):
    """What a message is about, by its first byte."""

    INPUT = 0
    OUTPUT = 1
    ERRORS = 2
    STATUS = 3
    """How the command ended, as JSON; the last message."""
    SIZE = 4
    CLOSE = 255
    """Its second byte is the channel that ends."""


class PromptConnection(ClientConnection):
    """A connection whose end does not wait for the other side.

    By itself the library (17.4) closes the socket and waits for the thread that reads from it. Over TLS that thread may
    be amidst a record, as it is after a handshake of TLS 1.3 whose server says nothing more, and waits on without end:
    `open_timeout` and `close_timeout` do not hold.
    """

    def close_socket(self) -> None:
        """See Connection.close_socket."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        super().close_socket()


class PodStream:
    """The connection to one command. One thread may send while another receives."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.status: dict[str, Any] | None = None
        """How the command ended; None while it runs, or if the connection was lost."""

    def send(self, data: bytes, *, wait_s: float) -> bytes:
        """Send as input for at most `wait_s` seconds; returns the bytes not sent, or none if it is closed."""
        until = time.monotonic() + wait_s
        try:
            while data and self._has_room(until):
                self._tell(Channel.INPUT, data[:PIECE_BYTES])
                data = data[PIECE_BYTES:]
        except (ConnectionClosed, OSError, ValueError):
            return b""
        return data

    def end_input(self) -> None:
        """Let the command read the end of its input. Does nothing where the cluster is too old to be told so."""
        if self._connection.subprotocol == HALF_CLOSE:
            with suppress(ConnectionClosed):
                self._tell(Channel.CLOSE, bytes([Channel.INPUT]))

    def resize(self, rows: int, columns: int) -> None:
        """Set the size of the terminal, in characters."""
        with suppress(ConnectionClosed):
            self._tell(Channel.SIZE, json.dumps({"Width": columns, "Height": rows}).encode())

    def receive(self, *, until: float | None = None) -> bytes:
        """Wait for the next output of either kind; empty at the end, and after `hang_up`.

        Raises TimeoutError at `until` (time.monotonic()).
        """
        while True:
            left = None if until is None else max(0.0, until - time.monotonic())
            try:
                message = self._connection.recv(timeout=left, decode=False)
            except ConnectionClosed:
                return b""
            match message[:1]:
                case b"\x01" | b"\x02" if len(message) > 1:  # each channel begins with an empty message
                    return message[1:]
                case b"\x03" if len(message) > 1:
                    self.status = _as_object(message[1:])

    def read_all(self, *, most_bytes: int, give_up_s: float) -> bytes:
        """All output until the command has ended. Raises TimeoutError; ValueError if it is longer."""
        until = time.monotonic() + give_up_s
        output = bytearray()
        while piece := self.receive(until=until):
            output += piece
            if len(output) > most_bytes:
                raise ValueError("the output is longer than asked for")
        return bytes(output)

    def answers(self, expected: bytes) -> bool:
        """Send an empty line; whether the answer is exactly `expected` and comes in time."""
        until = time.monotonic() + ANSWERS_WITHIN_S
        answer = b""
        with suppress(TimeoutError):
            if self.send(b"\n", wait_s=ANSWERS_WITHIN_S) == b"":
                while len(answer) < len(expected) and (more := self.receive(until=until)):
                    answer += more
        return answer == expected

    def hang_up(self) -> None:
        """Close the connection, so that a waiting `receive` returns. Does not end the command. Safe to call twice."""
        self._connection.close()

    def _tell(self, channel: Channel, data: bytes) -> None:
        self._connection.send(bytes([channel]) + data)

    def _has_room(self, until: float) -> bool:
        """Whether a piece can be sent now; waits for that until then. Raises ValueError if the connection is closed."""
        poll = select.poll()
        poll.register(self._connection.socket, select.POLLOUT)
        return bool(poll.poll(max(0.0, until - time.monotonic()) * 1000))


class PodExec:
    """See Exec. A command without a terminal. `missing` tells why there is no container, if there is none."""

    def __init__(self, stream: PodStream, *, missing: Callable[[], QuizappError | None]) -> None:
        self._stream = stream
        self._missing = missing

    def answers(self) -> bool:
        """See Prestarted.answers."""
        return self._stream.answers(b"\n")

    def finish(self, stdin: bytes, *, give_up_s: float, most_bytes: int) -> bytes:
        """See Exec.finish. Output after which no exit status came is not taken as whole. Raises NoContainer."""
        try:
            if self._stream.send(stdin, wait_s=give_up_s):
                raise TimeoutError
            self._stream.end_input()
            output = self._stream.read_all(most_bytes=most_bytes, give_up_s=give_up_s)
        except (TimeoutError, ValueError):
            raise NoClearAnswer(TOO_LATE, retry_after_s=1) from None
        finally:
            self._stream.hang_up()
        status = self._stream.status
        if status is None:
            raise self._missing() or NoClearAnswer(TOO_LATE, retry_after_s=1)
        if status.get("status") != "Success" and status.get("reason") != "NonZeroExitCode":
            raise self._missing() or EngineFault(f"The cluster refused: {_message(status)}", retry_after_s=RETRY_S)
        return output

    def close(self) -> None:
        """See Prestarted.close. Ends what waits for its input, which is all that is begun ahead."""
        self._stream.end_input()
        self._stream.hang_up()


class PodShell:
    """See Shell. It does not end with its connection, so `close` kills it."""

    def __init__(self, stream: PodStream, *, kill: Callable[[], None]) -> None:
        self._stream = stream
        self._kill = kill

    def answers(self) -> bool:
        """See Prestarted.answers."""
        return self._stream.answers(b"\r\n")

    def send(self, data: bytes, *, wait_s: float) -> bytes:
        """See Shell.send."""
        return self._stream.send(data, wait_s=wait_s)

    def resize(self, rows: int, columns: int) -> None:
        """See Shell.resize."""
        self._stream.resize(rows, columns)

    def receive(self) -> bytes | None:
        """See Shell.receive."""
        return self._stream.receive() or None

    def close(self) -> None:
        """See Shell.close."""
        self._stream.hang_up()
        with suppress(QuizappError):  # a sandbox that has ended has no shell to kill
            self._kill()


def _as_object(message: bytes) -> dict[str, Any]:
    """The status as a mapping; an empty one if it cannot be read."""
    try:
        said = json.loads(message)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _message(status: dict[str, Any]) -> str:
    return str(status.get("message", "it said nothing of the command's end"))[:300]
