"""One database session for each request or command. The session of a GET cannot write."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, current_app, g
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.local import LocalProxy

from quizapp.db import Base, create_engine_for, reading, sqlite_file
from quizapp.driver_connection import Direct
from quizapp.errors import QuizappError
from quizapp.settings import Settings
from quizapp.web.database_file import refuse_lost

if TYPE_CHECKING:
    from quizapp.web.migrations import Migrations

Row = TypeVar("Row", bound=Base)

logger = logging.getLogger("quizapp.web")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110, section 9.2.1


def _migrations() -> "Migrations":
    # Imported here: only `flask up` and `flask db` migrate, and Alembic would be a sixth of a web process's start.
    from quizapp.web.migrations import migrations_of

    return migrations_of(current_app._get_current_object())  # type: ignore[attr-defined]


alembic = cast("Migrations", LocalProxy(_migrations))  # the current app's


def init_app(app: Flask, settings: Settings) -> None:
    """Make the engine for the settings' database URL, with its guards; make GETs read-only."""
    # Connects to nothing yet: what forks after this, such as a server that loads the app first, shares no connection.
    app.extensions["engine"] = create_engine_for(settings.database_url, must_exist=True)
    app.teardown_appcontext(_close_db)
    app.config["ALEMBIC"] = {}  # for settings beside those of web.migrations
    app.wsgi_app = _ReadOnlyGets(app.wsgi_app)  # type: ignore[method-assign]


def get_db() -> Session:
    """The database session of this request or command. The caller commits; changes not committed are rolled back."""
    db: Session | None = g.get("db")
    if db is None:
        db = g.db = Session(engine())
        db.add_all(g.pop("read_past_session", ()))
    return db


def attached(row: Row) -> Row:
    """An object that was read past the request's session, which has it from now on, or as soon as there is a session.

    It is another object if the session has that row already.
    """
    db: Session | None = g.get("db")
    if db is not None:
        return db.merge(row, load=False)
    g.setdefault("read_past_session", []).append(row)
    return row


def is_in_transaction() -> bool:
    """Whether the session of this request has begun to read or write."""
    db: Session | None = g.get("db")
    return db is not None and db.in_transaction()


def engine() -> Engine:
    """The current application's engine."""
    found: Engine = current_app.extensions["engine"]
    return found


def direct() -> Direct:
    """A connection without a session, for `with`, in no transaction until its `begin`; see `Direct`.

    For what people wait for most often: a session takes as long as a statement. The request's session must be in no
    transaction when this begins one, since one that writes would wait for itself.
    """
    return Direct(engine())


@contextmanager
def only_reading() -> Iterator[None]:
    """Within the block this request only reads, whatever its method: it waits for no writer and holds none up.

    What was changed before and not committed is undone. For pages that answer a form without saving it: to draw one
    takes longer than all that a request writes.
    """
    get_db().rollback()
    with reading():
        yield
        get_db().rollback()


def _close_db(_error: BaseException | None) -> None:
    """End the session in the thread that used it, at the end of a request or command. Flask calls it.

    What the database kept is committed by then, and the answer is made: one that has gone away since spoils neither.
    """
    db: Session | None = g.pop("db", None)
    if db is None:
        return
    try:
        db.close()
    except DBAPIError as error:
        logger.warning("a connection was lost as its request ended: %s", error.orig)
        db.invalidate()


class _ReadOnlyGets:
    """WSGI middleware: transactions of safe methods are read-only, so that no page view can change data."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in SAFE_METHODS:
            return self._app(environ, start_response)
        with reading():
            return self._app(environ, start_response)


class DatabaseNewer(QuizappError):
    """A newer version has migrated the database, and this one does not know how."""

    title = "The database is newer"

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database is at revision {revision}, which this version does not know: a newer one has migrated it. "
            "Start that version, or go back with it first: flask db downgrade."
        )


def is_migrated() -> bool:
    """Whether the database has every migration of this version.

    Raises DatabaseNewer, and DatabaseLost for a file that is not ours.
    """
    from alembic.runtime.migration import MigrationContext

    path = sqlite_file(engine().url)
    if path is not None:
        refuse_lost(path, may_be_new=True)
        if not path.exists():
            return False
    # Not Alembic's own connection, which stays open and holds a write lock: a read-only one waits for no migration.
    with reading(), engine().connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    for unknown in set(applied) - {script.revision for script in alembic.log()}:
        raise DatabaseNewer(unknown)
    return set(applied) == {script.revision for script in alembic.heads()}
