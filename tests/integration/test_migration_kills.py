"""A migration that is killed has changed nothing, whenever it is killed, and the next one finishes it."""

import subprocess
import sys
from pathlib import Path

import pytest

from quizapp.settings import ROOT
from quizapp.web.database import alembic
from tests.conftest import make_settings, opened_app
from tests.filled import fill


@pytest.mark.parametrize(
    ("start", "end", "every"),
    [
        ("0004", "0006", 1),  # between them a table is rebuilt and a column is added, which is what steps do
        ("0010", "0011", 7),  # nearly all tables are written anew in 200 moments, up and down; all of them take 40 s
    ],
)
def test_a_killed_migration_has_changed_nothing(tmp_path: Path, start: str, end: str, every: int) -> None:
    (tmp_path / "start").mkdir()
    with opened_app(make_settings(tmp_path / "start")) as app, app.app_context():
        alembic.upgrade(start)
        engine = app.extensions["engine"]
        with engine.begin() as connection:
            fill(connection)
    command = [sys.executable, "-m", "tests.killed", tmp_path / "start" / "quizapp.sqlite3", str(every), end, start]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr if run.returncode else "") == (0, "")
    assert int(run.stdout) > 30 - every  # moments at which it was killed, up and down
