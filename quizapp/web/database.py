"""One database session for each request or command. The session of a GET cannot write."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.orm import Session
from werkzeug.local import LocalProxy

from quizapp.db import guard, reading
from quizapp.settings import Settings

if TYPE_CHECKING:
    from quizapp.web.migrations import Migrations

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110, section 9.2.1

_database = SQLAlchemy()


def _migrations() -> "Migrations":
    # Imported here: only `flask up` and `flask db` migrate, and Alembic would be a sixth of a web process's start.
    from quizapp.web.migrations import migrations_of

    return migrations_of(current_app._get_current_object())  # type: ignore[attr-defined]


alembic = cast("Migrations", LocalProxy(_migrations))  # the current app's


def init_app(app: Flask, settings: Settings) -> None:
    """Make the engine for the settings' database URL, with its guards; make GETs read-only."""
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": settings.database_url, "pool_pre_ping": True}}
    _database.init_app(app)
    with app.app_context():
        engine = _database.engine
    guard(engine)
    app.extensions["engine"] = engine  # for code that closes the connections after the app's use, such as a test
    app.config["ALEMBIC"] = {}  # for settings beside those of web.migrations
    app.wsgi_app = _ReadOnlyGets(app.wsgi_app)  # type: ignore[method-assign]


def get_db() -> Session:
    """The database session of this request or command. The caller commits; changes not committed are rolled back."""
    return _database.session


class _ReadOnlyGets:
    """WSGI middleware: transactions of safe methods are read-only, so that no page view can change data."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in SAFE_METHODS:
            return self._app(environ, start_response)
        with reading():
            return self._app(environ, start_response)


def is_migrated() -> bool:
    """Whether the database has every migration of this version."""
    from alembic.runtime.migration import MigrationContext

    # Not Alembic's own connection, which stays open and holds a write lock: a read-only one waits for no migration.
    with reading(), _database.engine.connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == {script.revision for script in alembic.heads()}
