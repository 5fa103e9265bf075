"""Limits how many long uses of a thread this process has at once. Knows no terminal and no command."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID


class NoSlot(Exception):
    """All slots are taken, or all that one person may have."""


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


class Shares:
    """At most `most` slots of this process for each person, who takes one and gives it back."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._taken: Counter[UUID] = Counter()
        self._lock = threading.Lock()

    def take(self, person: UUID) -> None:
        """Take a slot of this person's. Raises NoSlot at once if all are taken."""
        with self._lock:
            if self._taken[person] >= self.most:
                raise NoSlot
            self._taken[person] += 1

    def give_back(self, person: UUID) -> None:
        """Give a slot back that `take` has taken."""
        with self._lock:
            self._taken[person] -= 1
            if not self._taken[person]:
                del self._taken[person]  # or the table would grow with everybody who ever came
