"""Routes of WebSockets. What speaks their protocol is loaded with the first connection. Knows nothing that is carried.

Together with the asyncio that comes along it is a twentieth of the start of the web process, and 2 MiB in each process.
"""

import logging
from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from typing import Any, cast

from flask import Flask, Response, request

LEFT_EARLY = "A client left during the handshake of its WebSocket, or right after it."

View = Callable[..., None]

log = logging.getLogger(__name__)


def socket_view(view: View) -> Callable[..., Response]:
    """A function for connections, as a view of a route for WebSockets; its first argument is the Server."""

    @cache
    def served() -> Callable[..., Response]:
        from flask_sock import Sock

        # flask_sock 0.7.0 keeps what it makes of a view to itself and the app that it registers it with.
        other = Flask(__name__, static_folder=None)
        Sock(other).route("/", endpoint=view.__name__)(view)
        return cast("Callable[..., Response]", other.view_functions[view.__name__])

    @wraps(view)
    def connect(*args: Any, **kwargs: Any) -> Response:
        return served()(*args, **kwargs)

    return connect


def socket_route(app: Flask, rule: str) -> Callable[[View], View]:
    """Register a function for the connections to `rule`, as flask_sock does; its first argument is the Server."""

    def register(view: View) -> View:
        app.route(rule, endpoint=view.__name__, websocket=True)(socket_view(view))
        return view

    return register


def left_early(error: ConnectionError) -> Response:
    """Answer 400, which nobody reads, if a client left in a WebSocket's handshake. Raises any other `error` again."""
    if request.url_rule is None or not request.url_rule.websocket:
        raise error
    log.info(LEFT_EARLY)
    return Response(status=HTTPStatus.BAD_REQUEST)
