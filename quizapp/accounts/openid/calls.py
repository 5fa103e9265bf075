"""Calls of a provider over HTTP that end: each within a time and a size, without following redirects.

A timeout of requests 2.34.2 is one of each wait for bytes, so an answer that drips has none. And whoever waits holds a
thread of the web server. So each call has a thread of its own, of which there are a few, and whoever asked goes on
without it once the time is over.
"""

import threading
from collections.abc import Callable
from io import BytesIO
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from authlib.integrations.requests_client import OAuth2Session
from requests import RequestException, Response

CALL_S = 5.0  # people wait for two or three calls; a provider that takes longer is as good as away
CALLS_AT_ONCE = 8  # of one process; a class that signs in at once waits a little for its turn
ANSWER_MAX_BYTES = 1024 * 1024  # keys, metadata and tokens have some kilobytes
PIECE_BYTES = 16 * 1024

Answer = TypeVar("Answer")
_turns = threading.BoundedSemaphore(CALLS_AT_ONCE)


class CallFailed(Exception):
    """A call has no answer that could be used; the text says why, without anything that is secret."""


class BoundedSession(OAuth2Session):
    """Authlib's session of requests, with bounds. It is used in one thread at a time."""

    def request(self, method: str, url: str, *given: Any, **named: Any) -> Response:  # type: ignore[override]
        """See OAuth2Session. Raises CallFailed for an answer that does not come in time or is too large."""
        named |= {"timeout": CALL_S, "allow_redirects": False, "stream": True}
        send = super().request
        return within(CALL_S, lambda: _read(send(method, url, *given, **named)))


def within(seconds: float, call: Callable[[], Answer]) -> Answer:
    """What `call` returns, or raises. Raises CallFailed if it has not come within the time."""
    came: SimpleQueue[Answer | Exception] = SimpleQueue()
    if not _turns.acquire(timeout=seconds):
        raise CallFailed(f"{CALLS_AT_ONCE} calls are waited for already")

    def run() -> None:
        try:
            came.put(call())
        except Exception as error:  # it is raised again where the answer is waited for
            came.put(error)
        finally:
            _turns.release()

    threading.Thread(target=run, daemon=True, name="openid-call").start()
    try:
        answer = came.get(timeout=seconds)
    except Empty:
        raise CallFailed(f"no whole answer within {seconds:g} s") from None
    if isinstance(answer, RequestException):
        raise CallFailed(type(answer).__name__) from None  # its text has the address, and what was sent in it
    if isinstance(answer, Exception):
        raise answer
    return answer


def _read(answer: Response) -> Response:
    """The answer with its body read. Raises CallFailed if that is too large, or if it leads elsewhere."""
    body = bytearray()
    with answer:
        if answer.is_redirect:
            raise CallFailed(f"it leads elsewhere ({answer.status_code}), which is not followed")
        for piece in answer.iter_content(PIECE_BYTES):
            body += piece
            if len(body) > ANSWER_MAX_BYTES:
                raise CallFailed(f"more than {ANSWER_MAX_BYTES // 1024} KiB")
    read = Response()
    read.status_code, read.headers, read.encoding = answer.status_code, answer.headers, answer.encoding
    read.raw = BytesIO(bytes(body))  # unpacked already
    return read
