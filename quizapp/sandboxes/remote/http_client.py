"""The SandboxClient that web uses: asks sandboxd over its unix socket. Knows no engine.

A request that fails or times out, and an answer that cannot be read, raise SandboxdAway.
"""

import json
import socket
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import (
    CommandResult,
    Health,
    PoolFigures,
    Printed,
    Resume,
    Sandbox,
    SandboxGone,
    Terminal,
)
from quizapp.sandboxes.engine import probe
from quizapp.sandboxes.remote import wire
from quizapp.sandboxes.remote.faults import away, readable

HOST = "sandboxd"  # HTTP requires a name; the path of the socket alone decides which process answers
ANSWER_S = 12.0  # sandboxd waits up to 10 s for the engine's answer
HEALTH_S = 2.0  # a page waits for this answer; an engine that takes longer counts as off
CONNECT_S = 2.0  # a unix socket answers at once or not at all


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
        with readable():
            return wire.from_json(wire.RESULTS, answer)

    def printed(self, sandbox_id: str) -> Sequence[Printed]:
        """See SandboxClient.printed."""
        answer = self._request("GET", _path(sandbox_id, "printed"))
        with readable():
            return wire.from_json(wire.PRINTED, answer)

    def extend(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.extend."""
        return self._sandbox(self._request("POST", _path(sandbox_id, "extend")))

    def end_soon(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.end_soon."""
        return self._sandbox(self._request("POST", _path(sandbox_id, "end-soon")))

    def end(self, sandbox_id: str) -> None:
        """See SandboxClient.end."""
        with suppress(SandboxGone):
            self._request("DELETE", _path(sandbox_id))

    def list(self) -> tuple[Sandbox, ...]:
        """See SandboxClient.list."""
        answer = self._request("GET", "/sandboxes")
        with readable():
            return wire.from_json(wire.SANDBOXES, answer)

    def health(self) -> Health:
        """See SandboxClient.health."""
        try:
            answer = self._request("GET", "/health", answer_s=HEALTH_S)
            with readable():
                return wire.from_json(wire.HEALTH, answer)
        except QuizappError as error:
            return Health(engine=False, image=False, reason=str(error))

    def figures(self) -> PoolFigures:
        """See SandboxClient.figures."""
        answer = self._request("GET", "/figures", answer_s=HEALTH_S)
        with readable():
            return wire.from_json(wire.FIGURES, answer)

    def metrics(self) -> bytes:
        """See SandboxClient.metrics."""
        connection = UnixConnection(self._path, answer_s=HEALTH_S)
        try:
            connection.request("GET", "/metrics")
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, HTTPException) as error:
            raise away() from error
        finally:
            connection.close()
        if answer.status != HTTPStatus.OK:
            raise away()
        return text

    def terminal(self, sandbox_id: str, *, rows: int, columns: int, resume: Resume | None = None) -> Terminal:
        """See SandboxClient.terminal."""
        from quizapp.sandboxes.remote import http_terminal  # with its library, which no other request needs

        asked: dict[str, object] = {"rows": rows, "columns": columns}
        if resume is not None:
            asked |= {"terminal": resume.terminal_id, "have": resume.have}
        address = f"ws://{HOST}{_path(sandbox_id, 'terminal')}?{urlencode(asked)}"
        return http_terminal.HttpTerminal(http_terminal.connect(self._path, address))

    def onlooker(self, sandbox_id: str) -> Terminal:
        """See SandboxClient.onlooker."""
        from quizapp.sandboxes.remote import http_terminal  # as above

        address = f"ws://{HOST}{_path(sandbox_id, 'onlooker')}"
        return http_terminal.HttpTerminal(http_terminal.connect(self._path, address))

    def _sandbox(self, answer: object) -> Sandbox:
        with readable():
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
            raise away() from error
        finally:
            connection.close()
        if answer.status < HTTPStatus.BAD_REQUEST:
            return data
        with readable():
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


def _path(sandbox_id: str, *more: str) -> str:
    """The URL path of a sandbox. Raises SandboxGone for a text that is no id, which could name another path."""
    if not (sandbox_id.isascii() and sandbox_id.isalnum()):
        raise SandboxGone("There is no such sandbox. Start a new one.")
    return "/".join(("/sandboxes", sandbox_id, *more))
