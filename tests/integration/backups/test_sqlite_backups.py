"""Backups: made while others write, checked against what they held, put back with the product running and ended."""

import re
import shutil
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, text

from quizapp import clock, sqlite
from quizapp.backups import sqlite_backups
from quizapp.backups.faults import BackupBroken, BackupFailed, RestoreFailed, told
from quizapp.backups.seal import ENDING, seal_file
from quizapp.db import create_engine_for, reading
from quizapp.sqlite import DatabaseLost
from quizapp.web import revisions, sqlite_copy
from quizapp.web.database import alembic
from tests.conftest import make_settings, opened_app
from tests.filled import Rows, rows_of

DRILLS = 3  # `make bench` does fifty, with the whole product
HOLDER = "import sys, time; file = open(sys.argv[1]); print('open', flush=True); time.sleep(60)"

needs_log = pytest.mark.skipif(not sqlite.is_wal_safe(), reason="without a log, who reads holds up who writes")


@pytest.fixture
def file(tmp_path: Path, filled_sqlite: Path) -> Path:
    """A SQLite file at the newest revision, with rows in every table."""
    (tmp_path / "site").mkdir()
    return Path(shutil.copy(filled_sqlite, tmp_path / "site" / "quizapp.sqlite3"))


@pytest.fixture
def site(file: Path) -> Iterator[Engine]:
    """The engine of somebody who uses the database."""
    engine = create_engine_for(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture
def backup(file: Path) -> Path:
    made, _ = sqlite_backups.create(file, file.parent.parent, now=clock.now())
    return made


def rows(engine: Engine) -> Rows:
    with reading(), engine.connect() as connection:
        return rows_of(connection)


def forget_everything(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE user_account SET name = 'changed' || id"))
        connection.execute(text("DELETE FROM review_log"))


def put_back(file: Path, backup: Path) -> Path | None:
    return sqlite_backups.restore(file, backup, now=clock.now())[1]


def test_a_backup_is_whole_and_open_to_nobody_else(file: Path, backup: Path) -> None:
    seal = sqlite_backups.verify(backup)
    assert seal.rows.keys() >= {"card", "review_log", "user_account"}
    assert seal.total > 50
    assert {stat.S_IMODE(path.stat().st_mode) for path in (backup, seal_file(backup))} == {0o600}
    assert {path.name for path in backup.parent.iterdir()} == {"site", backup.name, seal_file(backup).name}


def test_checking_a_backup_changes_nothing_beside_it(backup: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in backup.parent.iterdir()}
    sqlite_backups.verify(backup)
    assert {path.name: path.stat().st_mtime_ns for path in backup.parent.iterdir()} == before


def test_backups_are_made_while_others_write(file: Path, site: Engine, tmp_path: Path) -> None:
    ended, written = threading.Event(), list[int]()

    def write() -> None:
        while not ended.is_set():
            with site.begin() as connection:
                connection.execute(text("UPDATE card SET version = version + 1"))
            written.append(1)
            time.sleep(0.01)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(DRILLS):
        made, _ = sqlite_backups.create(file, tmp_path, now=clock.now())
        sqlite_backups.verify(made)
    ended.set()
    writer.join()
    assert written


def test_a_copy_that_was_cut_short_is_not_taken_for_a_backup(file: Path, tmp_path: Path) -> None:
    """With SQLite 3.40.1 and 3.53.4: it passes integrity_check as an empty database, which cuts it to 0 bytes."""
    cut = tmp_path / "cut.sqlite3"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2 // 4096 * 4096])
    with pytest.raises(BackupBroken, match=r"cannot be told without cut\.sqlite3\.seal\.json"):
        sqlite_backups.verify(cut)
    assert cut.stat().st_size > 0


@pytest.mark.parametrize("damage", ["cut", "emptied", "changed"])
def test_a_backup_that_was_damaged_is_noticed(backup: Path, damage: str) -> None:
    content = backup.read_bytes()
    damaged = {"cut": content[:8192], "emptied": b"", "changed": content[:5000] + b"!" + content[5001:]}
    backup.write_bytes(damaged[damage])
    with pytest.raises(BackupBroken, match="not what it was when it was made"):
        sqlite_backups.verify(backup)
    assert backup.read_bytes() == damaged[damage]


def test_a_seal_with_other_counts_is_noticed(backup: Path) -> None:
    seal = seal_file(backup)
    seal.write_text(seal.read_text().replace('"card": ', '"card": 9'))
    with pytest.raises(BackupBroken, match="other rows than when it was made"):
        sqlite_backups.verify(backup)


@needs_log
def test_a_backup_is_put_back_while_the_product_runs(file: Path, backup: Path, site: Engine) -> None:
    before = rows(site)
    forget_everything(site)
    with site.connect() as reader:
        with reading():
            reader.execute(text("SELECT * FROM card")).all()
        kept = put_back(file, backup)
    assert rows(site) == before
    assert kept is not None
    assert sqlite_backups.verify(kept).rows["review_log"] == 0
    forget_everything(site)  # and it goes on


@needs_log
@pytest.mark.parametrize("left", ["-wal", "-journal"])
def test_what_a_killed_product_left_does_not_undo_a_restore(file: Path, backup: Path, site: Engine, left: str) -> None:
    before = rows(site)
    log = file.with_name(file.name + left)
    with site.connect() as connection:
        forget_everything(site)
        logged = file.with_name(file.name + "-wal").read_bytes()
    connection.close()
    site.dispose()
    file.unlink()
    log.write_bytes(logged)
    kept = put_back(file, backup)
    assert (kept, log.exists()) == (None, False)
    assert rows(site) == before


@pytest.mark.parametrize("content", [None, b"", b"not a database\n" * 999], ids=["missing", "empty", "foreign"])
def test_a_backup_is_put_where_no_database_is(file: Path, backup: Path, content: bytes | None) -> None:
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    kept = put_back(file, backup)
    assert (kept.read_bytes() if kept else None) == content
    engine = create_engine_for(f"sqlite:///{file}")
    assert len(rows(engine)["card"]) > 0
    engine.dispose()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_a_process_has_open_is_not_moved_aside(file: Path, backup: Path) -> None:
    file.write_bytes(b"broken" * 1000)
    command = [sys.executable, "-c", HOLDER, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(RestoreFailed, match=f"process {holder.pid} still uses quizapp.sqlite3"):
            put_back(file, backup)
        file.rename(file.with_name("moved"))
        holder.kill()
    assert file.with_name("moved").read_bytes() == b"broken" * 1000


def test_a_damaged_backup_is_not_put_back(file: Path, backup: Path, site: Engine) -> None:
    backup.write_bytes(backup.read_bytes()[:8192])
    before = rows(site)
    with pytest.raises(BackupBroken):
        put_back(file, backup)
    assert rows(site) == before


def test_a_restore_does_not_wait_for_ever(file: Path, backup: Path, site: Engine) -> None:
    with site.begin() as connection:
        connection.execute(text("DELETE FROM review_log"))
        with pytest.raises(Exception, match="locked"):
            sqlite_backups.restore(file, backup, now=clock.now(), deadline_s=0.3)


def test_a_backup_waits_for_another_one_and_not_for_ever(file: Path, tmp_path: Path) -> None:
    with sqlite_copy._alone(tmp_path, 0.0), pytest.raises(BackupFailed, match="another copy is being made"):
        sqlite_backups.create(file, tmp_path, now=clock.now(), deadline_s=0.1)


def test_a_copy_that_fails_leaves_nothing(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sqlite_backups, "_checked", fail)
    with pytest.raises(BackupFailed, match=r"No backup was made.*No space left on device; make room"):
        sqlite_backups.create(file, tmp_path, now=clock.now())
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (FileNotFoundError(2, "No such file or directory", "/mnt/copies"), "/mnt/copies: No such.*; make that folder"),
        (PermissionError(13, "Permission denied", "/mnt/copies"), "/mnt/copies: Permission denied; let this user"),
        (OSError(30, "Read-only file system", "/mnt/copies"), "/mnt/copies: Read-only file system; let this user"),
        (OSError("quizapp.sqlite3: database or disk is full"), "is full; make room"),
        (OSError("quizapp.sqlite3: attempt to write a readonly database"), "readonly database; let this user"),
        (TimeoutError("it stayed locked by another process"), "another process; end what uses the database"),
        (OSError("pg_dump: error: connection to server at 127.0.0.1 failed"), "failed; see that the server runs"),
        (OSError(5, "Input/output error"), "Input/output error; see that the disk is well"),
    ],
)
def test_what_went_wrong_comes_with_what_to_do(error: OSError, advice: str) -> None:
    assert re.match(f".*{advice}.*[^.][.]$", told(error))


def test_a_full_disk_leaves_what_was_there_where_it_was(
    file: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_: object) -> None:
        raise OSError(28, "No space left on device")

    file.write_bytes(b"broken" * 1000)
    monkeypatch.setattr("shutil.copyfile", fill)
    with pytest.raises(RestoreFailed, match="No space left on device; make room"):
        put_back(file, backup)
    assert [path.name for path in file.parent.iterdir() if "turns" not in path.name] == [file.name]
    assert file.read_bytes() == b"broken" * 1000


def test_a_backup_of_a_newer_version_is_not_put_back(app: Flask, site: Engine, backup: Path) -> None:
    before = rows(site)
    seal = seal_file(backup)
    seal.write_text(seal.read_text().replace(f'"revision": "{revisions.newest()}"', '"revision": "9999"'))
    said = run(app, "backup", "restore", str(backup))
    assert (said.exit_code, rows(site)) == (1, before)
    assert "is of a newer version, at revision 9999" in said.stderr


def test_a_backup_of_an_older_version_says_what_comes_next(
    app: Flask, file: Path, site: Engine, tmp_path: Path
) -> None:
    with site.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    made, _ = sqlite_backups.create(file, tmp_path, now=clock.now())
    said = run(app, "backup", "restore", str(made))
    assert (said.exit_code, "at revision 0001: now run `flask --app quizapp.up up`" in said.stderr) == (0, True)


def test_known_revisions_are_those_of_the_migrations(app: Flask) -> None:
    with app.app_context():
        assert set(revisions.known()) == {script.revision for script in alembic.log()}
        assert {revisions.newest()} == {script.revision for script in alembic.heads()}
    assert (revisions.unknown(revisions.newest()), revisions.unknown("0001+9999")) == ("", "9999")


def test_nothing_is_written_over(file: Path, backup: Path) -> None:
    with pytest.raises(BackupFailed, match="is there already"):
        sqlite_backups.create(file, backup, now=clock.now())


def test_what_is_no_database_of_ours_is_not_backed_up(tmp_path: Path) -> None:
    (tmp_path / "quizapp.sqlite3").touch()
    with pytest.raises(DatabaseLost, match="is empty"):
        sqlite_backups.create(tmp_path / "quizapp.sqlite3", tmp_path, now=clock.now())


def test_a_backup_of_a_killed_copy_is_removed_by_the_next(file: Path, tmp_path: Path) -> None:
    for left in ("quizapp-1.sqlite3.copying", "quizapp-1.sqlite3.copying-journal"):
        (tmp_path / left).write_bytes(b"half of it")
    sqlite_backups.create(file, tmp_path, now=clock.now())
    assert list(tmp_path.glob("*.copying*")) == []


@pytest.fixture
def app(file: Path) -> Iterator[Flask]:
    with opened_app(make_settings(file.parent)) as app:
        yield app


def run(app: Flask, *command: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=command)


def test_the_commands_make_check_and_put_back(app: Flask, file: Path, site: Engine) -> None:
    before = rows(site)
    made = run(app, "backup", "create").stdout.partition(": ")[0]
    assert made.startswith(f"{file.parent}/backups/quizapp-")
    assert "is whole: " in run(app, "backup", "verify", made).stdout
    forget_everything(site)
    said = run(app, "backup", "restore", made)
    assert (said.exit_code, rows(site)) == (0, before)
    assert "What was there before is in " in said.stderr
    assert not made.endswith(ENDING)


def test_a_folder_that_is_not_there_is_not_taken_for_a_file(app: Flask, tmp_path: Path) -> None:
    said = run(app, "backup", "create", f"{tmp_path}/copies/")
    assert (said.exit_code, said.stderr) == (
        1,
        f"Error: No backup was made: there is no folder {tmp_path}/copies/; make it first.\n",
    )
    assert not (tmp_path / "copies").exists()


def test_a_backup_of_sqlite_is_not_put_into_postgresql(backup: Path, tmp_path: Path) -> None:
    settings = make_settings(tmp_path, "postgresql+psycopg://nobody@localhost:1/nothing")
    with opened_app(settings) as app:
        said = run(app, "backup", "restore", str(backup))
    assert (said.exit_code, "is a backup of SQLite, and DATABASE_URL names PostgreSQL" in said.stderr) == (1, True)
