"""Serves an application to a real client, on a free port of this machine. Knows no route."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

POLL_EVERY_S = 0.02  # how soon the server sees that it is to end; its own half second would add up over the tests


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """The port on which the application answers for as long as the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True  # a client that stays must not keep the server from ending
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": POLL_EVERY_S})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()
