"""A WebSocket client that leaves during its handshake, or right after, and a server's end that is used only then."""

import logging
import select
import socket
import struct
import threading
from contextlib import closing
from enum import StrEnum
from typing import Any

import pytest
from simple_websocket import Server

WAIT_S = 60.0


class Leaves(StrEnum):
    """When the client leaves."""

    BEFORE_THE_ANSWER = "before the answer"
    AFTER_THE_ANSWER = "after the answer"


def be_late(monkeypatch: pytest.MonkeyPatch, leaves: Leaves) -> threading.Event:
    """Let servers see each client only once it has left; set is what is returned as soon as one came."""
    came = threading.Event()

    class LateServer(Server):  # type: ignore[misc]
        def handshake(self) -> None:
            came.set()
            if leaves is Leaves.BEFORE_THE_ANSWER:
                gone = select.poll()
                gone.register(self.sock, 0)
                assert gone.poll(WAIT_S * 1000), "the client stays"
            super().handshake()

        def __init__(self, environ: dict[str, Any], **named: object) -> None:
            # Once the library closes it, it is closed, as gunicorn's is; the development server's has a second holder.
            with closing(environ["werkzeug.socket"].dup()) as own:
                super().__init__({**environ, "werkzeug.socket": own}, **named)
                self.thread.join(WAIT_S)  # it ends with the connection

    monkeypatch.setattr("flask_sock.Server", LateServer)
    return came


def lines_in(log: pytest.LogCaptureFixture) -> list[tuple[str, bool]]:
    """The lines that a service has written, and whether a traceback came with each; not the server's on requests."""
    records = [each for each in log.records if each.name != "werkzeug" or each.levelno > logging.INFO]
    return [(each.getMessage(), each.exc_info is not None) for each in records if not each.name.startswith("alembic")]


def leave_early(address: str | tuple[str, int], path: str, leaves: Leaves, **headers: str) -> None:
    """Ask for a WebSocket and go, without a word of good-bye."""
    asked = {"Host": "localhost", "Connection": "Upgrade", "Upgrade": "websocket", **headers}
    asked |= {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in asked.items()), "", ""]
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as line:
        line.connect(address)
        line.sendall("\r\n".join(lines).encode())
        if leaves is Leaves.AFTER_THE_ANSWER:
            assert line.recv(4096).startswith(b"HTTP/1.1 101")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, over TCP
