"""Serves an application to a real client, on a free port of this machine or on a unix socket. Knows no route."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

POLL_EVERY_S = 0.02  # how soon the server sees that it is to end; its own half second would add up over the tests


class Closed:
    """An answer that is closed once, at the latest when nobody has it any more.

    Werkzeug 3.1.9's server does not close one whose client has gone meanwhile: it reads what is left of the request
    first, and that raises. The file of a script then stayed open, which is a warning, and so an error of some test.
    """

    def __init__(self, answer: Iterable[bytes]) -> None:
        self._answer: Iterable[bytes] | None = answer

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer or ())

    def close(self) -> None:
        """Close the answer."""
        answer, self._answer = self._answer, None
        if answer is not None and hasattr(answer, "close"):
            answer.close()

    def __del__(self) -> None:
        self.close()


@contextmanager
def served(app: Flask, host: str = "127.0.0.1", *, waits: bool = False) -> Iterator[int]:
    """The port on which the application answers for as long as the block runs; `host` may be `unix://` and a path.

    A client that stays does not keep the server from ending, unless it `waits` for the end of each request.
    """
    server = make_server(host, 0, lambda environ, start: Closed(app(environ, start)), threaded=True)
    server.daemon_threads = not waits
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": POLL_EVERY_S})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()
