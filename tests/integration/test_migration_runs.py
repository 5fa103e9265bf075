"""How migrations are run: what is copied before, what is refused, and how far each command goes."""

import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from click.testing import Result
from flask import Flask
from sqlalchemy import MetaData, Table, text

from quizapp import clock, sqlite
from quizapp.db import BrokenReferences, create_engine_for
from quizapp.settings import ROOT
from quizapp.web import migration_copies, sqlite_copy
from quizapp.web.database import alembic, is_migrated
from quizapp.web.migration_copies import COPIES_KEPT, kept_copies
from tests.conftest import make_settings, opened_app
from tests.filled import Rows, rows_of

SCRIPTS = ScriptDirectory(str(ROOT / "migrations"), version_locations=[str(ROOT / "migrations")])
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()]  # the newest first
HEAD, BELOW, START, FIRST = *REVISIONS[:3], REVISIONS[-1]
ORPHAN = """
from alembic import op

revision, down_revision = "orphan", "{head}"


def upgrade():
    op.execute("DELETE FROM user_account")


def downgrade():
    pass
"""


@pytest.fixture
def file(tmp_path: Path, filled_sqlite: Path) -> Path:
    """A SQLite file at the newest revision, with rows in every table."""
    return Path(shutil.copy(filled_sqlite, tmp_path / "quizapp.sqlite3"))


@pytest.fixture
def app(file: Path) -> Iterator[Flask]:
    with opened_app(make_settings(file.parent)) as app:
        yield app


def run(app: Flask, *command: str) -> Result:
    """Run a command as `flask` does, in an app context of its own."""
    with app.app_context():
        return app.test_cli_runner().invoke(args=command)


