"""gunicorn's hook of the web process: `gunicorn --config python:quizapp.review.gunicorn_hooks …`. Knows no request.

Background work belongs to the web server alone: a `flask` command loads the same application and must not begin it.
"""

import threading
from typing import Any


def post_worker_init(worker: Any) -> None:
    """Let the worker's process load the first page while it answers already, and fit weights at night.

    It fits where the package for it is installed.
    """
    # Imported here: gunicorn's main process reads this file too, and needs nothing of it.
    from quizapp.review import nightly
    from quizapp.review.fitting import fits

    parts = worker.wsgi.extensions  # without these in what is served beside the product to be compared
    if load := parts.get("load_first_page"):
        threading.Thread(target=load, name="first page", daemon=True).start()
    engine, settings = (parts.get(name) for name in ("engine", "settings"))
    if engine is not None and fits.is_available():
        nightly.begin(engine, settings.instance_dir)
