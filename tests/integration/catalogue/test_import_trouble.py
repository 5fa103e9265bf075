"""Odd folders, and an import that is killed: each fault is one line, and what could be taken stays."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Lab, Note, Question
from quizapp.db import Base
from tests.integration.catalogue.test_import import CONTENT, NOTE
from tests.integration.catalogue.test_import_in_turns import rate  # noqa: F401 - a fixture
from tests.unit.catalogue.test_content_files import closed

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
LAB = Path("labs") / "publish-or-publish-all"
Sessions = sessionmaker[Session]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with two notes, one of them in a folder, and a lab."""
    folder = tmp_path / "content"
    (folder / "closed").mkdir(parents=True)
    (folder / "a.md").write_text(NOTE, encoding="utf-8")
    (folder / "closed" / "b.md").write_text(NOTE.replace("Day 3", "Day 4"), encoding="utf-8")
    shutil.copytree(CONTENT / LAB, folder / LAB)
    return folder


def test_every_odd_name_is_one_line_and_json_stays_json(app: Flask, folder: Path) -> None:
    (folder / "self.md").symlink_to(folder / "self.md")
    (folder / "one.md").symlink_to(folder / "two.md")
    (folder / "two.md").symlink_to(folder / "one.md")
    (folder / "new\nline.md").write_text("# T\n")
    Path(os.fsdecode(bytes(folder) + b"/latin\xe9.md")).write_text("# T\n")
    result = app.test_cli_runner().invoke(args=["content", "import", str(folder), "--json"])
    reports = json.loads(result.stdout)
    assert [Path(one["path"]).name for one in reports if "error" in one] == [
        "latin\\xe9.md",
        "new\\nline.md",
        "one.md",
        "self.md",
        "two.md",
    ]
    assert len([one for one in reports if "error" not in one]) == 3
    said = app.test_cli_runner().invoke(args=["content", "import", str(folder)])
    assert len([line for line in said.stdout.splitlines() if "not imported" in line]) == 5 + 1  # and the sum


def test_what_lies_in_a_folder_that_may_not_be_read_is_not_gone(
    db: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_content(db, folder, now=NOON)
    (folder / "a.md").unlink()
    closed(monkeypatch, folder / "closed")
    reports = {Path(one.path).name: one for one in import_content(db, folder, now=NOON)}
    db.expire_all()
    assert reports["closed"].error is not None
    live = db.scalars(select(Note.path).where(Note.retired_at.is_(None))).all()
    assert (live, reports["a.md"].gone) == (["closed/b.md"], True)


def test_no_lab_is_taken_away_while_a_folder_may_not_be_read(
    db: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_content(db, folder, now=NOON)
    closed(monkeypatch, folder / "labs")
    import_content(db, folder, now=NOON)
    assert db.scalars(select(Lab.retired_at)).all() == [None]


class Killed(BaseException):
    """What a process is ended by, which nothing catches."""


def state(sessions: Sessions) -> dict[str, tuple[int, int]]:
    """How many questions, and live ones, each note has."""
    with sessions() as db:
        asked = func.count(Question.id), func.count().filter(Question.id.is_not(None), Question.retired_at.is_(None))
        rows = db.execute(
            select(Note.path, *asked).outerjoin(Question, Question.note_id == Note.id).group_by(Note.path)
        )
        return {path: (count, live) for path, count, live in rows}


def test_killed_at_any_statement_each_file_is_as_before_or_finished(
    folder: Path, engine: Engine, sessions: Sessions
) -> None:
    (folder / "closed").rename(folder / "b")
    shutil.rmtree(folder / "labs")
    before: dict[str, tuple[int, int]] = {}
    finished = {"a.md": (4, 4), "b/b.md": (4, 4)}
    left = 0

    def count(*_given: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed

    seen = []
    for statements in range(0, 80, 4):
        left = statements
        event.listen(engine, "before_cursor_execute", count)
        try:
            with sessions() as db:
                import_content(db, folder, now=NOON, settle=db.commit, program="1.0")
        except Killed:
            pass
        finally:
            event.remove(engine, "before_cursor_execute", count)
        seen.append(state(sessions))
    assert all(one.items() <= finished.items() for one in seen)
    assert before in seen
    assert {"a.md": (4, 4)} in seen
    assert state(sessions) == finished


def test_an_import_leaves_what_was_learnt_alone(
    folder: Path,
    sessions: Sessions,
    rate: Callable[[], None],  # noqa: F811
) -> None:
    tables = [Base.metadata.tables[name] for name in ("review_log", "card", "day_tally")]

    def learnt(db: Session) -> list[object]:
        return [db.execute(select(table)).all() for table in tables]

    rate()
    rate()
    with sessions() as db:
        was = learnt(db)
        import_content(db, folder, now=NOON, settle=db.commit)
        (folder / "a.md").write_text(NOTE.replace("Who gives", "Who assigns"), encoding="utf-8")
        (folder / "closed" / "b.md").unlink()
        import_content(db, folder, now=NOON, settle=db.commit)
        assert learnt(db) == was
    assert len(was[0]) == 2  # type: ignore[arg-type]
