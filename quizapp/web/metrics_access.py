"""Who may read figures of this process: who sends the token, or a program on this machine that asks without a proxy.

No learner may, so a browser may not without the token, though it runs on this machine.
"""

import hmac
from collections.abc import Callable, Iterable
from typing import Any

from flask import request

from quizapp.settings import Settings

# What proxies say of whom they ask for. A request without any of them comes from where REMOTE_ADDR says.
BY_PROXIES = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")
BY_BROWSERS = ("HTTP_COOKIE", "HTTP_SEC_FETCH_SITE", "HTTP_ORIGIN")
THIS_MACHINE = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
WATCHED = ("/metrics", "/metrics/sandboxd", "/health")


def may_watch(settings: Settings) -> bool:
    """Whether the current request may read figures."""
    environ = request.environ
    if sends_token(environ, settings):
        return True
    is_passed_on = any(name in environ for name in (*BY_PROXIES, *BY_BROWSERS))
    return not is_passed_on and environ.get("REMOTE_ADDR") in THIS_MACHINE


def sends_token(environ: dict[str, Any], settings: Settings) -> bool:
    """Whether a request sends QUIZAPP_METRICS_TOKEN, as `Authorization: Bearer …`."""
    token = settings.metrics_token.get_secret_value()
    scheme, _, sent = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return bool(token) and scheme.lower() == "bearer" and hmac.compare_digest(_bytes(sent.strip()), _bytes(token))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


class WatchersOfAnyName:
    """WSGI middleware: who sends the token may ask by any name, as Prometheus asks by that of a container."""

    def __init__(self, app: Callable[..., Iterable[bytes]], settings: Settings) -> None:
        self._app = app
        self._settings = settings

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        is_of_watchers = "HTTP_AUTHORIZATION" in environ and environ.get("PATH_INFO", "").endswith(WATCHED)
        if is_of_watchers and sends_token(environ, self._settings):
            environ["HTTP_HOST"] = "localhost"
        return self._app(environ, start_response)
