"""The SandboxClient that web uses: asks sandboxd over its unix socket. Knows no engine.

A request that fails or times out, and an answer that cannot be read, raise SandboxdAway.
"""

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, unix_connect

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import CommandResult, Health, Opened, Resume, Sandbox, SandboxdAway, SandboxGone, Terminal
from quizapp.sandboxes.engine import probe
from quizapp.sandboxes.remote import wire

HOST = "sandboxd"  # HTTP requires a name; the path of the socket alone decides which process answers
ANSWER_S = 12.0  # sandboxd waits up to 10 s for the engine's answer
HEALTH_S = 2.0  # a page waits for this answer; an engine that takes longer counts as off
CONNECT_S = 2.0  # a unix socket answers at once or not at all
RETRY_S = 5
OUTPUT_MESSAGES = 16  # of a terminal, unread in this process, at most 16 KiB each; the kernel buffers the others

AWAY = "The sandbox service does not answer. It comes back by itself, or the operator starts it again."


class HttpSandboxClient:
    """See SandboxClient. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def ask(self, *, owner: str, template: str = "userns") -> Sandbox:
        """See SandboxClient.ask."""
        body = {"owner": owner, "template": template}
        return self._sandbox(self._request("POST", "/sandboxes", body=body))

    def get(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.get."""
        return self._sandbox(self._request("GET", _path(sandbox_id)))

    def run(
        self, sandbox_id: str, commands: Sequence[str], *, learner: bool = False, each_s: float, output_bytes: int
    ) -> tuple[CommandResult, ...]:
        """See SandboxClient.run."""
        probe.check_request(commands, each_s=each_s, output_bytes=output_bytes)
        body = {"commands": list(commands), "learner": learner, "each_s": each_s, "output_bytes": output_bytes}
        longest_s = probe.longest_wait_s(len(commands), each_s=each_s) + ANSWER_S
        answer = self._request("POST", _path(sandbox_id, "run"), body=body, answer_s=longest_s)
        with _sense():
            return wire.from_json(wire.RESULTS, answer)

    def extend(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.extend."""
        return self._sandbox(self._request("POST", _path(sandbox_id, "extend")))

    def end(self, sandbox_id: str) -> None:
        """See SandboxClient.end."""
        with suppress(SandboxGone):
            self._request("DELETE", _path(sandbox_id))

    def list(self) -> tuple[Sandbox, ...]:
        """See SandboxClient.list."""
        answer = self._request("GET", "/sandboxes")
        with _sense():
            return wire.from_json(wire.SANDBOXES, answer)

    def health(self) -> Health:
        """See SandboxClient.health."""
        try:
            answer = self._request("GET", "/health", answer_s=HEALTH_S)
            with _sense():
                return wire.from_json(wire.HEALTH, answer)
        except QuizappError as error:
            return Health(engine=False, image=False, reason=str(error))

    def terminal(self, sandbox_id: str, *, rows: int, columns: int, resume: Resume | None = None) -> Terminal:
        """See SandboxClient.terminal."""
        asked: dict[str, object] = {"rows": rows, "columns": columns}
        if resume is not None:
            asked |= {"terminal": resume.terminal_id, "have": resume.have}
        address = f"ws://{HOST}{_path(sandbox_id, 'terminal')}?{urlencode(asked)}"
        try:
            connection = unix_connect(
                str(self._path),
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
            raise _away() from error
        return HttpTerminal(connection)

    def _sandbox(self, answer: object) -> Sandbox:
        with _sense():
            return wire.from_json(wire.SANDBOX, answer)

    def _request(self, method: str, path: str, *, body: object = None, answer_s: float = ANSWER_S) -> object:
        """The answer's JSON, None if it has no body. Raises the error that sandboxd reports, and SandboxdAway."""
        connection = UnixConnection(self._path, answer_s=answer_s)
        try:
            connection.request(method, path, body=json.dumps(body), headers={"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            data: object = json.loads(text) if text else None
        except (OSError, HTTPException, ValueError) as error:
            raise _away() from error
        finally:
            connection.close()
        if answer.status < HTTPStatus.BAD_REQUEST:
            return data
        with _sense():
            fault = wire.error_from_json(data)
        raise fault


class UnixConnection(HTTPConnection):
    """An HTTP connection over the unix socket at `path`, for one request whose answer may take `answer_s` seconds."""

    def __init__(self, path: Path, *, answer_s: float) -> None:
        super().__init__(HOST)
        self._path = path
        self._answer_s = answer_s

    def connect(self) -> None:
        """Open the socket. Raises OSError."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(CONNECT_S)
        self.sock.connect(str(self._path))
        self.sock.settimeout(self._answer_s)


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
            raise _away() from error
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
        with _sense():
            match json.loads(self._connection.recv(timeout=ANSWER_S)):
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


def _path(sandbox_id: str, *more: str) -> str:
    """The URL path of a sandbox. Raises SandboxGone for a text that is no id, which could name another path."""
    if not (sandbox_id.isascii() and sandbox_id.isalnum()):
        raise SandboxGone("There is no such sandbox. Start a new one.")
    return "/".join(("/sandboxes", sandbox_id, *more))


@contextmanager
def _sense() -> Iterator[None]:
    """Turn a ValueError, from an answer that cannot be read, into SandboxdAway."""
    try:
        yield
    except ValueError as error:
        raise _away() from error


def _away() -> SandboxdAway:
    return SandboxdAway(AWAY, retry_after_s=RETRY_S)
