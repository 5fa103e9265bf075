"""Web processes that are killed while they store ratings: no acknowledged review is lost, and none counts twice."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from quizapp.settings import ROOT

KILLS = 200  # `make bench` does it 2,000 times over gunicorn, and 500 times on PostgreSQL
CONTROL_KILLS = 20


def killed(migrated_sqlite: Path, folder: Path, kills: int, *options: str) -> dict[str, Any]:
    """What `tests.killed_raters` finds on a copy of the migrated file."""
    shutil.copy(migrated_sqlite, folder)
    command = [sys.executable, "-m", "tests.killed_raters", folder, str(kills), "1", *options]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_two_hundred_kills_lose_nothing_and_count_nothing_twice(migrated_sqlite: Path, tmp_path: Path) -> None:
    found = killed(migrated_sqlite, tmp_path, KILLS)
    assert found["acknowledged"] >= KILLS
    assert (found["lost"], found["wrong"]) == (0, [])


def test_an_answer_before_the_commit_would_be_noticed(migrated_sqlite: Path, tmp_path: Path) -> None:
    assert killed(migrated_sqlite, tmp_path, CONTROL_KILLS, "early")["lost"] > 0
