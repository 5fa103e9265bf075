"""How gunicorn serves the web process: `gunicorn --config python:quizapp.gunicorn_web wsgi:app`. Knows no request.

`make run`, the container image and the systemd unit all read it, so that they serve alike. Background work belongs to
the web server alone: a `flask` command loads the same application and must not begin it.
"""

import gc
import threading
from collections.abc import Callable
from typing import Any

from quizapp import malloc_arenas
from quizapp.process_figures import MEASURES, ProcessRows

bind = "127.0.0.1:8000"
worker_class = "quizapp.web.server.Worker"
workers = 1  # of many threads; several on PostgreSQL are servers of their own, of which a proxy asks the next one
threads = 64  # 32 terminals, each of which holds one, and 32 for pages
# Requests that have not come whole, silent and kept-alive connections; each takes a descriptor and a few kilobytes.
worker_connections = 4000
# A kept-alive connection takes no thread. nginx in front ends it sooner, or could send a form on one that is closing.
keepalive = 75  # seconds
graceful_timeout = 3  # seconds: open terminals never end by themselves, so waiting longer for them is in vain
umask = 0o077
control_socket_disable = True

rows = ProcessRows()  # made in the main process, so that all of its workers have the same


def on_starting(server: Any) -> None:
    """Before the main process has threads or forks a worker."""
    malloc_arenas.limit()


def pre_fork(server: Any, worker: Any) -> None:
    """Give a new worker its place among what is measured."""
    worker.row = rows.take()


def child_exit(server: Any, worker: Any) -> None:
    """Let the next worker go on where one has ended, so that no figure ever falls."""
    rows.give_back(worker.row)


def _load(load: Callable[[], None]) -> None:
    """Load the first page; what all of the start needed once and no more goes back to the system."""
    load()
    gc.collect()
    malloc_arenas.trim()


def post_worker_init(worker: Any) -> None:
    """Let the worker's process load the first page while it answers already, and fit weights at night.

    It fits where the package for it is installed.
    """
    # Imported here: gunicorn's main process reads this file too, and needs nothing of it.
    from quizapp.review.fitting import fits, nightly

    parts = worker.wsgi.extensions  # without these in what is served beside the product to be compared
    row = getattr(worker, "row", None)
    if row is not None:
        MEASURES.share(rows, row)
        if (times := getattr(worker.wsgi, "request_times", None)) is not None:
            times.share(rows, row)
    if load := parts.get("load_first_page"):
        threading.Thread(target=_load, args=(load,), name="first page", daemon=True).start()
    engine, settings = (parts.get(name) for name in ("engine", "settings"))
    if engine is not None and fits.is_available():
        nightly.begin(engine, settings.instance_dir)
