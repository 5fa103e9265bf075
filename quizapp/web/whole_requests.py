"""Whether a request has arrived whole, by its bytes. Knows no socket; what the bytes mean, gunicorn's parser says."""

import re

MAX_BODY_BYTES = 1024 * 1024  # the largest form is the question editor's, a few kilobytes; notes come by command
# Where files are uploaded, and where they come once more when their preview is confirmed. They are held in memory while
# they come, of all people within `server.HELD_BYTES`; a slow line of 5 Mbit/s brings so much in `server.REQUEST_S`.
UPLOAD_MAX_BYTES = 16 * 1024 * 1024
UPLOADS = frozenset(["/content/import", "/content/import/columns", "/content/import/preview", "/content/pictures"])
MAX_HEAD_BYTES = (
    64 * 1024
)  # twice what gunicorn takes in one header field and its request line together; it refuses more
HEAD_END = b"\r\n\r\n"

_PATH = re.compile(rb"POST ([^ ?\r\n]{1,200})")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
_LAST_CHUNK = re.compile(rb"\r\n0+[ \t]*(?:;[^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*\r\n\Z")
TAIL_BYTES = 4096  # of a chunked body, searched for its end; trailers that are longer are not waited for


def most_bytes(path: str) -> int:
    """How many bytes the body of a form for this path may have."""
    return UPLOAD_MAX_BYTES if path.endswith(tuple(UPLOADS)) else MAX_BODY_BYTES  # it may be mounted below a path


class Arrival:
    """The bytes of one request, as they come, until it may be given to a thread.

    A request that is not what it seems is given to one too early at worst, and that thread then waits for the rest.
    """

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._body_at: int | None = None  # None until the head is there
        self._most = MAX_BODY_BYTES
        self._whole_at: int | None = None  # the request's length; None if it is chunked, or not known yet
        self._is_too_long = False  # by the length that it says

    def __len__(self) -> int:
        return len(self._bytes)

    def add(self, data: bytes) -> None:
        """Add what has come."""
        before = len(self._bytes)
        self._bytes += data
        if self._body_at is not None:
            return
        end = self._bytes.find(HEAD_END, max(0, before - len(HEAD_END)))
        if end >= 0:
            self._read_head(end + len(HEAD_END))

    @property
    def has_head(self) -> bool:
        """Whether all header lines are there."""
        return self._body_at is not None

    @property
    def waits_for_leave(self) -> bool:
        """Whether the client sends its body only after a `100 Continue`, and none of it is there."""
        return self._body_at == len(self._bytes) and _EXPECTS.search(self._bytes) is not None

    @property
    def is_ready(self) -> bool:
        """Whether it is whole, or so large that it will be refused."""
        return self.is_over or self.is_whole

    @property
    def is_over(self) -> bool:
        """Whether it is so large that it will be refused, with what has come of it."""
        if self._body_at is None:
            return len(self._bytes) > MAX_HEAD_BYTES
        return self._is_too_long or (self._whole_at is None and len(self._bytes) > self._body_at + self._most)

    @property
    def is_whole(self) -> bool:
        """Whether its last byte is there."""
        if self._body_at is None:
            return False
        if self._whole_at is not None:
            return len(self._bytes) >= self._whole_at
        # From the last two bytes of the head on, since an empty body is a last chunk and nothing before it.
        tail = self._bytes[max(self._body_at - 2, len(self._bytes) - TAIL_BYTES) :]
        return _LAST_CHUNK.search(tail) is not None

    def take(self) -> bytes:
        """All bytes that have come."""
        return bytes(self._bytes)

    def _read_head(self, body_at: int) -> None:
        self._body_at = body_at
        head = self._bytes[:body_at]
        path = _PATH.match(head)
        self._most = most_bytes(path[1].decode("latin-1") if path is not None else "")
        if _CHUNKED.search(head):
            return
        said = _LENGTH.search(head)
        length = int(said[1]) if said else 0
        self._whole_at, self._is_too_long = body_at + length, length > self._most
