"""/health, for monitoring: whether this process answers, reads and could write. Knows no domain and no sandbox."""

import logging
from collections.abc import Callable
from functools import cache
from threading import Lock

from flask import Response, current_app
from sqlalchemy import Select, literal, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError, TimeoutError

from quizapp.db import Base, sqlite_file, writing
from quizapp.sqlite import DatabaseLost
from quizapp.web import revisions
from quizapp.web.application import current_settings
from quizapp.web.database import engine, get_db, only_reading
from quizapp.web.database_file import refuse_lost, refuse_unwritable
from quizapp.web.disk import room_at
from quizapp.web.metrics_access import may_watch
from quizapp.write_turns import DatabaseBusy

RETRY_S = 5
_READ_ONLY = (
    "The database server takes no writes, so nothing can be saved: it is a standby, or default_transaction_read_only "
    "is on. Name the server that is written to in DATABASE_URL, or turn that off."
)

logger = logging.getLogger("quizapp.web")


class Shared:
    """One check for all who have asked before it began: however many ask, one of them has a connection for it."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._begun = self._known = 0
        self._found: str | None = None

    def ask(self, check: Callable[[], str | None]) -> str | None:
        """What `check` returns, of a call that has begun since. Raises what it raises."""
        begun_before = self._begun
        with self._turn:
            if self._known <= begun_before:
                self._begun += 1
                self._found, self._known = check(), self._begun
            return self._found


def show() -> Response:
    """`ok` in plain text, once every table was opened and a transaction that may write was begun; else 503 and why.

    A SQLite file that is missing, empty, foreign, locked or read-only, a full disk, a server that takes no writes and a
    database of an older version are told apart. It waits for its turn at writing as long as a form does, and says what
    a form would be told. Who may read figures is told of a disk that has little room left, in a second line.
    """
    fault = trouble()
    if fault is not None:
        return Response(f"{fault}\n", status=503, mimetype="text/plain", headers={"Retry-After": str(RETRY_S)})
    return Response(f"ok\n{_warning()}", mimetype="text/plain")


def trouble() -> str | None:
    """What is wrong with the database, in a sentence; None if it could be read and written to."""
    shared: Shared = current_app.extensions.setdefault("health", Shared())
    return shared.ask(_trouble)


def _trouble() -> str | None:
    try:
        _check()
    except (DatabaseBusy, DatabaseLost) as error:
        return str(error)
    except (DBAPIError, TimeoutError) as error:
        logger.error("health: %s", getattr(error, "orig", error))
        return "The database does not answer; web.log says why."
    return None


def _warning() -> str:
    settings = current_settings()
    room = room_at(settings.instance_dir)
    if room is None or not room.is_little or not may_watch(settings):
        return ""
    return f"The disk of the instance folder has {room.free // 1024**2:,} MiB left: make room before it is full.\n"


def _check() -> None:
    path = sqlite_file(current_app.extensions["engine"].url)
    if path is not None:
        refuse_unwritable(path)  # first, since a full disk can keep SQLite from reading too
        refuse_lost(path)
    with only_reading():  # in a command too, which would wait for itself below
        _refuse_older()
        get_db().execute(_every_table())
    _begin_to_write()


def _refuse_older() -> None:
    """Raise DatabaseLost for a database that lacks migrations: an old backup was put back, or `up` did not run.

    One of a newer version is well: in an upgrade the processes of the old one serve until those of the new one do.
    """
    try:
        found = get_db().scalars(text("SELECT version_num FROM alembic_version")).all()
    except ProgrammingError:  # of a database of PostgreSQL without this product's tables
        found = []
    if not found or max(found) < revisions.newest():
        there = f"is at revision {max(found)} and this version needs {revisions.newest()}" if found else "has no tables"
        raise DatabaseLost(f"The database {there}: run `flask --app quizapp.up up`.", retry_after_s=RETRY_S)


def _begin_to_write() -> None:
    """Raise what a form would meet: DatabaseBusy, or DatabaseLost where a server of PostgreSQL lets nobody write."""
    with writing(), engine().begin() as connection:
        if connection.dialect.name != "postgresql":
            return  # BEGIN IMMEDIATE has the lock
        if connection.scalar(text("SHOW transaction_read_only")) == "on":
            raise DatabaseLost(_READ_ONLY, retry_after_s=RETRY_S)


@cache
def _every_table() -> Select[tuple[int]]:
    """One statement that reads at most one row of each table."""
    tables = Base.metadata.sorted_tables
    return select(*(select(literal(1)).select_from(table).limit(1).scalar_subquery() for table in tables))
