"""What one process of an installation does at a time, over all machines that share a PostgreSQL. Knows no table.

By PostgreSQL's advisory locks, which end with the transaction that holds them, however that ends. They are taken for a
transaction and not for a connection, which a pool in between would give to somebody else. On SQLite, which has none, a
transaction that writes has the whole file to itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from sqlalchemy import Connection, Engine, func, select


class Alone(IntEnum):
    """What is done by one process at a time; the numbers, of 64 bits, are those of its lock."""

    MIGRATING = 0x7175697A6D696772
    STARTING = 0x7175697A73746172  # all of `flask up`
    IMPORTING = 0x7175697A696D706F  # one file of an import
    REFITTING = 0x7175697A72656669


def is_shared(engine: Engine) -> bool:
    """Whether processes of several machines may use this database."""
    return engine.dialect.name == "postgresql"


def wait_for_turn(connection: Connection, what: Alone) -> None:
    """Let this transaction wait until no other one does `what`, and keep others from it until its own end."""
    if is_shared(connection.engine):
        connection.execute(select(func.pg_advisory_xact_lock(what)))


@contextmanager
def turn(engine: Engine, what: Alone) -> Iterator[None]:
    """Within the block nobody else does `what`; waits until then. It has a connection of its own."""
    if not is_shared(engine):
        yield
        return
    with engine.begin() as connection:
        wait_for_turn(connection, what)
        yield


@contextmanager
def turn_if_free(engine: Engine, what: Alone) -> Iterator[bool]:
    """Whether nobody else does `what`, and nobody does until the end of the block. Only where `is_shared`."""
    with engine.begin() as connection:
        yield bool(connection.scalar(select(func.pg_try_advisory_xact_lock(what))))
