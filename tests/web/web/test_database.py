"""The session of a request: one each, ended with it, also while a server is told to end."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from ops.running_product import free_port
from quizapp import sqlite
from quizapp.accounts.guards import Audience, audience
from quizapp.settings import ROOT, Settings
from quizapp.web.database import get_db
from tests.conftest import opened_app
from tests.web.pages import token_in

START_S = 60.0  # on a busy machine


def test_a_request_has_one_session_which_ends_with_it(own_app: Flask) -> None:
    own_app.add_url_rule("/twice", view_func=lambda: str(get_db() is get_db()))
    with own_app.app_context():
        mine = get_db()
        mine.execute(text("SELECT 1"))
    assert own_app.extensions["engine"].pool.checkedout() == 0
    with own_app.app_context():
        assert get_db() is not mine


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_page_comes_though_the_database_went_away_as_it_was_made(own_app: Flask) -> None:
    """What is left to do of its transaction is to end it, after the answer; the next page says what there is."""

    def last_of_all() -> str:
        mine = get_db().scalar(text("SELECT pg_backend_pid()"))
        with own_app.extensions["engine"].connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": mine})
        return "made"

    own_app.add_url_rule("/last", view_func=audience(Audience.ANYONE)(last_of_all))
    client = own_app.test_client()
    assert [client.get("/last").text for _ in range(2)] == ["made", "made"]
    assert own_app.extensions["engine"].pool.checkedout() == 0


def test_an_app_has_no_connection_before_its_first_request(settings: Settings) -> None:
    """So that a server which loads it and then forks its workers shares none with them."""
    with opened_app(settings) as app:
        pool = app.extensions["engine"].pool
        assert (pool.checkedin(), pool.checkedout()) == (0, 0)


def test_what_a_request_did_not_commit_is_undone(own_app: Flask) -> None:
    with own_app.app_context():
        get_db().execute(text("DELETE FROM user_account"))
    with own_app.app_context():
        assert get_db().in_transaction() is False


@pytest.mark.skipif(not sqlite.is_wal_safe(), reason="without a log, who writes holds up who reads")
def test_a_page_waits_for_no_writer(client_as: Callable[..., FlaskClient], app: Flask) -> None:
    client = client_as("learner")
    with app.extensions["engine"].begin() as writer:
        writer.execute(text("UPDATE user_account SET name = name"))
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_writer_whose_turn_does_not_come_is_asked_to_come_back(
    client_as: Callable[..., FlaskClient], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    client = client_as("learner")
    form = {"csrf_token": token_in(client.get("/account").text)}
    with app.extensions["engine"].begin():
        answer = client.post("/review/undo", data=form)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert "The database is locked" in answer.text


@pytest.fixture
def server(tmp_path: Path, migrated_sqlite: Path) -> subprocess.Popen[bytes]:
    """The product's web server on a database of its own; `server.address` is where."""
    (tmp_path / "quizapp.sqlite3").write_bytes(migrated_sqlite.read_bytes())
    port = free_port()
    env = {**os.environ, "QUIZAPP_INSTANCE_DIR": str(tmp_path), "QUIZAPP_ENGINE": "none", "DATABASE_URL": ""}
    options = ["--config", "python:quizapp.gunicorn_web", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", *options, "wsgi:app"], cwd=ROOT, env=env)
    server.address = f"http://127.0.0.1:{port}"  # type: ignore[attr-defined]
    return server


def test_requests_end_well_when_the_server_is_told_to_end(server: subprocess.Popen[bytes]) -> None:
    """With Flask-SQLAlchemy-Lite 0.2.1, whose teardown is async, about five requests of each end were a 500."""
    answers, ended, begun = Counter[int](), threading.Event(), threading.Event()
    address = server.address  # type: ignore[attr-defined]

    def ask() -> None:
        while not ended.is_set():
            try:
                answers[requests.get(f"{address}/health", timeout=60).status_code] += 1
                begun.set()
            except requests.ConnectionError:
                time.sleep(0.01)  # not listening yet, or no more

    clients = [threading.Thread(target=ask) for _ in range(6)]
    for client in clients:
        client.start()
    assert begun.wait(START_S)
    time.sleep(0.2)
    server.send_signal(signal.SIGTERM)
    assert server.wait(START_S) == 0
    ended.set()
    for client in clients:
        client.join()
    assert answers.keys() == {200}
