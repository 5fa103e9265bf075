"""The web application with two faults: a host is for ever what it was once, and a review asks for sandboxes first."""

from flask import request

from quizapp.labs import wiring
from quizapp.sandboxes.client import Sandbox, SandboxState
from quizapp.sandboxes.remote.http_client import HttpSandboxClient
from wsgi import app

__all__ = ["app"]
_get = HttpSandboxClient.get
_known: dict[str, Sandbox] = {}


def _get_once(self: HttpSandboxClient, sandbox_id: str) -> Sandbox:
    """The sandbox as it was when it was claimed."""
    if sandbox_id not in _known:
        found = _get(self, sandbox_id)
        if found.state is not SandboxState.CLAIMED:
            return found
        _known[sandbox_id] = found
    return _known[sandbox_id]


@app.before_request
def _ask_first() -> None:
    if request.path == "/review" and request.method == "POST":
        wiring.sandboxes().list()


HttpSandboxClient.get = _get_once  # type: ignore[method-assign]
