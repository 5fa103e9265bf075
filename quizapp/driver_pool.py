"""Open connections to a SQLite file for `driver_connection`, beside SQLAlchemy's pool. Knows no table and no request.

SQLAlchemy 2.1.9's pool makes an object of its own for each use of a connection and watches over its end, which takes it
as long as SQLite to read a row. A rating uses two, and always closes them, so this keeps a list and nothing else.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any

from quizapp.sqlite import DRIVER, GuardedConnection


class Kept:
    """Connections that stay open while nobody uses them, at most so many. The one that was used last is used first."""

    def __init__(self, connect: Callable[[], GuardedConnection], *, most: int) -> None:
        self._connect = connect
        self._most = most
        self._mutex = Lock()
        self._idle: list[KeptConnection] = []
        self._closed = 0
        """How often `close` was called."""

    def take(self) -> "KeptConnection":
        """A connection for its caller alone, until it is closed. Raises what opening one raises."""
        with self._mutex:
            if self._idle:
                return self._idle.pop()
            opened_at = self._closed
        return KeptConnection(self._connect(), give=lambda it: self._take_back(it, opened_at))

    def close(self) -> None:
        """Close those that nobody uses. Those in use are closed when they would be given back."""
        with self._mutex:
            idle, self._idle = self._idle, []
            self._closed += 1
        for each in idle:
            each.dbapi_connection.close()

    def _take_back(self, connection: "KeptConnection", opened_at: int) -> None:
        with self._mutex:
            if self._closed == opened_at and len(self._idle) < self._most:
                self._idle.append(connection)
                return
        connection.dbapi_connection.close()


class KeptConnection:
    """What `driver_connection` and `prepared_statements` need of a connection of SQLAlchemy's pool."""

    def __init__(self, own: GuardedConnection, *, give: Callable[["KeptConnection"], None]) -> None:
        self.dbapi_connection = self.driver_connection = own
        self.cursor: Callable[[], Any] = own.cursor
        self.commit: Callable[[], None] = own.commit
        self._give = give

    def close(self) -> None:
        """Give it back. What was not committed is undone; a connection that cannot do that is closed, which does it."""
        own = self.dbapi_connection
        if own.is_closed:
            return
        if own.in_transaction or own.turn is not None:
            try:
                own.rollback()
            except DRIVER.Error:
                own.close()
                return
        self._give(self)

    def invalidate(self, exception: BaseException | None = None) -> None:
        """Close it, so that it is not used again."""
        self.dbapi_connection.close()
