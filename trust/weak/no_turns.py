"""The web application with two faults: writers wait neither in turn nor for a lock, and some commits are undone."""

from itertools import count
from typing import Any

from quizapp import sqlite, write_turns
from quizapp.driver_connection import Direct
from wsgi import app

__all__ = ["app"]
EVERY = 8  # of the commits of ratings in a process
_commits = count(1)
_commit = Direct._commit


class _NoTurn(write_turns.Turn):
    """A turn that keeps nobody out."""

    def __init__(self) -> None:
        pass

    def end(self) -> None:
        """Nothing is held."""


def _take_none(self: write_turns.Turns, *, within_s: float) -> write_turns.Turn:
    return _NoTurn()


def _commit_most(self: Direct) -> Any:
    if next(_commits) % EVERY:
        _commit(self)


sqlite.BUSY_TIMEOUT_MS = 0
write_turns.Turns.take = _take_none  # type: ignore[method-assign]
Direct._commit = _commit_most  # type: ignore[method-assign]
