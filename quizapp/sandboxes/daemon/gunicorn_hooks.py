"""gunicorn's hook of sandboxd: `gunicorn --config python:quizapp.sandboxes.daemon.gunicorn_hooks …`. Knows no request.

gunicorn's main process removes the sandboxes, not its worker: a worker that hangs is killed before it could.
"""

import logging
import os

ENDS_ALL = "QUIZAPP_SANDBOXD_ENDS_ALL"  # `make run` sets it to 1, so that its sandboxes end with the product

log = logging.getLogger(__name__)


def on_exit(server: object) -> None:
    """Remove every sandbox of this installation if ENDS_ALL is 1; else they run on, for the next sandboxd."""
    if os.environ.get(ENDS_ALL) != "1":
        return
    # Imported here: what this needs would be half of the memory of sandboxd's main process, which waits for its end.
    from quizapp import clock
    from quizapp.errors import QuizappError
    from quizapp.sandboxes.daemon import wiring
    from quizapp.sandboxes.pool.reaper import sweep
    from quizapp.settings import Settings

    settings = Settings.from_env()
    try:
        sweep(wiring.engine(settings), wiring.signer(settings), everything=True, now=clock.now())
    except QuizappError as error:
        log.warning("sandboxes are left to end by themselves: %s", error)
