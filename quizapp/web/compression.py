"""Pages and JSON go over the wire compressed. Built files are compressed by the build, see web.assets."""

from typing import TYPE_CHECKING

from flask import Flask, Response, current_app

if TYPE_CHECKING:
    from flask_compress import Compress

MIN_BYTES = 500  # a shorter answer fits in one packet anyway


def init_app(app: Flask) -> None:
    """Compress what is sent whole; a stream would be held back to its end. Tokens in pages are masked: web.tokens."""
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,  # for a page of 30 KB a millisecond; the levels above take several times as long for 5 %
        COMPRESS_LEVEL=6,
        COMPRESS_MIMETYPES=["text/html", "application/json"],
        COMPRESS_MIN_SIZE=MIN_BYTES,
        COMPRESS_STREAMS=False,
        COMPRESS_REGISTER=False,
    )
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    """The answer as it is sent. A short one is the same for whoever takes whatever, so nothing is looked at for it."""
    if (response.content_length or MIN_BYTES) < MIN_BYTES:
        return response
    return _compressor().after_request(response)


def _compressor() -> "Compress":
    """Flask-Compress, loaded with the first long answer: with its libraries it is 0.4 MiB."""
    if "compress" not in current_app.extensions:
        from flask_compress import Compress as Kind

        made = Kind()
        made.init_app(current_app)  # COMPRESS_REGISTER is off, so it reads the settings and does nothing else
        current_app.extensions["compress"] = made
    found: Compress = current_app.extensions["compress"]
    return found
