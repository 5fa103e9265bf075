"""Backups of PostgreSQL by its own programs: made, checked, and put back."""

import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, make_url, text

from quizapp import clock
from quizapp.backups import postgresql_backups, postgresql_tools
from quizapp.backups.faults import BackupBroken, BackupFailed, RestoreFailed
from quizapp.backups.seal import seal_file
from quizapp.db import create_engine_for, reading
from tests import databases
from tests.conftest import make_settings, opened_app
from tests.filled import Rows, rows_of

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _programs(postgresql_programs: None) -> None:
    """PostgreSQL's programs."""


@pytest.fixture
def site(filled_postgresql: str) -> Iterator[Engine]:
    """The engine of somebody who uses the database, with rows in every table."""
    with databases.own_postgresql(filled_postgresql, template=databases.FILLED) as url:
        engine = create_engine_for(url)
        yield engine
        engine.dispose()


@pytest.fixture
def backup(site: Engine, tmp_path: Path) -> Path:
    return postgresql_backups.create(site.url, tmp_path, now=clock.now(), deadline_s=5)[0]


@pytest.fixture
def app(site: Engine, tmp_path: Path) -> Iterator[Flask]:
    with opened_app(make_settings(tmp_path, site.url.render_as_string(hide_password=False))) as app:
        yield app


def rows(engine: Engine) -> Rows:
    with reading(), engine.connect() as connection:
        return {name: sorted(found, key=str) for name, found in rows_of(connection).items()}


def run(app: Flask, *command: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=command)


def forget_reviews(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM review_log"))


def test_the_commands_make_check_and_put_back(app: Flask, site: Engine) -> None:
    before = rows(site)
    made = run(app, "backup", "create").stdout.partition(": ")[0]
    assert "is whole: " in run(app, "backup", "verify", made).stdout
    forget_reviews(site)
    said = run(app, "backup", "restore", made)
    assert (said.exit_code, rows(site)) == (0, before)
    kept = Path(said.stderr.partition("What was there before is in ")[2].splitlines()[0])
    assert postgresql_backups.verify(kept).rows["review_log"] == 0


def test_a_backup_is_open_to_nobody_else_and_nothing_is_left_beside_it(backup: Path) -> None:
    assert {path: stat.S_IMODE(path.stat().st_mode) for path in backup.parent.glob("*dump*")} == {
        backup: 0o600,
        seal_file(backup): 0o600,
    }


def test_a_backup_that_was_damaged_is_not_put_back(site: Engine, backup: Path) -> None:
    before = rows(site)
    backup.write_bytes(backup.read_bytes()[:-100])
    with pytest.raises(BackupBroken, match="not what it was when it was made"):
        postgresql_backups.restore(site.url, backup, now=clock.now(), keep_in=backup.parent, deadline_s=5)
    assert rows(site) == before


def test_a_backup_is_put_back_while_others_rate_and_read(site: Engine, backup: Path) -> None:
    before, ended, used = rows(site), threading.Event(), list[int]()

    def use() -> None:
        """Do as a request does, which asks who is signed in first."""
        while not ended.wait(0.01):
            with site.begin() as connection:
                connection.execute(text("SELECT * FROM user_account"))
                connection.execute(text("UPDATE card SET version = version + 1"))
                used.append(len(rows_of(connection)))

    users = [threading.Thread(target=use) for _ in range(2)]
    for user in users:
        user.start()
    postgresql_backups.restore(site.url, backup, now=clock.now(), keep_in=backup.parent, deadline_s=30)
    ended.set()
    for user in users:
        user.join()
    assert used
    assert {name: len(found) for name, found in rows(site).items()} == {n: len(found) for n, found in before.items()}


def test_a_backup_is_put_back_from_a_newer_revision(site: Engine, backup: Path) -> None:
    before = rows(site)
    with site.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("ALTER TABLE card ADD COLUMN mood text"))
    postgresql_backups.restore(site.url, backup, now=clock.now(), keep_in=backup.parent, deadline_s=5)
    assert rows(site) == before


def test_a_backup_is_put_into_an_empty_database(site: Engine, backup: Path, postgresql_url: str) -> None:
    databases.run_sql(postgresql_url, f"CREATE DATABASE {(name := f'test_{uuid4().hex}')}")
    empty = create_engine_for(postgresql_url.format(database=name))
    seal, kept = postgresql_backups.restore(empty.url, backup, now=clock.now(), keep_in=backup.parent, deadline_s=5)
    assert (rows(empty), kept, seal.rows["alembic_version"]) == (rows(site), None, 1)
    empty.dispose()
    databases.run_sql(postgresql_url, f"DROP DATABASE {name} WITH (FORCE)")


