"""Backups while people learn: fifty made, checked and put back, and the time for one of a large database.

Eight reviews a second go on meanwhile. A drill fails if a command does, or if a review is missing from the restored
database that was acknowledged before its backup was begun. QUIZAPP_DRILLS makes it fewer.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from uuid import UUID

from benchmarks.product import wait_for
from benchmarks.raters import Rater, Site, at_work, site
from benchmarks.rows import Row, beside
from quizapp import clock, sqlite
from quizapp.backups import sqlite_backups
from quizapp.db import create_engine_for
from quizapp.errors import QuizappError
from quizapp.web.sqlite_copy import count_rows

DRILLS, USUAL_DRILLS = "QUIZAPP_DRILLS", 50
LEARNERS, PAUSE_S = 8, 1.0  # together eight reviews a second
LARGE_BYTES = 620 * 1024**2
IN_TIME_S = 60.0  # that the large one may take
FILL = """
INSERT INTO review_log SELECT * FROM (
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 100000)
    SELECT {columns} FROM number, (SELECT * FROM review_log LIMIT 1)
)
"""


def run() -> list[Row]:
    """Measure on a site of its own, which is removed afterwards."""
    drills = int(os.environ.get(DRILLS, USUAL_DRILLS))
    with site() as running:
        raters = [
            Rater(learner, running.installation.address, pause_s=PAUSE_S) for learner in running.learners(LEARNERS)
        ]
        with at_work(raters):
            wait_for(lambda: all(rater.acknowledged for rater in raters), "everybody rates")
            failed = [said for number in range(drills) if (said := _drill(running, raters, number))]
            failed += _restored_live(running)
            print(f"  {len(failed)} failed: {failed}", file=sys.stderr, flush=True)
            large_s = _large(running)
    return [
        beside("backup-drills-failed", value=len(failed), baseline=drills, unit="drills"),
        beside("backup-620-mb", value=large_s, baseline=IN_TIME_S, unit="s", note="baseline: as long as it may take"),
    ]


def _drill(running: Site, raters: Sequence[Rater], number: int) -> str:
    """Make a backup by the command and put it back elsewhere; what was wrong, empty for nothing."""
    before = {review_id for rater in raters for review_id in list(rater.acknowledged)}
    folder = running.database.parent / f"drill-{number}"
    folder.mkdir()
    made = folder / "backup.sqlite3"
    said = _flask(running, "backup", "create", str(made))
    if said:
        return said
    try:
        sqlite_backups.restore(folder / "quizapp.sqlite3", made, now=clock.now())
    except QuizappError as error:
        return str(error)
    lost = before - _logged(folder / "quizapp.sqlite3")
    return f"{len(lost)} acknowledged reviews are not in backup {number}" if lost else ""


def _flask(running: Site, *command: str) -> str:
    """Run a command as an operator does; what it said if it failed, else nothing."""
    ran = subprocess.run(
        [running.installation.checkout.tool("flask"), "--app", "quizapp.up", *command],
        cwd=running.installation.checkout.root,
        env=running.installation.env(),
        capture_output=True,
        text=True,
        check=False,
    )
    return f"{ran.returncode}: {ran.stderr}" if ran.returncode else ""


def _logged(database: Path) -> set[UUID]:
    engine = create_engine_for(f"sqlite:///{database}", must_exist=True)
    with engine.connect() as connection:
        found = {UUID(bytes=said) for (said,) in connection.exec_driver_sql("SELECT id FROM review_log")}
    engine.dispose()
    return found


def _restored_live(running: Site) -> list[str]:
    """Put the first backup back into the database that the server uses; what was wrong."""
    said = _flask(running, "backup", "restore", str(running.database.parent / "drill-0" / "backup.sqlite3"))
    running.wait()
    return [said] if said else []


def _large(running: Site) -> float:
    """The seconds of a backup once the database has LARGE_BYTES, while reviews go on."""
    with closing(sqlite.open_file(running.database, foreign_keys=False)) as connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(review_log)")]
        made = {"id": "randomblob(16)", "sequence": "-{first} - n"}
        columns = ", ".join(made.get(name, name) for name in names)
        first = 0  # below nothing, so that the reviews of learners still get the next number
        while running.database.stat().st_size < LARGE_BYTES:
            connection.execute(FILL.format(columns=columns.format(first=first)))
            first += 100_000
        rows = count_rows(connection)["review_log"]
    began = time.perf_counter()
    said = _flask(running, "backup", "create", str(running.database.parent / "large.sqlite3"))
    taken = time.perf_counter() - began
    assert not said, said
    print(f"  {running.database.stat().st_size / 1024**2:.0f} MiB, {rows} reviews", file=sys.stderr)
    return taken
