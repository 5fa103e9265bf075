"""The web application with a fault made on purpose: a review is answered before it is committed.

The benchmark of kills must notice it; else that it found nothing would say nothing.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from quizapp.driver_connection import Direct
from quizapp.review.pages import views
from quizapp.web.database import direct
from wsgi import app

LATE_S = 0.1  # as long as several answers take

__all__ = ["app"]


@contextmanager
def _committed_later() -> Iterator[Direct]:
    with ExitStack() as stack:
        yield stack.enter_context(direct())
        threading.Timer(LATE_S, stack.pop_all().close).start()


views.direct = _committed_later  # type: ignore[assignment,attr-defined]
