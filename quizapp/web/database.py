"""One database session for each request or command. A GET gets one that cannot write."""

from collections.abc import Callable, Iterable
from typing import Any

from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_alembic import Alembic
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import TypeDecorator
from sqlalchemy.orm import Session

from quizapp.db import Base, guard, reading
from quizapp.settings import ROOT, Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110, section 9.2.1

_database = SQLAlchemy()
alembic = Alembic(run_mkdir=False, command_name="db", metadatas=Base.metadata)


def init_app(app: Flask, settings: Settings) -> None:
    """Open the engine that the settings name, with its guards, and add `flask db`."""
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": settings.database_url, "pool_pre_ping": True}}
    app.config["ALEMBIC"] = {"script_location": str(ROOT / "migrations"), "file_template": "%%(rev)s_%%(slug)s"}
    app.config["ALEMBIC_CONTEXT"] = {"render_as_batch": True, "compare_type": True, "render_item": _render_plain_type}
    _database.init_app(app)
    alembic.init_app(app)
    with app.app_context():
        engine = _database.engine
    guard(engine)
    app.extensions["engine"] = engine  # for whoever outlives the app and closes its connections, such as a test
    app.wsgi_app = _ReadOnlyGets(app.wsgi_app)  # type: ignore[method-assign]


def get_db() -> Session:
    """The database session of this request or command. The caller commits; what is not committed is rolled back."""
    return _database.session


class _ReadOnlyGets:
    """WSGI middleware: transactions of safe methods are read-only, so that no page view can ever change anything."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in SAFE_METHODS:
            return self._app(environ, start_response)
        with reading():
            return self._app(environ, start_response)


def _render_plain_type(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as the plain ones they are in the database: a migration must not import today's code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def is_migrated() -> bool:
    """Whether the database has every migration of this version."""
    with _database.engine.connect() as connection:  # closed at once: Alembic's own stays open and holds a write lock
        applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == {script.revision for script in alembic.heads()}
