"""What one process of an installation does at a time, over all machines that share a PostgreSQL. Knows no table.

By PostgreSQL's advisory locks, which end with the transaction that holds them, however that ends. They are taken for a
transaction and not for a connection, which a pool in between would give to somebody else. On SQLite, which has none, a
transaction that writes has the whole file to itself, and `flask up`, which has several, a lock on a file beside it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from enum import IntEnum

from sqlalchemy import Connection, Engine, func, select

from quizapp.db import sqlite_file
from quizapp.sqlite import PRIVATE

STARTING = "-starting"  # ending of the file whose lock `flask up` holds, beside a SQLite database


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
        with _turn_beside(engine) if what is Alone.STARTING else nullcontext():
            yield
        return
    with engine.begin() as connection:
        wait_for_turn(connection, what)
        yield


@contextmanager
def _turn_beside(engine: Engine) -> Iterator[None]:
    """A turn by a lock on a file beside a SQLite database, which ends with its process, however that ends.

    A turn at writing is waited for as long as a form may wait, and a first start migrates for longer on a busy machine.
    Without the file, in a folder that is read-only, there is nothing to wait for.
    """
    path = sqlite_file(engine.url)
    assert path is not None
    number = -1
    with suppress(OSError):
        number = os.open(path.with_name(path.name + STARTING), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
        fcntl.flock(number, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if number != -1:
            os.close(number)


@contextmanager
def turn_if_free(engine: Engine, what: Alone) -> Iterator[bool]:
    """Whether nobody else does `what`, and nobody does until the end of the block. Only where `is_shared`."""
    with engine.begin() as connection:
        yield bool(connection.scalar(select(func.pg_try_advisory_xact_lock(what))))
