"""`flask doctor`: what is wrong with database, disk and backups."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from quizapp.monitoring.commands import troubles
from quizapp.monitoring.installation import Installed
from quizapp.web.disk import Room
from tests.conftest import make_settings, opened_app

NOW = datetime(2026, 11, 30, tzinfo=UTC)
WELL = Installed(
    version="1",
    is_up=True,
    database_bytes=1,
    room=Room(free=900 * 1024**3, size=1024**4),
    backup_made_at=NOW - timedelta(days=2),
    backup_checked_at=NOW - timedelta(days=14),
    is_backup_broken=False,
)


def test_nothing_is_said_of_what_is_well() -> None:
    assert set(troubles(WELL, now=NOW).values()) == {None}


@pytest.mark.parametrize(
    ("what", "found", "said"),
    [
        ("Disk", replace(WELL, room=Room(free=5 * 1024**2, size=1024**4)), "5 MiB are left"),
        ("Disk", replace(WELL, room=None), "cannot be found out"),
        ("Backup", replace(WELL, backup_made_at=NOW - timedelta(days=3)), "The newest is 3 days old."),
        ("Backup", replace(WELL, backup_made_at=None), "There is none"),
        ("Verified backup", replace(WELL, backup_checked_at=NOW - timedelta(days=15)), "None was verified"),
        ("Verified backup", replace(WELL, backup_checked_at=None), "None was verified"),
        ("Verified backup", replace(WELL, is_backup_broken=True), "found damaged"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(what: str, found: Installed, said: str) -> None:
    wrong = {name: text for name, text in troubles(found, now=NOW).items() if text is not None}
    assert list(wrong) == [what]
    assert said in wrong[what]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_says_a_line_of_each_and_exits_with_1(own_app: Flask) -> None:
    result = own_app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == "ok  Database"
    assert lines[2] == "no  Backup: There is none in the instance folder. Make one: flask backup create."
    assert lines[3].startswith("no  Verified backup: There is none to verify yet.")


def test_a_database_that_is_away_is_no_traceback(tmp_path: Path) -> None:
    with opened_app(make_settings(tmp_path, "postgresql+psycopg://nobody@127.0.0.1:1/nothing")) as app:
        result = app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    assert result.output.startswith("no  Database: The database does not answer")