def test_a_restore_that_fails_at_its_end_changes_nothing(site: Engine, backup: Path) -> None:
    forget_reviews(site)
    before, seal = rows(site), postgresql_backups.verify(backup)
    server = postgresql_backups._Server(18, "public", list(seal.rows))
    other = replace(seal, rows={**seal.rows, "card": 99})
    with pytest.raises(OSError, match="card has other rows than the backup"):
        postgresql_backups._put_in_place(site.url, backup, other, server, deadline_s=5)
    assert rows(site) == before


def test_a_restore_that_is_cut_short_changes_nothing(site: Engine, backup: Path) -> None:
    forget_reviews(site)
    before, seal = rows(site), postgresql_backups.verify(backup)
    server = postgresql_backups._Server(18, "public", list(seal.rows))
    backup.write_bytes(backup.read_bytes()[:-2000])
    with pytest.raises(OSError, match="pg_restore: "):
        postgresql_backups._put_in_place(site.url, backup, seal, server, deadline_s=5)
    assert rows(site) == before


def test_tables_of_somebody_else_are_not_touched(site: Engine, backup: Path) -> None:
    with site.begin() as connection:
        connection.execute(text("CREATE TABLE invoice (number int)"))
    with pytest.raises(RestoreFailed, match="tables of somebody else, invoice"):
        postgresql_backups.restore(site.url, backup, now=clock.now(), keep_in=backup.parent, deadline_s=5)


def test_a_restore_does_not_wait_for_ever(site: Engine, backup: Path) -> None:
    with site.begin() as connection:
        connection.execute(text("UPDATE card SET version = version + 1"))
        with pytest.raises(RestoreFailed, match="lock timeout; end what uses the database"):
            postgresql_backups.restore(site.url, backup, now=clock.now(), keep_in=backup.parent, deadline_s=0.2)


def test_a_seal_with_other_counts_is_noticed(backup: Path) -> None:
    seal = seal_file(backup)
    seal.write_text(seal.read_text().replace('"card": ', '"card": 9'))
    with pytest.raises(BackupBroken, match="other rows than the database had"):
        postgresql_backups.verify(backup)


def test_an_empty_database_is_not_backed_up(site: Engine, tmp_path: Path) -> None:
    with site.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(BackupFailed, match="holds nothing of this product"):
        postgresql_backups.create(site.url, tmp_path, now=clock.now(), deadline_s=5)
    assert not list(tmp_path.glob("*dump*"))


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    nowhere = make_url("postgresql+psycopg://nobody@localhost:1/nothing")
    with pytest.raises(BackupFailed, match=r"^No backup was made: .*refused"):
        postgresql_backups.create(nowhere, tmp_path, now=clock.now(), deadline_s=5)


def test_a_locked_table_is_not_waited_for_for_ever(site: Engine, backup: Path, tmp_path: Path) -> None:
    with site.begin() as connection:
        connection.execute(text("LOCK TABLE card IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(BackupFailed, match=r"pg_dump: .*timeout; end what uses the database"):
            postgresql_backups.create(site.url, tmp_path / "second", now=clock.now(), deadline_s=0.2)
        assert not (tmp_path / "second").exists()


def test_a_machine_without_the_programs_says_so(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = run(app, "backup", "create")
    assert said.exit_code == 1
    assert said.stderr.startswith("Error: pg_dump is not on this machine: install PostgreSQL's client (postgresql-cl")


def test_programs_of_another_version_than_the_server_are_not_tried(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)'")
    (tmp_path / "pg_dump").chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    said = run(app, "backup", "create")
    assert "pg_dump is of PostgreSQL 15 and the server of 18, which must be the same: install" in said.stderr


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ada:secret@db.example/quizapp",
        "postgresql+psycopg://ada@db.example/quizapp?password=secret",
    ],
)
def test_a_password_is_not_on_the_command_line_of_a_program(url: str) -> None:
    assert postgresql_tools.address_of(make_url(url)) == "postgresql://ada@db.example/quizapp"
    assert postgresql_tools.environment_of(make_url(url))["PGPASSWORD"] == "secret"
