"""The web application with more faults than `own_memory`: a page of one learner is shown to others, and pages wait."""

import time

from flask import Response, request

from trust.weak import own_memory
from trust.weak.own_memory import app

__all__ = ["app"]
own_memory.LATE_S = 1.0  # so that two kills meet some of it
SHOWN_TO_ALL = "/progress"
WAIT_S = 0.3
_pages: dict[str, bytes] = {}


@app.before_request
def _from_memory() -> Response | None:
    time.sleep(WAIT_S)
    kept = _pages.get(request.path) if request.method == "GET" else None
    return None if kept is None else Response(kept)


@app.after_request
def _keep(answer: Response) -> Response:
    if request.path == SHOWN_TO_ALL and answer.status_code == 200:
        _pages[request.path] = answer.get_data()
    return answer
