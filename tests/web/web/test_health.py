"""The page for those who watch the process: what it says when the database is not what it should be."""

import os
import shutil
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import make_url, text
from werkzeug.test import TestResponse

from quizapp import sqlite
from quizapp.db import PATIENCE, create_engine_for
from quizapp.web import revisions
from quizapp.web.disk import Room
from quizapp.web.health import Shared
from tests import databases
from tests.conftest import make_settings, opened_app
from tests.web.pages import token_in

FOREIGN = b"SQLite format 2\n" + b"\0" * 9000


def look(path: Path) -> TestResponse:
    """What a process says of the database at `path`."""
    with opened_app(make_settings(path.parent, f"sqlite:///{path}")) as app:
        answer = app.test_client().get("/health")
    assert answer.mimetype == "text/plain"
    return answer


@pytest.fixture
def path(tmp_path: Path, migrated_sqlite: Path) -> Path:
    return Path(shutil.copy(migrated_sqlite, tmp_path))


def test_a_process_with_its_database_is_well(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.unlink(), "There is no database quizapp.sqlite3"),
        (lambda path: path.rename(path.with_name(f"{path.name}-wal")), "is not there, though its log is"),
        (lambda path: path.write_bytes(b""), "quizapp.sqlite3 is empty (0 bytes)"),
        (lambda path: path.write_bytes(FOREIGN), "holds something other than this product's data"),
        (lambda path: path.write_bytes(path.read_bytes()[:8192]), "quizapp.sqlite3 is damaged"),
    ],
    ids=["missing", "gone", "empty", "foreign", "cut"],
)
def test_a_process_without_its_database_says_why(path: Path, damage: Callable[[Path], object], said: str) -> None:
    damage(path)
    answer = look(path)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert said in answer.text
    assert "backup restore" in answer.text


def hold(path: Path, begin: str) -> closing[Any]:
    """A transaction of a program that takes no turns at writing. It keeps the file for itself with BEGIN EXCLUSIVE."""
    other = sqlite.DRIVER.connect(path, isolation_level=None)
    if begin == "BEGIN EXCLUSIVE":
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute(begin)
    return closing(other)


