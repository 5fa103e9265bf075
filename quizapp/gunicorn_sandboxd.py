"""How gunicorn serves sandboxd, at a unix socket of its caller's choice: `--config python:quizapp.gunicorn_sandboxd`.

Knows no request. `make run`, the container image and the systemd unit all read it, so that they serve alike.

gunicorn's main process removes the sandboxes, not its worker: a worker that hangs is killed before it could.
"""

import logging
import os

from quizapp import malloc_arenas

ENDS_ALL = "QUIZAPP_SANDBOXD_ENDS_ALL"  # `make run` sets it to 1, so that its sandboxes end with the product

log = logging.getLogger(__name__)

wsgi_app = "quizapp.sandboxes.daemon.app:create_sandboxd_from_env()"
worker_class = "gthread"
workers = 1  # exactly: leases are kept in memory
threads = 96  # a terminal holds one here too; checks and lists come on top
graceful_timeout = 3  # seconds: open terminals never end by themselves, so waiting longer for them is in vain
umask = 0o077
control_socket_disable = True


def on_starting(server: object) -> None:
    """Before the main process has threads or forks its worker."""
    malloc_arenas.limit()


def on_exit(server: object) -> None:
    """Remove every sandbox of this installation if ENDS_ALL is 1; else they run on, for the next sandboxd."""
    if os.environ.get(ENDS_ALL) != "1":
        return
    # Imported here: what this needs would be half of the memory of sandboxd's main process, which waits for its end.
    from quizapp import clock
    from quizapp.errors import QuizappError
    from quizapp.sandboxes.daemon import wiring
    from quizapp.sandboxes.pool.reaper import sweep
    from quizapp.settings import Settings, SettingsError

    try:
        settings = Settings.from_env()
        sweep(wiring.engine(settings), wiring.signer(settings), everything=True, now=clock.now())
    except (QuizappError, SettingsError) as error:
        log.warning("sandboxes are left to end by themselves: %s", error)
