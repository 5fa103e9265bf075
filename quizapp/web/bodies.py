"""Reads the body of every request, whole and within its bounds, before a view begins. Knows no form."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, abort
from flask.globals import request_ctx

from quizapp.web.site import URLENCODED
from quizapp.web.whole_requests import MAX_BODY_BYTES, UPLOAD_MAX_BYTES, UPLOADS

# Of a form: the question editor has some forty. Reading 1,000 takes a millisecond, and the 500,000 that fit in
# MAX_BODY_BYTES half a second. Flask's own limit is for multipart forms alone (MAX_FORM_PARTS).
MAX_FIELDS = 1000


class _Input:
    """A server's input stream that raises OSError alone, whatever error the server has for a body that breaks off."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        try:
            data: bytes = self._stream.read(size)
        except Exception as error:  # gunicorn 27.0.1 has a class of its own for each fault of a chunked body
            raise OSError("the body cannot be read") from error
        return data


class CountedBodies:
    """WSGI middleware: a body that ends before its Content-Length is an error, not a shorter body.

    gunicorn sets `wsgi.input_terminated`, and at the end of a broken connection its stream ends like a whole one. While
    that key is there, Werkzeug 3.1.9 does not compare with Content-Length (werkzeug.wsgi.get_input_stream). A chunked
    body has no Content-Length; its end is in the body itself, and gunicorn watches over it.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        environ["wsgi.input"] = _Input(environ["wsgi.input"])
        return self._app(environ, start_response)


def init_app(app: Flask) -> None:
    """Set the limits and read every body first, before anything looks at the request's form or asks the database."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["MAX_FORM_PARTS"] = MAX_FIELDS
    # One field may have the whole body: Flask 3.1 refuses a field of a multipart form over 500,000 bytes otherwise.
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY_BYTES
    app.wsgi_app = CountedBodies(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_read)


def _read() -> None:
    """Read the body. Answers 400 if it breaks off, 413 if it is too long or has too many fields.

    The fields are counted before they are parsed, since parsing is what costs time.
    """
    request = request_ctx.request
    if request.path in UPLOADS and request.max_content_length == MAX_BODY_BYTES:  # less for who is not signed in
        request.max_content_length = request.max_form_memory_size = UPLOAD_MAX_BYTES
    body = request.get_data()  # kept, so that the form is parsed from it
    most = request.max_content_length
    if request.content_length is None and most is not None and len(body) >= most:
        abort(413)  # of a chunked body over the limit Werkzeug 3.1.9 gives what comes before it, like a whole one
    if request.mimetype == URLENCODED and body.count(b"&") >= MAX_FIELDS:
        abort(413)
