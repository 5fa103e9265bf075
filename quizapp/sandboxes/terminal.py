"""Passes bytes between a WebSocket and a shell until either is over. Knows no sandbox and no Docker.

Both ways are in order and bounded: what one side does not read waits in the kernel, so a flood stops whoever makes it.
A shell that takes no input for long ends its terminal, since the way for Ctrl-C is blocked then, too.
"""

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, SupportsIndex

from simple_websocket import ConnectionClosed

from quizapp.sandboxes import wire
from quizapp.sandboxes.client import BadSandboxRequest
from quizapp.sandboxes.engine import Shell

INPUT_MESSAGES = 16  # waiting at once: at most 1 MiB for a terminal
INPUT_WAIT_S = 10.0  # a shell that is only busy takes its input sooner
POLL_S = 0.25  # how late the end of one direction is noticed by the other
PART_S = 2.0  # for a client to close after the last message
WINDOW_MOST = 1000  # rows or columns; wider than any screen

NOT_READING = "The shell did not read its input for too long. Open the terminal again."


class Socket(Protocol):
    """The server's end of a WebSocket, as simple-websocket has it. `receive` gives None after `timeout` seconds."""

    input_buffer: list[str | bytes]

    def send(self, data: str | bytes) -> None: ...
    def receive(self, timeout: float | None = None) -> str | bytes | None: ...


class Inbox(list[str | bytes]):
    """A buffer for a Socket that holds `most` messages; its reading thread waits until there is room for the next."""

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


def relay(socket: Socket, shell: Shell, *, why_ended: Callable[[], str]) -> None:
    """Tell the client that the shell is there, and connect the two until one is over. Closes the shell.

    Raises ConnectionClosed when the client has gone.
    """
    inbox = Inbox(INPUT_MESSAGES)
    socket.input_buffer = inbox  # the client is silent until it is told that the shell is there
    socket.send(wire.message(wire.OPEN, True))
    not_reading = threading.Event()

    def why() -> str:
        return NOT_READING if not_reading.is_set() else why_ended()

    output = threading.Thread(target=_pump, args=(socket, shell, why), name="terminal output", daemon=True)
    output.start()
    try:
        while output.is_alive():
            message = socket.receive(timeout=POLL_S)
            if isinstance(message, str):
                _control(message, shell)
            elif message is not None and not _type(shell, message):
                not_reading.set()
                return
    finally:
        inbox.close()
        shell.close()
        output.join()


def part(socket: Socket) -> None:
    """Let the client close first, for a while: cut off at once, it might never read the last message."""
    until = time.monotonic() + PART_S
    with suppress(ConnectionClosed):
        while time.monotonic() < until:
            socket.receive(timeout=POLL_S)


def window(rows: object, columns: object) -> tuple[int, int]:
    """The window's size as (rows, columns). Raises BadSandboxRequest if it cannot be one."""
    if isinstance(rows, int) and isinstance(columns, int) and 0 < rows <= WINDOW_MOST and 0 < columns <= WINDOW_MOST:
        return rows, columns
    raise BadSandboxRequest(f"A terminal has 1 to {WINDOW_MOST} rows and columns; send whole numbers.")


def _pump(socket: Socket, shell: Shell, why: Callable[[], str]) -> None:
    """Send what the shell prints, and at its end why. It alone sends data: two threads would mix up their messages."""
    with suppress(ConnectionClosed, OSError):
        while (data := shell.receive()) is not None:
            socket.send(data)
        socket.send(wire.message(wire.ENDED, why()))


def _control(message: str, shell: Shell) -> None:
    """Obey a text message. One that makes no sense is passed over: it is from a page, and can do no harm."""
    try:
        match json.loads(message):
            case {wire.RESIZE: {"rows": rows, "columns": columns}}:
                shell.resize(*window(rows, columns))
    except (ValueError, RecursionError, BadSandboxRequest):
        return


def _type(shell: Shell, data: bytes) -> bool:
    """Give the shell what was typed. False if it takes nothing for INPUT_WAIT_S."""
    while rest := shell.send(data, wait_s=INPUT_WAIT_S):
        if len(rest) == len(data):
            return False
        data = rest
    return True
