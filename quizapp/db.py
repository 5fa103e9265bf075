"""The declarative base, and engines set up against lost writes. Knows no table and no request."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID
from weakref import WeakSet

from sqlalchemy import (
    URL,
    Connection,
    Dialect,
    Engine,
    MetaData,
    NullPool,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.orm import DeclarativeBase, Session

from quizapp import malloc_arenas, sqlite
from quizapp.column_types import CompactUuid, refuse_bare_types
from quizapp.dialects import compile_limits_once, give_conditions
from quizapp.driver_pool import Kept
from quizapp.errors import QuizappError
from quizapp.prepared_statements import AnyConnection, as_sqlalchemy, executed
from quizapp.write_turns import RETRY_S, Turns

# SQLite connections that stay open, 40 kB each and its page cache: as many as requests at once in a class of people.
CONNECTIONS_KEPT = 16
NO_LIMIT = -1  # threads are limited already, and one that waits for a connection would wait behind writers
BEGIN = "quizapp_begin"  # an execution option: what `driver_connection` calls, as SQLAlchemy calls its listeners
KEPT = "quizapp_kept"  # another one: the connections that `driver_connection` uses, if not the pool's
POOL_TIMEOUT_S = 5  # for one of PostgreSQL's connections, as long as a writer waits on SQLite
# libpq waits for ever for a server that takes a connection and says nothing, and a quarter of an hour for a machine
# that is gone in the middle of a query; each holds a thread meanwhile. What DATABASE_URL says goes before.
PATIENCE = {
    "connect_timeout": 5,
    "tcp_user_timeout": 15_000,  # ms, for what was sent
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


Written = dict[type, set[Any]]
"""Values of a column of the rows that were written, by model."""
Foretold = Mapping[type, Sequence[Mapping[str, Any]]]
"""The values of rows that are about to be written, by model."""
_WRITTEN = "written"  # where a session keeps these
UNFOLLOWED = "unfollowed"  # in the `info` of a session on a copy that is thrown away

_reading: ContextVar[bool] = ContextVar("reading", default=False)
_syncing_late: ContextVar[bool] = ContextVar("syncing_late", default=False)
_foretold: list[Callable[[Session, Foretold], None]] = []


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
    type_annotation_map: ClassVar[dict[Any, Any]] = {UUID: CompactUuid}


def set_when_stored(model: type[Base], column: str, *, if_any_of: Sequence[str]) -> None:
    """Set a boolean column of `model` at each INSERT and UPDATE of a row: whether any of the other columns has a value.

    False counts as no value. Statements that bypass the session, such as `update(model)`, must set it themselves.
    """

    def set_it(_mapper: object, _connection: object, row: Base) -> None:
        setattr(row, column, any(getattr(row, name) for name in if_any_of))

    for moment in ("before_insert", "before_update"):
        event.listen(model, moment, set_it)


def follow_writes(
    ids: Mapping[type[Base], str],
    *,
    before_commit: Callable[[Session], None],
    foretold: Callable[[Session, Foretold], None],
) -> None:
    """Let every session note which rows of some models it writes, and call `before_commit` with each commit of it.

    `ids` names the column of each model whose values are noted. Not called at a savepoint, after which more may be
    written. Statements that bypass the session are not seen: whoever runs one calls `note_writes`. Nor is a session
    with UNFOLLOWED in its `info`. `foretold` gets what `foretell_writes` is told.
    """
    _foretold.append(foretold)

    def note(db: Session, _: object) -> None:
        for row in (*db.new, *db.dirty, *db.deleted):
            if type(row) in ids:
                note_writes(db, type(row), [vars(row)[ids[type(row)]]])  # which is loaded, even if deleted

    def tell(db: Session) -> None:
        if not db.in_nested_transaction() and UNFOLLOWED not in db.info:
            before_commit(db)

    event.listen(Session, "after_flush", note)
    event.listen(Session, "before_commit", tell)


def note_writes(db: Session, model: type[Base], values: Iterable[Any]) -> None:
    """Let a session note rows of a model that a statement of its transaction has written past it."""
    if UNFOLLOWED not in db.info:
        written: Written = db.info.setdefault(_WRITTEN, {})
        written.setdefault(model, set()).update(values)


def foretell_writes(db: Session, rows: Foretold) -> None:
    """Let those who follow a session compute what they need of rows that it will write, before it waits for its turn.

    Nothing is wrong if other rows are written then, or none: `before_commit` takes a little longer.
    """
    if UNFOLLOWED not in db.info:
        for follower in _foretold:
            follower(db, rows)


def has_written(db: Session) -> bool:
    """Whether a session has written anything that `forget_writes` would give."""
    return _WRITTEN in db.info


def forget_writes(db: Session) -> Written:
    """What a session has written, as `follow_writes` has noted it, since this was last called."""
    written: Written = db.info.pop(_WRITTEN, {})
    return written


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside this block are read-only: the database itself refuses a write."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside this block may write, though what is around it only reads.

    For a WebSocket, which begins as a GET and is no page. The session must be in no transaction when this begins.
    """
    token = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def syncing_late() -> Iterator[None]:
    """Transactions begun inside this block are synced after their turn at writing, in which others wait for each other.

    Their commit still returns when the disk has them. For large ones, to whose caller that takes no longer.
    """
    token = _syncing_late.set(True)
    try:
        yield
    finally:
        _syncing_late.reset(token)


