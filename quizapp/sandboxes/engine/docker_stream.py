"""The raw connections of the Docker SDK to commands and logs: read without loss, written, closed. Knows no engine.

The SDK returns a connection's socket, but reads the HTTP headers through a buffered reader. Bytes that came together
with the headers stay in that reader, and closing only the socket leaves its file descriptor open. So this module reads
the buffer and closes the reader through private attributes of the SDK.
"""

import select
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import NoClearAnswer

READ_BYTES = 16 * 1024  # at once; a frame of this size comes through a unix socket in one piece
ANSWERS_WITHIN_S = 2.0  # for a prestarted command to answer; it takes 2 ms, unless the engine hangs
FRAME_HEADER = struct.Struct(">BxxxL")  # stream number and length in bytes, before each piece of a command's output


class TooMuch(Exception):
    """The output is longer than the caller's limit."""


class Stream:
    """The connection of `response`, in both directions. One thread may send while another receives."""

    def __init__(self, response: Any) -> None:
        self._response = response
        self._reader = response.raw._fp.fp
        self._socket: socket.socket = self._reader.raw._sock
        self._socket.setblocking(False)
        self._early: bytes = self._reader.peek()  # bytes that came with the HTTP headers
        self._socket.setblocking(True)

    def receive(self) -> bytes:
        """Wait for the next bytes; empty at the end, and after `hang_up`."""
        if self._early:
            early, self._early = self._early, b""
            return early
        try:
            return self._socket.recv(READ_BYTES)
        except OSError:
            return b""

    def send(self, data: bytes, *, wait_s: float) -> bytes:
        """Send for at most `wait_s` seconds; returns the bytes not sent, or none if the connection is closed."""
        until = time.monotonic() + wait_s
        poll = select.poll()
        try:
            poll.register(self._socket, select.POLLOUT)
        except ValueError:
            return b""  # another thread has closed the socket
        while data and poll.poll(max(0.0, until - time.monotonic()) * 1000):
            try:
                data = data[self._socket.send(data, socket.MSG_DONTWAIT) :]
            except BlockingIOError:
                continue
            except OSError:
                return b""
        return data

    def answers(self, expected: bytes, *, within_s: float) -> bool:
        """Send an empty line; whether the answer is exactly `expected` and comes within `within_s` seconds."""
        until = time.monotonic() + within_s
        answer = b"" if self.send(b"\n", wait_s=within_s) else self._receive_until(until)
        while 0 < len(answer) < len(expected) and (more := self._receive_until(until)):
            answer += more
        return answer == expected

    def _receive_until(self, until: float) -> bytes:
        """The next bytes, if they come before `until` (time.monotonic()); else, and at the end, empty."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        left_ms = 1000 * max(0.0, until - time.monotonic())
        return self.receive() if self._early or poll.poll(left_ms) else b""

    def end_input(self) -> None:
        """Close the sending direction, so that the command reads the end of its input."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def read_frames(self, *, most_bytes: int, give_up_s: float) -> bytes:
        """All output of a command without a terminal. Raises TooMuch; TimeoutError after `give_up_s` seconds."""
        until = time.monotonic() + give_up_s
        raw = bytearray()
        while piece := self._receive_by(until):
            raw += piece
            if len(raw) > 2 * most_bytes + READ_BYTES:  # twice, for the headers of the frames
                raise TooMuch
        output = b"".join(_frames(bytes(raw)))
        if len(output) > most_bytes:
            raise TooMuch
        return output

    def hang_up(self) -> None:
        """Shut down both directions, so that a waiting `receive` returns. Safe to call twice and from any thread."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection and its file descriptor. No thread may use it afterwards."""
        self.hang_up()
        self._response.close()
        self._reader.close()

    def _receive_by(self, until: float) -> bytes:
        if self._early:
            return self.receive()
        self._socket.settimeout(max(0.001, until - time.monotonic()))
        return self._socket.recv(READ_BYTES)


class DockerExec:
    """See Exec. A command without a terminal."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def answers(self) -> bool:
        """See Prestarted.answers."""
        return self._stream.answers(FRAME_HEADER.pack(1, 1) + b"\n", within_s=ANSWERS_WITHIN_S)

    def finish(self, stdin: bytes, *, give_up_s: float, most_bytes: int) -> bytes:
        """See Exec.finish."""
        try:
            if self._stream.send(stdin, wait_s=give_up_s):
                raise TimeoutError
            self._stream.end_input()
            return self._stream.read_frames(most_bytes=most_bytes, give_up_s=give_up_s)
        except (OSError, TooMuch):
            raise NoClearAnswer(
                "The sandbox took too long or said too much; check again, or end it and start anew.", retry_after_s=1
            ) from None
        finally:
            self._stream.close()

    def close(self) -> None:
        """See Prestarted.close."""
        self._stream.close()


class DockerShell:
    """See Shell. A Docker exec with a terminal; it does not end with its connection, so `close` kills it."""

    def __init__(self, stream: Stream, *, resize: Callable[[int, int], None], kill: Callable[[], None]) -> None:
        self._stream = stream
        self._resize = resize
        self._kill = kill

    def answers(self) -> bool:
        """See Prestarted.answers."""
        return self._stream.answers(b"\r\n", within_s=ANSWERS_WITHIN_S)

    def send(self, data: bytes, *, wait_s: float) -> bytes:
        """See Shell.send."""
        return self._stream.send(data, wait_s=wait_s)

    def resize(self, rows: int, columns: int) -> None:
        """See Shell.resize. Errors are ignored, since a shell that has just ended has no window."""
        with suppress(QuizappError):
            self._resize(rows, columns)

    def receive(self) -> bytes | None:
        """See Shell.receive."""
        return self._stream.receive() or None

    def close(self) -> None:
        """See Shell.close."""
        with suppress(QuizappError):  # a sandbox that has ended has no shell to kill
            self._kill()
        self._stream.close()


def _frames(raw: bytes) -> list[bytes]:
    """The contents of all complete frames, of standard output and standard error; a frame cut short is left out."""
    contents = []
    while len(raw) >= FRAME_HEADER.size:
        _, length = FRAME_HEADER.unpack_from(raw)
        content, raw = raw[FRAME_HEADER.size :][:length], raw[FRAME_HEADER.size + length :]
        if len(content) == length:
            contents.append(content)
    return contents
