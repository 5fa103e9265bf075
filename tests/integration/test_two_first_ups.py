"""Two first `flask up` at once, as two machines of one installation begin them: one owner, and both say a link."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import Role, User
from quizapp.db import create_engine_for
from quizapp.settings import ROOT
from tests import databases

UP = [sys.executable, "-m", "flask", "--app", "quizapp.up", "up"]
UP_S = 60.0  # on a busy machine; it takes two


@pytest.fixture
def empty_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / databases.SQLITE_NAME}"
        return
    with databases.own_postgresql(request.getfixturevalue("postgresql_url"), template="template0") as url:
        yield url


def test_two_first_starts_at_once_leave_one_owner_and_each_says_a_link(empty_url: str, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    own = {"QUIZAPP_INSTANCE_DIR": str(tmp_path), "QUIZAPP_CONTENT_DIR": str(tmp_path / "content")}
    env = {**os.environ, **own, "DATABASE_URL": empty_url}
    starts = [
        subprocess.Popen(UP, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [start.communicate(timeout=UP_S) for start in starts]
    assert [start.returncode for start in starts] == [0, 0], [errors for _, errors in said]
    assert all("/sign-in/" in link for link, _ in said)
    engine = create_engine_for(empty_url)
    with Session(engine) as db:
        assert db.scalars(select(User.name).where(User.role == Role.OWNER)).all() == ["owner"]
    engine.dispose()
