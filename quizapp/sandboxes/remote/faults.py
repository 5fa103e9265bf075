"""What the client of sandboxd raises when sandboxd does not answer, or not in a way that can be read."""

from collections.abc import Iterator
from contextlib import contextmanager

from quizapp.sandboxes.client import SandboxdAway

RETRY_S = 5
AWAY = "The sandbox service does not answer. It comes back by itself, or the operator starts it again."


def away() -> SandboxdAway:
    """The error for a request that failed or timed out."""
    return SandboxdAway(AWAY, retry_after_s=RETRY_S)


@contextmanager
def readable() -> Iterator[None]:
    """Turn a ValueError, from an answer that cannot be read, into SandboxdAway."""
    try:
        yield
    except ValueError as error:
        raise away() from error
