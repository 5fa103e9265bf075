"""sandboxd: the pool's sandboxes over HTTP on a unix socket. Knows no Docker SDK and no account.

A process that can open the socket may do everything, so the socket is in a folder that only its own user can open.
"""

import logging
import secrets
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from flask import Flask, Response, jsonify, request
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import HTTPException

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import BadSandboxRequest, Resume, SandboxdAway, Terminal
from quizapp.sandboxes.daemon import wiring
from quizapp.sandboxes.daemon.terminal_socket import TerminalPeer, window
from quizapp.sandboxes.pool.pool import Pool
from quizapp.sandboxes.pool.reaper import Reaper
from quizapp.sandboxes.remote import wire
from quizapp.sandboxes.remote.faults import RETRY_S
from quizapp.settings import Settings, SettingsError, end_start
from quizapp.web import logs
from quizapp.web.socket_routes import left_early, socket_route

if TYPE_CHECKING:
    from simple_websocket import Server

PING_S = 25  # between two pings; a client that has not answered the last one by the next is disconnected
UNEXPECTED = "unexpected"  # among the classes by which faults are counted
FAULTS = (UNEXPECTED, *(name for name, kind in wire.ERRORS.items() if kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR))
BODY_BYTES = 256 * 1024  # of a request; the commands of one check have at most 64 KiB in base64

log = logging.getLogger(__name__)
M = TypeVar("M", bound=BaseModel)


class SandboxRequest(BaseModel):
    """The body of POST /sandboxes."""

    model_config = ConfigDict(strict=True, extra="forbid")

    owner: str
    template: str


class CommandsRequest(BaseModel):
    """The body of POST /sandboxes/<id>/run."""

    model_config = ConfigDict(strict=True, extra="forbid")

    commands: list[str]
    learner: bool
    each_s: float
    output_bytes: int


def create_sandboxd(pool: Pool) -> Flask:
    """The Flask app around a pool. Answers are JSON; a QuizappError gives its HTTP status and `wire.error_to_json`."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    app.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": PING_S, "max_message_size": wire.MESSAGE_BYTES}
    app.register_error_handler(QuizappError, partial(_fault, pool))
    app.register_error_handler(ConnectionError, left_early)
    app.register_error_handler(Exception, partial(_unexpected, pool))
    _add_routes(app, pool)
    _add_terminal(app, pool)
    return app


def create_sandboxd_from_env() -> Flask:
    """The app for the environment's settings, with a running reaper. Ends the process where they allow for none."""
    try:
        pool = wiring.pool(Settings.from_env())
    except (SettingsError, QuizappError) as error:
        end_start(error)
    pool.expect_faults(FAULTS)
    Reaper(pool.tick, every_s=wiring.REAP_EVERY_S).start()
    app = create_sandboxd(pool)
    logs.init_app(app)
    return app


def _add_routes(app: Flask, pool: Pool) -> None:
    @app.get("/health")
    def health() -> Response:
        return jsonify(wire.to_json(wire.HEALTH, pool.health()))

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(pool.metrics(), content_type=CONTENT_TYPE_PLAIN_0_0_4)

    @app.get("/figures")
    def figures() -> Response:
        return jsonify(wire.to_json(wire.FIGURES, pool.figures()))

    @app.get("/sandboxes")
    def list_all() -> Response:
        return jsonify(wire.to_json(wire.SANDBOXES, pool.list()))

    @app.post("/sandboxes")
    def ask() -> Response:
        body = _body(SandboxRequest)
        return jsonify(wire.to_json(wire.SANDBOX, pool.ask(owner=body.owner, template=body.template)))

    @app.get("/sandboxes/<sandbox_id>")
    def get(sandbox_id: str) -> Response:
        return jsonify(wire.to_json(wire.SANDBOX, pool.get(sandbox_id)))

    @app.delete("/sandboxes/<sandbox_id>")
    def end(sandbox_id: str) -> Response:
        pool.end(sandbox_id)
        return Response(status=204)

    @app.get("/sandboxes/<sandbox_id>/printed")
    def printed(sandbox_id: str) -> Response:
        return jsonify(wire.to_json(wire.PRINTED, tuple(pool.printed(sandbox_id))))

    @app.post("/sandboxes/<sandbox_id>/extend")
    def extend(sandbox_id: str) -> Response:
        return jsonify(wire.to_json(wire.SANDBOX, pool.extend(sandbox_id)))

    @app.post("/sandboxes/<sandbox_id>/end-soon")
    def end_soon(sandbox_id: str) -> Response:
        return jsonify(wire.to_json(wire.SANDBOX, pool.end_soon(sandbox_id)))

    @app.post("/sandboxes/<sandbox_id>/run")
    def run(sandbox_id: str) -> Response:
        body = _body(CommandsRequest)
        results = pool.run(sandbox_id, **body.model_dump())
        return jsonify(wire.to_json(wire.RESULTS, results))


def _add_terminal(app: Flask, pool: Pool) -> None:
    @socket_route(app, "/sandboxes/<sandbox_id>/terminal")
    def terminal(client: "Server", sandbox_id: str) -> None:
        def opened() -> Terminal:
            rows, columns = window(request.args.get("rows", type=int), request.args.get("columns", type=int))
            return pool.terminal(sandbox_id, rows=rows, columns=columns, resume=_resume())

        _carry(client, opened)

    @socket_route(app, "/sandboxes/<sandbox_id>/onlooker")
    def onlooker(client: "Server", sandbox_id: str) -> None:
        _carry(client, lambda: pool.onlooker(sandbox_id))


def _carry(client: "Server", opened: Callable[[], Terminal]) -> None:
    """Carry bytes between a client and a terminal that is opened for it, or report why there is none."""
    from quizapp.web.sockets import BoundedServer, await_close, relay  # see web/socket_routes.py

    socket = BoundedServer(client)
    try:
        relay(socket, TerminalPeer(opened()))
    except QuizappError as error:
        socket.send(wire.message(wire.ERROR, wire.error_to_json(error)))
    finally:
        socket.close()
    await_close(socket)


def _resume() -> Resume | None:
    """The terminal that the client asks to resume; None if it asks for a new one."""
    terminal_id = request.args.get("terminal")
    return Resume(terminal_id=terminal_id, have=request.args.get("have", 0, type=int)) if terminal_id else None


def _body(model: type[M]) -> M:
    """The request's JSON as this model. Raises BadSandboxRequest."""
    try:
        return model.model_validate_json(request.get_data())  # bounded in depth, which Python's own parser is not
    except ValidationError as error:
        raise BadSandboxRequest(f"The request does not fit: {error.error_count()} fields are wrong.") from None


def _fault(pool: Pool, error: QuizappError) -> tuple[Response, int]:
    log.info("%s %s: %s", request.method, request.path, error)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        pool.count_fault(type(error).__name__)
    return jsonify(wire.error_to_json(error)), error.status


def _unexpected(pool: Pool, error: Exception) -> tuple[Response, int] | HTTPException:
    """Answer a fault that nobody thought of, with a reference to its lines in the log; a fault of HTTP as it is."""
    if isinstance(error, HTTPException):
        return error
    reference = secrets.token_hex(4)
    log.exception("unexpected fault, reference %s, %s %s", reference, request.method, request.path)
    pool.count_fault(UNEXPECTED)
    said = f"The sandbox service had a fault, reference {reference}. Try again; the operator finds it in the log."
    told = SandboxdAway(said, retry_after_s=RETRY_S)
    return jsonify(wire.error_to_json(told)), told.status
