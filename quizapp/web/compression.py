"""Pages and JSON go over the wire compressed. Built files are compressed by the build, see web.assets."""

from flask import Flask, Response
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
    )
    _LongerOnes(app)


class _LongerOnes(Compress):
    def after_request(self, response: Response | None) -> Response:
        """See Compress. A short answer is the same for whoever takes whatever, so nothing is looked at for it."""
        if response is not None and (response.content_length or MIN_BYTES) < MIN_BYTES:
            return response
        return super().after_request(response)
