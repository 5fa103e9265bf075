"""The web application with a fault: a little of each request is kept for ever."""

from wsgi import app

__all__ = ["app"]
KEPT_BYTES = 10_000
_kept: list[bytearray] = []


@app.before_request
def _keep() -> None:
    _kept.append(bytearray(b"x" * KEPT_BYTES))
