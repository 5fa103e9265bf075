"""Limits how many long uses of a thread this process has at once. Knows no terminal and no command."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class NoSlot(Exception):
    """All slots are taken."""


class Slots:
    """`most` slots of this process; a user of one holds it while its block runs."""

    def __init__(self, most: int) -> None:
        self._free = threading.BoundedSemaphore(most)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a slot while the block runs. Raises NoSlot at once if none is free."""
        if not self._free.acquire(blocking=False):
            raise NoSlot
        try:
            yield
        finally:
            self._free.release()
