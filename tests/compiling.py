"""What SQLite compiles: it asks a connection's authorizer for each table and column of a statement that it compiles."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


@contextmanager
def compiling(connection: Connection) -> Iterator[list[object]]:
    """What SQLite asks the authorizer while the block runs. To begin, it forgets what it has compiled."""
    asked: list[object] = []

    def allow(*about: object) -> int:
        asked.append(about)
        return 0

    own = connection.connection.driver_connection
    assert own is not None
    own.set_authorizer(allow)
    try:
        yield asked
    finally:
        own.set_authorizer(None)
