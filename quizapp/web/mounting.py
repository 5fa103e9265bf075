"""Where the site begins: at the root of its host, or below a path that it shares with other sites (`/quiz`)."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, current_app

from quizapp.settings import Settings

MOUNTED_AT = "MOUNTED_AT"  # a key of the configuration; Flask's APPLICATION_ROOT would give cookies that path
# Notes are stored as HTML, with the addresses of their pictures as they are at the root. In a text they stand escaped.
STORED, STORED_IN_JSON = b'src="/pictures/', b'src=\\"/pictures/'


class Mounted:
    """WSGI middleware: every address is below `prefix`, whether the proxy in front leaves it in the path or not.

    So a request of this machine for `/health` is answered too. (gunicorn 27.0.1 with SCRIPT_NAME in its environment
    answers 500 to it.)
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == self._prefix or path.startswith(f"{self._prefix}/"):
            path = path.removeprefix(self._prefix)
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = self._prefix, path or "/"
        return self._app(environ, start_response)


def init_app(app: Flask, settings: Settings) -> None:
    """Give templates `mounted_at`, and let the site begin there. After `compression`, whose work comes last."""
    app.config[MOUNTED_AT] = app.jinja_env.globals["mounted_at"] = settings.mounted_at
    if settings.mounted_at:
        app.wsgi_app = Mounted(app.wsgi_app, settings.mounted_at)  # type: ignore[method-assign]
        app.after_request(_move_pictures)


def mounted_at() -> str:
    """The path below which all addresses are, such as `/quiz`; empty for the root."""
    path: str = current_app.config[MOUNTED_AT]
    return path


def home() -> str:
    """The address of the first page."""
    return f"{mounted_at()}/"


def _move_pictures(response: Response) -> Response:
    """Let the pictures of notes be asked for below the prefix."""
    if response.mimetype in ("text/html", "application/json") and not response.direct_passthrough:
        data, prefix = response.get_data(), mounted_at().encode()
        for stored in (STORED, STORED_IN_JSON):
            data = data.replace(stored, stored.replace(b"/pictures/", prefix + b"/pictures/"))
        response.set_data(data)
    return response
