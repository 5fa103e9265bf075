"""The declarative base, column types, and engines set up against lost writes. Knows no table and no request."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    NullPool,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.orm import DeclarativeBase

from quizapp.errors import QuizappError

BUSY_TIMEOUT_MS = 5_000  # how long a writer waits for another writer before SQLite's "database is locked"
# The first SQLite release without the WAL-reset bug, which can lose committed writes (release notes of 3.51.3).
WAL_SAFE_SINCE = (3, 51, 3)

_reading: ContextVar[bool] = ContextVar("reading", default=False)


class BrokenReferences(QuizappError):
    """Rows refer to rows that do not exist. The caller must roll the transaction back."""


class Base(DeclarativeBase):
    """The base of every model. Constraint names are fixed, so that migrations can name them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC. SQLite stores no zone, so a value read from SQLite is taken to be UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(kind: type[StrEnum], *, name: str) -> Enum:
    """A column type that stores the values of `kind` as text, with a check constraint called `name`."""
    return Enum(
        kind,
        native_enum=False,
        length=24,
        name=name,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
    )


def set_when_stored(model: type[Base], column: str, *, if_any_of: Sequence[str]) -> None:
    """Set a boolean column of `model` at each INSERT and UPDATE of a row: whether any of the other columns has a value.

    False counts as no value. Statements that bypass the session, such as `update(model)`, must set it themselves.
    """

    def set_it(_mapper: object, _connection: object, row: Base) -> None:
        setattr(row, column, any(getattr(row, name) for name in if_any_of))

    for moment in ("before_insert", "before_update"):
        event.listen(model, moment, set_it)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside this block are read-only: the database itself refuses a write."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def create_engine_for(url: str | URL) -> Engine:
    """An engine with this module's guards. The web application calls `guard` on Flask-SQLAlchemy's engine instead."""
    engine = create_engine(url, pool_pre_ping=True)
    guard(engine)
    return engine


def create_migration_engine(url: str | URL) -> Engine:
    """An engine for migrations alone: the same guards, but on SQLite foreign keys are off.

    A migration rebuilds a table by dropping it. With foreign keys on, SQLite then deletes its rows first, and with them
    every row that refers to them by ON DELETE CASCADE. PRAGMA foreign_keys does nothing within a transaction, so they
    are off from the connection's start. Call `check_foreign_keys` before each commit. Connections are not pooled.
    """
    engine = create_engine(url, poolclass=NullPool)
    guard(engine, foreign_keys=False)
    return engine


def guard(engine: Engine, *, foreign_keys: bool = True) -> None:
    """Set `engine` up so that a commit is on the disk and no update is lost.

    SQLite: foreign keys as `foreign_keys` says, a rollback journal synced to the disk (WAL only since WAL_SAFE_SINCE),
    and BEGIN IMMEDIATE for transactions that may write: a deferred transaction that has read fails at once, without
    waiting, if another connection writes. PostgreSQL: read-only transactions while `reading`; foreign keys always.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "connect", _turn_foreign_keys_on if foreign_keys else _turn_foreign_keys_off)
        event.listen(engine, "begin", _on_sqlite_begin)
    else:
        event.listen(engine, "begin", _on_postgresql_begin)


def check_foreign_keys(connection: Connection) -> None:
    """Raise BrokenReferences if rows refer to rows that do not exist. PostgreSQL never has such rows; not checked."""
    if connection.dialect.name != "sqlite":
        return
    broken = Counter((table, parent) for table, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"))
    if broken:
        found = "; ".join(f"{count} of {table} to {parent}" for (table, parent), count in sorted(broken.items()))
        raise BrokenReferences(
            f"Nothing was changed, since rows would refer to rows that are not there: {found}; "
            "if PRAGMA foreign_key_check lists them in the database as it is, mend them there and start again."
        )


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver starts no transaction: `_on_sqlite_begin` does
    wal = sqlite3.sqlite_version_info >= WAL_SAFE_SINCE
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "trusted_schema = OFF",
        f"journal_mode = {'WAL' if wal else 'DELETE'}",
        f"synchronous = {'FULL' if wal else 'EXTRA'}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _turn_foreign_keys_on(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")


def _turn_foreign_keys_off(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")  # SQLite may have been built with foreign keys on


def _on_sqlite_begin(connection: Connection) -> None:
    read_only = _reading.get()
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _on_postgresql_begin(connection: Connection) -> None:
    if _reading.get():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
