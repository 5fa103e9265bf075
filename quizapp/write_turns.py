"""Turns at writing, one at a time over all threads and processes, in the order of asking. Knows no database.

SQLite lets waiting writers try again after ever longer pauses, so under load a busy thread keeps the others out until
they give up. Here the threads of a process wait in a queue, and the first of it asks the other processes, by a lock on
a file. The lock ends with the process that holds it, however that ends.
"""

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path
from weakref import WeakSet

from quizapp.errors import Unavailable
from quizapp.process_figures import MEASURES, Counted

NEXT = "-next"  # ending of the second lock's file
CHECK_S = 1.0  # between two looks at whether the files that are kept open still lie where others look for them
LOOK_S = 0.001  # between two looks at a lock that another process holds: a commit takes a few times as long
RETRY_S = 5  # what a person is told to wait before the next try


class DatabaseBusy(Unavailable):
    """Others have written for all the time that a writer waits; nothing was changed."""


class Turns:
    """The queue of this process for one database, and the lock that it shares with other processes.

    `file` is made when it is missing, and stays. Where it cannot be opened, as in a folder that is read-only, a turn
    holds no lock, since nothing can be written there anyway.
    """

    def __init__(self, file: Path) -> None:
        self._files = file, file.with_name(file.name + NEXT)
        self._opened = _Opened()
        self._forget()
        _all.add(self)

    def _forget(self) -> None:
        """Begin with nobody in the queue, and with files of its own: a lock is one of an open file."""
        self._mutex = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()
        self._opened.close()
        self._opened = _Opened()

    def take(self, *, within_s: float) -> "Turn":
        """Wait for a turn and take it. Raises DatabaseBusy if there is none within so many seconds."""
        began = time.monotonic()
        deadline = began + within_s
        self._become_first(deadline, within_s)
        try:
            if began >= self._opened.good_until:
                self._open(began)
            turn = Turn(self, self._opened.lock(deadline, within_s))
        except BaseException:
            self.pass_on()
            raise
        MEASURES.waited(time.monotonic() - began)
        return turn

    def pass_on(self) -> None:
        """Let the next thread of this process have the turn. Only the turn's end calls it."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def _become_first(self, deadline: float, within_s: float) -> None:
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            called = threading.Lock()  # an Event makes three objects and takes several times as long
            called.acquire()
            self._waiting.append(called)
        if called.acquire(timeout=max(0.0, deadline - time.monotonic())):
            return
        with self._mutex:
            if called not in self._waiting:  # called at the very end of the wait
                return
            self._waiting.remove(called)
        raise _busy(within_s)

    def _open(self, now: float) -> None:
        """Open the files, and again if they were removed or replaced, as others then lock different ones.

        Called only by who is first. Nobody holds the lock then, so that closing a file lets nothing go.
        """
        if not self._opened.is_at(self._files):
            self._opened.close()
            self._opened = _Opened.of(self._files)
        self._opened.good_until = now + CHECK_S


class _Opened:
    """The two files of a queue, open; no numbers if they cannot be opened.

    A lock belongs to an open file and not to a thread, and one thread of the process at a time is first: so they stay
    open. To open and close them for each turn took longer than all that SQLite does to commit a row.
    """

    def __init__(self, *numbers: int) -> None:
        self._numbers = numbers
        self.good_until = 0.0
        """When to look again whether they still lie where others look for them, by the monotonic clock."""

    @classmethod
    def of(cls, files: tuple[Path, ...]) -> "_Opened":
        """Open them, and make those that are missing."""
        numbers: list[int] = []
        try:
            for file in files:
                numbers.append(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        except OSError:
            cls(*numbers).close()
            return cls()
        return cls(*numbers)

    def is_at(self, files: tuple[Path, ...]) -> bool:
        """Whether all of them are open and lie there."""
        try:
            return bool(self._numbers) and all(
                os.path.samestat(os.fstat(number), file.stat())
                for number, file in zip(self._numbers, files, strict=True)
            )
        except OSError:
            return False

    def lock(self, deadline: float, within_s: float) -> int | None:
        """Lock, and return the number of the locked file; None without files. Raises DatabaseBusy.

        A second lock, on the file `NEXT`, is held by the one process that is next: who has just written must wait for
        that one too, and so cannot take its turn again before a process that has been waiting.
        """
        if not self._numbers:
            return None
        number, next_number = self._numbers
        _lock(next_number, deadline, within_s)
        try:
            _lock(number, deadline, within_s)
        finally:
            _unlock(next_number)
        return number

    def close(self) -> None:
        """Close them."""
        numbers, self._numbers = self._numbers, ()
        for number in numbers:
            os.close(number)

    def __del__(self) -> None:
        self.close()


class Turn:
    """The right to write, until `end`."""

    def __init__(self, turns: Turns, number: int | None) -> None:
        self._turns: Turns | None = turns
        self._number = number
        self._process = os.getpid()

    def end(self) -> None:
        """Give the turn away. Does nothing the second time."""
        turns, self._turns = self._turns, None
        if turns is None or self._process != os.getpid():  # made before a fork: it is the other process's
            return
        if self._number is not None:
            _unlock(self._number)
        turns.pass_on()


def _lock(number: int, deadline: float, within_s: float) -> None:
    """Lock the open file of this number. Raises DatabaseBusy if another process has it locked until the deadline."""
    while True:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise _busy(within_s) from None
            time.sleep(LOOK_S)


def _unlock(number: int) -> None:
    fcntl.flock(number, fcntl.LOCK_UN)


def _busy(within_s: float) -> DatabaseBusy:
    MEASURES.count(Counted.REFUSED_WRITER)
    return DatabaseBusy(
        f"The database is locked: others have written to it for {within_s:g} seconds. Nothing was changed; try again.",
        retry_after_s=RETRY_S,
    )


def _forget_all() -> None:
    """In a process made by a fork: the threads that wait or write are those of the other one."""
    for turns in _all:
        turns._forget()


_all: WeakSet[Turns] = WeakSet()
os.register_at_fork(after_in_child=_forget_all)
