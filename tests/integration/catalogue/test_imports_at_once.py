"""Two imports of one new file at once, as two processes begin them: the second waits, and finds nothing to do."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Lab
from quizapp.catalogue.store.import_run import Changes, FileReport
from tests.integration.catalogue.test_import_labs import LAB, write_lab

PATIENCE_S = 60.0
WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"])  # SQLite has one writer at a time anyway
def test_the_second_waits_and_finds_nothing_to_do(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    write_lab(tmp_path, LAB)

    def second() -> list[FileReport]:
        with sessions() as db:
            return import_content(db, tmp_path, now=clock.now(), settle=db.commit)

    with ThreadPoolExecutor(1) as pool, sessions() as db:
        import_content(db, tmp_path, now=clock.now())
        begun = pool.submit(second)
        deadline = time.monotonic() + PATIENCE_S
        with sessions() as looking:
            while not looking.scalar(WAITING) and not begun.done():
                assert time.monotonic() < deadline, "it neither waits nor ends"
        db.commit()
        (report,) = begun.result()
        assert (report.error, report.changes) == (None, Changes())
        assert len(db.scalars(select(Lab)).all()) == 1
