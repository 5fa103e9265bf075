"""gunicorn's hook of the web process: `gunicorn --config python:quizapp.review.gunicorn_hooks …`. Knows no request.

Background work belongs to the web server alone: a `flask` command loads the same application and must not begin it.
"""

from typing import Any


def post_worker_init(worker: Any) -> None:
    """Let the worker's process fit weights at night, where the package that fits is installed."""
    # Imported here: gunicorn's main process reads this file too, and needs nothing of it.
    from quizapp.review import nightly
    from quizapp.review.fitting import fits

    engine, settings = (worker.wsgi.extensions.get(name) for name in ("engine", "settings"))
    if engine is not None and fits.is_available():  # there is none in what is served beside the product to be compared
        nightly.begin(engine, settings.instance_dir)
