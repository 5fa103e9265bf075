"""A connection of the driver for prepared statements alone, past SQLAlchemy's. Knows no table and no request.

SQLAlchemy 2.1.9's own connection makes a transaction, looks for events and keeps count of both: to begin and commit
takes it six times as long as SQLite. A rating does both, so it has a connection that can do nothing else. On SQLite it
is one of `driver_pool`, on PostgreSQL one of SQLAlchemy's pool, which looks first whether the server still has it.
"""

from collections.abc import Callable
from types import TracebackType

from sqlalchemy import Dialect, Engine

from quizapp.db import BEGIN, KEPT
from quizapp.driver_pool import Kept
from quizapp.prepared_statements import AnyConnection, OfPool, as_of_connection, as_sqlalchemy


class Direct:
    """A connection in no transaction until `begin`. What it was asked is committed at the block's end.

    An error that leaves the block undoes it. It raises SQLAlchemy's errors for the driver's, as its connections do.
    """

    connection: OfPool

    def __init__(self, engine: Engine) -> None:
        self.dialect: Dialect = engine.dialect
        self._engine = engine
        self._in_transaction = False

    def __enter__(self) -> "Direct":
        try:
            kept: Kept | None = self._engine.get_execution_options().get(KEPT)
            self.connection = self._engine.raw_connection() if kept is None else kept.take()
        except self.dialect.loaded_dbapi.Error as error:
            raise as_sqlalchemy(None, None, error, self.dialect) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and self._in_transaction:
                self._commit()
        finally:
            self._in_transaction = False
            self.connection.close()  # the pool undoes what was not committed

    def begin(self) -> "Direct":
        """Begin a transaction, with all that the engine's other connections are guarded by. See `db`."""
        begin: Callable[[AnyConnection], None] = self._engine.get_execution_options()[BEGIN]
        begin(self)
        self._in_transaction = True
        return self

    def in_transaction(self) -> bool:
        """Whether it has begun a transaction."""
        return self._in_transaction

    def invalidate(self, exception: BaseException | None = None) -> None:
        """See sqlalchemy.Connection."""
        self.connection.invalidate(exception)

    def _commit(self) -> None:
        try:
            self.connection.commit()
        except self.dialect.loaded_dbapi.Error as error:
            raise as_of_connection(self, "COMMIT", None, error) from error