@contextmanager
def snapshot(db: Session) -> Iterator[None]:
    """Read what is stored without a turn at writing. A transaction that the session has begun already is read in.

    Rows that were read as objects are not to be used after it: their next use would begin a transaction.
    """
    if db.in_transaction():
        yield
        return
    with reading():
        try:
            yield
        finally:
            db.rollback()


@contextmanager
def keeping_more(db: Session) -> Iterator[None]:
    """Within the block, SQLite keeps more of what this session's connection has read, and lets go of it afterwards.

    For a page that reads large tables whole and comes back to their pages: with what SQLite keeps by itself it asked
    the system for nearly each row anew. PostgreSQL keeps what was read for all connections.
    """
    own = db.connection().connection.driver_connection
    if not isinstance(own, sqlite.GuardedConnection):
        yield
        return
    ((usual,),) = own.execute("PRAGMA cache_size")  # each library is built with its own
    own.execute(f"PRAGMA cache_size = -{sqlite.KEPT_MORE_KIB}")
    try:
        yield
    finally:
        with suppress(sqlite.DRIVER.Error):  # it may have been closed
            own.execute(f"PRAGMA cache_size = {usual}")
        malloc_arenas.trim()  # else the heap stays as large as the log that was read


def create_engine_for(url: str | URL, *, must_exist: bool = False) -> Engine:
    """An engine set up so that a commit is on the disk and no update is lost.

    A SQLite file that is missing is made with the first connection, unless it `must_exist`. SQLite: foreign keys on,
    BEGIN IMMEDIATE for transactions that may write, as a deferred one that has read fails at once, without waiting, if
    another connection writes; writers take turns, and raise DatabaseBusy if theirs does not come. PostgreSQL:
    read-only transactions while `reading`.
    """
    url = make_url(url)
    if url.get_backend_name() == "sqlite":
        pool: dict[str, Any] = {"pool_size": CONNECTIONS_KEPT, "max_overflow": NO_LIMIT}
        return _create_sqlite_engine(url, must_exist=must_exist, kept=CONNECTIONS_KEPT, **pool)
    return _create_postgresql_engine(url, pool_pre_ping=True, pool_timeout=POOL_TIMEOUT_S)


def create_migration_engine(url: str | URL) -> Engine:
    """An engine for migrations alone: the same guards, but on SQLite foreign keys are off.

    A migration rebuilds a table by dropping it. With foreign keys on, SQLite then deletes its rows first, and with them
    every row that refers to them by ON DELETE CASCADE. PRAGMA foreign_keys does nothing within a transaction, so they
    are off from the connection's start. Call `check_foreign_keys` before each commit. Connections are not pooled.
    """
    url = make_url(url)
    if url.get_backend_name() == "sqlite":
        return _create_sqlite_engine(url, must_exist=False, foreign_keys=False, poolclass=NullPool)
    return _create_postgresql_engine(url, poolclass=NullPool)


