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

NEXT = "-next"  # ending of the second lock's file
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
        self._files = str(file), str(file.with_name(file.name + NEXT))
        self._forget()
        _all.add(self)

    def _forget(self) -> None:
        """Begin with nobody in the queue."""
        self._mutex = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def take(self, *, within_s: float) -> "Turn":
        """Wait for a turn and take it. Raises DatabaseBusy if there is none within so many seconds."""
        deadline = time.monotonic() + within_s
        self._become_first(deadline, within_s)
        try:
            return Turn(self, self._locked(deadline, within_s))
        except BaseException:
            self.pass_on()
            raise

    def pass_on(self) -> None:
        """Let the next thread of this process have the turn. Only the turn's end calls it."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

    def _become_first(self, deadline: float, within_s: float) -> None:
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            called = threading.Event()
            self._waiting.append(called)
        if called.wait(max(0.0, deadline - time.monotonic())):
            return
        with self._mutex:
            if called.is_set():  # called at the very end of the wait
                return
            self._waiting.remove(called)
        raise _busy(within_s)

    def _locked(self, deadline: float, within_s: float) -> int | None:
        """The number of the open and locked file, which this turn alone uses: a lock is one of an open file.

        A second lock, on the file `NEXT`, is held by the one process that is next: who has just written must wait for
        that one too, and so cannot take its turn again before a process that has been waiting.
        """
        numbers = []
        try:
            for file in self._files:
                numbers.append(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        except OSError:
            _let_go(*numbers)
            return None
        number, next_number = numbers
        try:
            _lock(next_number, deadline, within_s)
            _lock(number, deadline, within_s)
        except BaseException:
            _let_go(number)
            raise
        finally:
            _let_go(next_number)
        return number


class Turn:
    """The right to write, until `end`."""

    def __init__(self, turns: Turns, number: int | None) -> None:
        self._turns: Turns | None = turns
        self._number = number

    def end(self) -> None:
        """Give the turn away. Does nothing the second time."""
        turns, self._turns = self._turns, None
        if turns is None:
            return
        if self._number is not None:
            _let_go(self._number)
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


def _let_go(*numbers: int) -> None:
    """Unlock and close open files."""
    for number in numbers:
        fcntl.flock(number, fcntl.LOCK_UN)  # before it is closed: a process made by a fork may have it too
        os.close(number)


def _busy(within_s: float) -> DatabaseBusy:
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
