"""gunicorn's hook of sandboxd: `gunicorn --config python:quizapp.sandboxes.daemon.gunicorn_hooks …`. Knows no request.

The end of all sandboxes is done here, by the process that outlives the worker: a worker that is stuck is killed first.
"""

import logging
import os

from quizapp import clock
from quizapp.errors import QuizappError
from quizapp.sandboxes.daemon import wiring
from quizapp.sandboxes.pool.reaper import sweep
from quizapp.settings import Settings

ENDS_ALL = "QUIZAPP_SANDBOXD_ENDS_ALL"  # set to 1 by `make run`: who ends the product on a machine ends its sandboxes

log = logging.getLogger(__name__)


def on_exit(server: object) -> None:
    """Remove every sandbox of this installation, if it is told to; else they live on for the next sandboxd."""
    if os.environ.get(ENDS_ALL) != "1":
        return
    settings = Settings.from_env()
    try:
        sweep(wiring.engine(settings), wiring.signer(settings), everything=True, now=clock.now())
    except QuizappError as error:
        log.warning("sandboxes are left to end by themselves: %s", error)
