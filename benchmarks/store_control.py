"""The web application with a fault made on purpose: a review is answered before it is committed.

The benchmark of kills must notice it; else that it found nothing would say nothing.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import Connection

from quizapp.review import views
from quizapp.web.database import transaction
from wsgi import app

LATE_S = 0.1  # as long as several answers take

__all__ = ["app"]


@contextmanager
def _committed_later() -> Iterator[Connection]:
    with ExitStack() as stack:
        yield stack.enter_context(transaction())
        threading.Timer(LATE_S, stack.pop_all().close).start()


views.transaction = _committed_later  # type: ignore[attr-defined]
