"""Several first `flask up` at once, as machines of one installation begin them: one owner, all say a link."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import Role, User
from quizapp.catalogue.models import Lab, Note
from quizapp.db import create_engine_for
from quizapp.one_at_a_time import Alone, turn
from quizapp.settings import ROOT
from tests import databases
from tests.integration.catalogue.test_import import NOTE

UP = [sys.executable, "-m", "flask", "--app", "quizapp.up", "up"]
UP_S = 60.0  # on a busy machine; it takes two
STARTS = 3
LAB = "app-cannot-reach-db"


@pytest.fixture
def empty_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / databases.SQLITE_NAME}"
        return
    with databases.own_postgresql(request.getfixturevalue("postgresql_url"), template="template0") as url:
        yield url


def test_first_starts_at_once_leave_one_owner_and_each_says_a_link(empty_url: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "content" / "labs" / LAB, tmp_path / "content" / "labs" / LAB)
    (tmp_path / "content" / "note.md").write_text(NOTE, encoding="utf-8")
    own = {"QUIZAPP_INSTANCE_DIR": str(tmp_path), "QUIZAPP_CONTENT_DIR": str(tmp_path / "content")}
    env = {**os.environ, **own, "DATABASE_URL": empty_url}
    starts = [
        subprocess.Popen(UP, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(STARTS)
    ]
    said = [start.communicate(timeout=UP_S) for start in starts]
    assert [start.returncode for start in starts] == [0] * STARTS, [errors for _, errors in said]
    assert all("/sign-in/" in link for link, _ in said)
    engine = create_engine_for(empty_url)
    with Session(engine) as db:
        assert db.scalars(select(User.name).where(User.role == Role.OWNER)).all() == ["owner"]
        assert db.scalars(select(Lab.slug)).all() == [LAB]
        assert len(db.scalars(select(Note.id)).all()) == 1
    engine.dispose()


def test_a_start_waits_for_another_one_however_long_that_takes(empty_url: str) -> None:
    """On SQLite it waited for 5 seconds and failed: on a busy machine the migrations of the first one take longer."""
    first, second = (create_engine_for(empty_url) for _ in range(2))
    begun = threading.Event()

    def start() -> None:
        with turn(second, Alone.STARTING):
            begun.set()

    other = threading.Thread(target=start)
    with turn(first, Alone.STARTING):
        other.start()
        assert not begun.wait(0.5)
    other.join(UP_S)
    assert begun.is_set()
    for engine in (first, second):
        engine.dispose()