def rows(path: Path) -> Rows:
    engine = create_engine_for(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = rows_of(connection)
    engine.dispose()
    return found


def revision(path: Path) -> str:
    engine = create_engine_for(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    engine.dispose()
    return str(found)


@pytest.mark.parametrize(
    ("command", "end"), [(["up"], HEAD), (["db", "upgrade", BELOW], BELOW), (["db", "downgrade"], REVISIONS[3])]
)
def test_each_way_to_migrate_copies_the_file_first(app: Flask, file: Path, command: list[str], end: str) -> None:
    run(app, "db", "downgrade", START)
    before = rows(file)
    said = run(app, *command)
    copy = kept_copies(file)[-1]
    assert (rows(copy), revision(copy), revision(file)) == (before, START, end)
    assert f"the database at {START} was copied to {copy}" in said.stderr
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_nothing_is_copied_where_nothing_is_migrated(app: Flask, file: Path) -> None:
    assert run(app, "up").exit_code == 0
    assert run(app, "db", "upgrade").exit_code == 0
    assert kept_copies(file) == []


def test_a_new_database_is_not_copied(tmp_path: Path) -> None:
    with opened_app(make_settings(tmp_path)) as app, app.app_context():
        alembic.upgrade()
    assert kept_copies(tmp_path / "quizapp.sqlite3") == []


@pytest.mark.parametrize(("content", "said"), [(b"", r"is empty \(0 bytes\)"), (b"mine" * 9, "holds something other")])
@pytest.mark.parametrize("command", [["up"], ["db", "upgrade"]])
def test_a_file_that_is_no_database_of_ours_is_left_alone(
    tmp_path: Path, content: bytes, said: str, command: list[str]
) -> None:
    (path := tmp_path / "quizapp.sqlite3").write_bytes(content)
    with opened_app(make_settings(tmp_path)) as app:
        ran = run(app, *command)
    assert (ran.exit_code, path.read_bytes()) == (1, content)
    assert re.match(f"Error: quizapp.sqlite3 {said}.* flask backup restore", ran.stderr.replace("`", " "))


def test_a_first_start_that_was_killed_is_begun_anew(tmp_path: Path) -> None:
    sqlite.make_file(tmp_path / "quizapp.sqlite3")
    with opened_app(make_settings(tmp_path)) as app, app.app_context():
        assert not is_migrated()
        alembic.upgrade()
        assert is_migrated()


def test_the_newest_copies_are_kept(app: Flask, file: Path) -> None:
    other = file.with_name("quizapp-of-mine-at-0001.sqlite3")
    other.touch()
    with app.app_context():
        for _ in range(COPIES_KEPT):
            alembic.downgrade(BELOW)
            alembic.upgrade(HEAD)
    assert [revision(path) for path in kept_copies(file)] == [BELOW, HEAD, BELOW, HEAD, BELOW]
    assert other.exists()


def test_what_a_killed_copy_left_is_replaced(app: Flask, file: Path) -> None:
    for left in (".copying", ".copying-journal"):
        file.with_name(file.name + left).write_bytes(b"half of it")
    with app.app_context():
        alembic.downgrade()
    (copy,) = kept_copies(file)
    assert revision(copy) == HEAD
    assert list(file.parent.glob("*.copying*")) == []


def test_without_a_whole_copy_nothing_is_migrated(app: Flask, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = iter([{"card": 3}, {"card": 0}])
    monkeypatch.setattr(sqlite_copy, "count_rows", lambda _: next(counts))
    said = run(app, "db", "downgrade")
    assert (said.exit_code, said.stderr.splitlines()[-1][:28]) == (1, "Error: Nothing was changed, ")
    assert (revision(file), kept_copies(file)) == (HEAD, [])


def test_a_copy_does_not_wait_for_ever(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.sqlite.BUSY_TIMEOUT_MS", 50)
    target = file.with_name("copy")
    target.touch()
    with (
        closing(sqlite.open_file(file)) as source,
        closing(sqlite.open_new(target)) as copy,
        closing(sqlite.open_new(target)) as other,
    ):
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(TimeoutError, match="stayed locked"):
            source.backup(copy, pages=sqlite_copy.ALL_PAGES, progress=sqlite_copy.stop_at(0.0))


def test_a_second_copy_into_a_folder_waits_for_the_first(file: Path) -> None:
    with (
        sqlite_copy._alone(file.parent, 0.0),
        pytest.raises(migration_copies.CopyFailed, match=r"could not be copied first: another copy is being made"),
    ):
        migration_copies.keep_copy(file, revision=HEAD, now=clock.now(), deadline_s=0.1)


def test_a_migration_that_leaves_orphans_changes_nothing(app: Flask, file: Path) -> None:
    before = rows(file)
    (file.parent / "orphan.py").write_text(ORPHAN.format(head=HEAD))
    app.config["ALEMBIC"]["version_locations"] = [str(file.parent)]
    said = run(app, "db", "upgrade")
    assert said.exit_code == 1
    assert "5 of card to user_account" in said.stderr.splitlines()[-1]
    assert (rows(file), revision(file)) == (before, HEAD)


def test_after_a_refused_migration_others_can_write(app: Flask, file: Path) -> None:
    (file.parent / "orphan.py").write_text(ORPHAN.format(head=HEAD))
    app.config["ALEMBIC"]["version_locations"] = [str(file.parent)]
    with app.app_context():
        with pytest.raises(BrokenReferences):
            alembic.upgrade()
        with app.extensions["engine"].begin() as connection:
            connection.execute(text("UPDATE note SET title = 'still'"))


@pytest.mark.parametrize(("target", "end"), [((), BELOW), ((START,), START), (("2",), START), ((FIRST,), FIRST)])
def test_a_downgrade_goes_as_far_as_it_was_told(app: Flask, file: Path, target: tuple[str], end: str) -> None:
    assert run(app, "db", "downgrade", *target).exit_code == 0
    assert revision(file) == end


def test_a_revision_that_is_not_there_is_a_sentence(app: Flask, file: Path) -> None:
    said = run(app, "db", "upgrade", "nowhere")
    assert (said.exit_code, said.stderr) == (1, "Error: Can't locate revision identified by 'nowhere'\n")


def test_a_reader_is_not_held_up_by_a_migration(app: Flask, file: Path) -> None:
    with create_engine_for(f"sqlite:///{file}").begin(), app.app_context():
        assert is_migrated()


def test_a_table_is_read_for_its_rebuild_without_those_that_it_refers_to(app: Flask) -> None:
    with app.app_context():
        card = Table("card", MetaData(), autoload_with=alembic.migration_context.connection)
    assert set(card.metadata.tables) == {"card"}
    assert {"user_account.id", "question.id"} <= {key.target_fullname for key in card.foreign_keys}