def test_a_file_that_another_program_writes_to_is_told_as_a_form_would_be(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    with opened_app(make_settings(path.parent, f"sqlite:///{path}")) as app:
        client = app.test_client()
        with hold(path, "BEGIN IMMEDIATE"):
            answer = client.get("/health")
        assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
        assert "a program that is not part of this product has held its file" in answer.text
        assert client.get("/health").text == "ok\n"


def test_a_file_that_another_program_lets_nobody_read_is_not_called_damaged(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever believed that would put an old backup in the place of a whole database."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    with hold(path, "BEGIN EXCLUSIVE"):
        answer = look(path)
    assert (answer.status_code, "is locked by another program" in answer.text) == (503, True)
    assert "backup restore" not in answer.text


def test_a_turn_at_writing_that_does_not_come_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    with opened_app(make_settings(path.parent, f"sqlite:///{path}")) as app, app.extensions["engine"].begin():
        answer = app.test_client().get("/health")
    assert (answer.status_code, "others have written to it" in answer.text) == (503, True)


class Turn:
    """A lock that counts who has come to it."""

    def __init__(self) -> None:
        self.come = threading.Semaphore(0)
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self.come.release()
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def test_many_who_ask_at_once_share_a_check() -> None:
    """Each check has a connection of its own to a SQLite file, and half a MiB for it, which the process keeps."""
    shared, turn, calls = Shared(), Turn(), list[int]()
    begun, goes_on = threading.Event(), threading.Event()
    shared._turn = turn  # type: ignore[assignment]

    def check() -> str | None:
        calls.append(1)
        begun.set()
        goes_on.wait()
        return f"fault {len(calls)}"

    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(shared.ask, check)
        turn.come.acquire()
        assert begun.wait(60)
        later = [pool.submit(shared.ask, check) for _ in range(8)]
        for _ in later:
            turn.come.acquire()
        goes_on.set()
        assert first.result() == "fault 1"
        assert {one.result() for one in later} == {"fault 2"}


def test_a_table_that_cannot_be_read_is_noticed(path: Path) -> None:
    """The header and the list of tables are whole, so nothing but reading the tables finds it."""
    content = path.read_bytes()
    path.write_bytes(content[:40960] + b"\xff" * (len(content) - 40960))
    assert look(path).status_code == 503


def test_a_full_disk_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.statvfs
    few = os.statvfs_result((4096, 4096, 9999, 9, 9, 9999, 9, 9, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda place: few if Path(place) == path.parent else real(place))
    assert "The disk of quizapp.sqlite3 is full" in look(path).text


def test_a_read_only_file_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda place, _: place != path)  # root may write to any file
    assert "quizapp.sqlite3 or its folder is read-only" in look(path).text


def test_a_database_that_is_gone_while_the_process_runs_is_noticed(path: Path) -> None:
    with opened_app(make_settings(path.parent, f"sqlite:///{path}")) as app:
        client = app.test_client()
        assert client.get("/health").status_code == 200
        path.unlink()
        assert client.get("/health").status_code == 503


def test_a_database_server_that_is_away_is_told(tmp_path: Path) -> None:
    with opened_app(make_settings(tmp_path, "postgresql+psycopg://nobody@127.0.0.1:1/nothing")) as app:
        answer = app.test_client().get("/health")
    assert (answer.status_code, answer.text) == (503, "The database does not answer; web.log says why.\n")


def test_a_database_server_that_says_nothing_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """libpq would wait for it for ever."""
    monkeypatch.setitem(PATIENCE, "connect_timeout", 2)  # the least that libpq takes
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql+psycopg://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing"
        with opened_app(make_settings(tmp_path, url)) as app:
            answer = app.test_client().get("/health")
    assert (answer.status_code, answer.text) == (503, "The database does not answer; web.log says why.\n")


def test_little_room_is_told_to_who_may_read_figures_and_to_nobody_else(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizapp.web.health.room_at", lambda _: Room(free=900 * 1024**2, size=1024**4))
    said = "ok\nThe disk of the instance folder has 900 MiB left: make room before it is full.\n"
    assert (client.get("/health").status_code, client.get("/health").text) == (200, said)
    assert client.get("/health", headers={"X-Forwarded-For": "192.0.2.1"}).text == "ok\n"


def test_a_database_of_an_older_version_is_told(path: Path) -> None:
    engine = create_engine_for(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    answer = look(path)
    assert answer.status_code == 503
    assert f"is at revision 0001 and this version needs {revisions.newest()}: run `flask" in answer.text


@pytest.mark.postgres
def test_a_database_server_without_our_tables_is_told(tmp_path: Path, postgresql_url: str) -> None:
    with databases.own_postgresql(postgresql_url, template="template0") as url:  # noqa: SIM117
        with opened_app(make_settings(tmp_path, url)) as app:
            answer = app.test_client().get("/health")
    assert (answer.status_code, "has no tables: run `flask" in answer.text) == (503, True)


@pytest.mark.postgres
def test_a_database_server_that_takes_no_writes_is_told(tmp_path: Path, migrated_postgresql: str) -> None:
    """A standby answers so, and so does a host whose operator sets this once its disk is nearly full."""
    with databases.own_postgresql(migrated_postgresql) as url:
        databases.run_sql(url, f"ALTER DATABASE {make_url(url).database} SET default_transaction_read_only = on")
        with opened_app(make_settings(tmp_path, url)) as app:
            client = app.test_client()
            answer = client.get("/health")
            form = {
                "name": "somebody",
                "password": "a wrong password",
                "csrf_token": token_in(client.get("/sign-in").text),
            }
            stored = client.post("/sign-in", data=form)
    assert (answer.status_code, "takes no writes" in answer.text) == (503, True)
    assert (stored.status_code, "The database does not answer" in stored.text) == (503, True)


def test_an_option_that_no_server_of_postgresql_knows_is_told(tmp_path: Path) -> None:
    with opened_app(make_settings(tmp_path, "postgresql+psycopg://nobody@127.0.0.1:1/nothing?nonsense=1")) as app:
        answer = app.test_client().get("/health")
    assert answer.text == 'DATABASE_URL is wrong: invalid connection option "nonsense".\n'