@cache
def engine_in_memory() -> Engine:
    """An engine of which each connection is an empty SQLite database in memory, and its end. Foreign keys are on.

    There is one in a process, so that it compiles each statement once: that takes longer than to run it there.
    """
    engine = create_engine("sqlite://", module=sqlite.DRIVER, creator=sqlite.open_in_memory, poolclass=NullPool)
    refuse_bare_types(engine.dialect)
    compile_limits_once(engine.dialect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def sqlite_file(url: str | URL) -> Path | None:
    """The file of a SQLite database; None for another database. Raises ValueError for SQLite without a file."""
    url = make_url(url)
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:":
        raise ValueError("a SQLite database needs a file, since one in memory ends with its connection")
    return Path(url.database).resolve()  # as SQLite does, so that all who use the file have one queue for writing


def _create_sqlite_engine(
    url: URL, *, must_exist: bool, foreign_keys: bool = True, kept: int = 0, **pool: Any
) -> Engine:
    path = sqlite_file(url)
    assert path is not None

    def connect() -> sqlite.GuardedConnection:
        if not must_exist and not path.exists():
            sqlite.make_file(path)
        sqlite.refuse_empty(path)
        sqlite.close_to_others(path)
        return sqlite.open_file(path, foreign_keys=foreign_keys)

    engine = create_engine(
        url,
        hide_parameters=True,
        module=sqlite.DRIVER,
        creator=connect,
        json_serializer=_as_json,
        json_deserializer=_from_json,
        **pool,
    )
    refuse_bare_types(engine.dialect)
    compile_limits_once(engine.dialect)
    turns = Turns(path.with_name(path.name + sqlite.LOCK))

    def begin(connection: AnyConnection) -> None:
        own = connection.connection.driver_connection
        assert isinstance(own, sqlite.GuardedConnection)
        # With a write-ahead log SQLite goes on with a file that was moved away, and what it writes is lost.
        if own.file != sqlite.file_id(path):
            engine.dispose()
            connection.invalidate()
            raise sqlite.DatabaseLost(
                f"{path.name} was moved away or replaced while it was in use: send this again.", retry_after_s=RETRY_S
            )
        try:
            own.begin(turns, read_only=_reading.get(), syncs_late=_syncing_late.get())
        except sqlite.DRIVER.Error as error:
            raise as_sqlalchemy("BEGIN", None, error, connection.dialect) from error

    _begin_by(engine, begin)
    _keep_for_direct(engine, Kept(connect, most=kept))
    _sqlite_engines.add(engine)
    return engine


def _begin_by(engine: Engine, begin: Callable[[AnyConnection], None]) -> None:
    """Let `begin` begin every transaction, of SQLAlchemy's connections and of those in `driver_connection`."""
    event.listen(engine, "begin", begin)
    engine.update_execution_options(**{BEGIN: begin})


def _keep_for_direct(engine: Engine, kept: Kept) -> None:
    """Let `driver_connection` use these connections. They are closed whenever the pool's are, as before a fork."""
    event.listen(engine, "engine_disposed", lambda _: kept.close())
    engine.update_execution_options(**{KEPT: kept})


def _close_idle_connections() -> None:
    """Before a fork: a SQLite connection that both processes have loses what one of them writes."""
    for engine in list(_sqlite_engines):
        engine.dispose()


_sqlite_engines: WeakSet[Engine] = WeakSet()
os.register_at_fork(before=_close_idle_connections)


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


def _as_json(value: Any) -> str:
    """What a JSON column keeps of a value. Most are lists of a question that has none, of which an import has many."""
    return "[]" if type(value) is list and not value else json.dumps(value)


def _from_json(text: str) -> Any:
    """What such a column says: the other way round."""
    return [] if text == "[]" else json.loads(text)


def _create_postgresql_engine(url: URL, **pool: Any) -> Engine:
    engine = create_engine(url, hide_parameters=True, json_serializer=_as_json, **pool)
    event.listen(engine, "do_connect", _connect_to_utf8)
    _begin_by(engine, _on_postgresql_begin)
    # Once it is used: an engine may be made before the last model is loaded.
    event.listen(engine, "engine_connect", lambda _: give_conditions(Base.metadata), once=True)
    return engine


def _connect_to_utf8(dialect: Dialect, _record: object, given: list[Any], named: dict[str, Any]) -> Any:
    """A connection to a database that takes every character. Raises DatabaseLost for another one, and for no options.

    One of SQL_ASCII, which `initdb` makes without a locale, answers in bytes (psycopg 3.3.9), and SQLAlchemy 2.1.9
    fails on the server's version, saying nothing of the encoding; one of LATIN1 refuses a note with an arrow in it.
    """
    try:
        connection = dialect.connect(*given, **{**PATIENCE, **named})
    except dialect.loaded_dbapi.ProgrammingError as error:
        raise sqlite.DatabaseLost(f"DATABASE_URL is wrong: {str(error).strip()}.", retry_after_s=RETRY_S) from None
    encoding = connection.pgconn.parameter_status(b"server_encoding") or b"UTF8"
    if encoding != b"UTF8":
        connection.close()
        raise sqlite.DatabaseLost(
            f"The database has the encoding {encoding.decode('ascii', 'replace')}, which cannot hold every text. Make "
            "one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and name it in DATABASE_URL.",
            retry_after_s=RETRY_S,
        )
    return connection


def _on_postgresql_begin(connection: AnyConnection) -> None:
    if _reading.get():
        executed(connection, "SET TRANSACTION READ ONLY", ()).close()
