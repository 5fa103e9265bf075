"""Counts what holds a thread of this process for long. Knows not what for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class NoSlot(Exception):
    """As many are taken as there are."""


class Slots:
    """So many at once in this process, and no more."""

    def __init__(self, most: int) -> None:
        self._free = threading.BoundedSemaphore(most)

    @contextmanager
    def one(self) -> Iterator[None]:
        """A slot for as long as the block runs. Raises NoSlot at once if there is none."""
        if not self._free.acquire(blocking=False):
            raise NoSlot
        try:
            yield
        finally:
            self._free.release()
