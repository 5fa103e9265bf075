"""The web application with a fault made on purpose: a review is answered before it is committed.

The benchmark of kills must notice it; else that it found nothing would say nothing.
"""

import threading

from flask import g, has_request_context, request
from sqlalchemy.orm import Session

from wsgi import app

LATE_S = 0.1  # as long as several answers take

__all__ = ["app"]

_commit = Session.commit


def _commit_later(self: Session) -> None:
    if not (has_request_context() and request.path == "/review" and request.method == "POST"):
        _commit(self)
        return
    g.pop("db", None)  # so that the end of the request does not undo it
    threading.Timer(LATE_S, _commit_and_close, [self]).start()


def _commit_and_close(db: Session) -> None:
    _commit(db)
    db.close()


Session.commit = _commit_later  # type: ignore[method-assign]
