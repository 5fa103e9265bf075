"""Unchanged content is not read again, and nobody can tell: what is stored and what is said are the same."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.catalogue import models
from quizapp.catalogue.importing import last_import, service
from quizapp.catalogue.importing.last_import import (
    CATALOGUE,
    catalogue_fingerprint,
    fingerprint_of,
    import_if_changed,
)
from quizapp.catalogue.importing.reading import read_sent
from quizapp.catalogue.importing.sent_notes import SentNote
from quizapp.catalogue.models import LastImport, Note, Question, Tag
from quizapp.catalogue.retirement_consent import Consent
from quizapp.catalogue.store.import_run import FileReport
from quizapp.db import Base
from tests.integration.catalogue.test_import import CONTENT, NOTE, by_prompt, edit, total

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LAB_PATH = "labs/publish-or-publish-all/lab.yaml"
LAB = (CONTENT / LAB_PATH).read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with two notes, one of which has something to warn of, a lab and a file that is no note."""
    folder = tmp_path / "content"
    lab = folder / LAB_PATH
    lab.parent.mkdir(parents=True)
    lab.write_text(LAB, encoding="utf-8")
    (folder / "a.md").write_text(NOTE, encoding="utf-8")
    (folder / "b.md").write_text(f"{NOTE.replace('Day 3', 'Day 4')}\n```\nnever closed\n", encoding="utf-8")
    (folder / "bad.md").write_bytes(b"# T\n\n\xe9\n")
    return folder


def up(db: Session, folder: Path) -> list[FileReport]:
    reports = import_if_changed(db, folder, now=NOON)
    db.expire_all()
    return reports


def reads(db: Session, folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the next start reads the folder."""
    read = []
    with monkeypatch.context() as patched:
        real = service.import_content
        patched.setattr(service, "import_content", lambda *args, **named: read.append(1) or real(*args, **named))
        up(db, folder)
    return bool(read)


def test_a_file_whose_questions_are_lost_is_held_at_each_start_until_somebody_agrees(db: Session, folder: Path) -> None:
    (folder / "b.md").unlink()  # it has the same words, so that nothing would be lost
    up(db, folder)
    asked = select(func.count()).select_from(Question).where(Question.retired_at.is_(None))
    before = db.scalar(asked) or 0
    (folder / "a.md").write_text("# Day 3: Bridges\n\nA formatter has eaten all labels.\n", encoding="utf-8")
    for _ in range(3):
        (held,) = (report for report in up(db, folder) if report.held)
        assert "NOT TAKEN" in str(held.error)
        assert "flask content import" in str(held.error)
    assert db.scalar(asked) == before
    service.import_paths(db, [folder / "a.md"], root=folder, now=NOON)
    assert not any(report.held for report in up(db, folder))
    assert (db.scalar(asked) or 0) < before


def test_what_is_left_in_a_learners_own_note_alone_is_lost(db: Session, folder: Path) -> None:
    (folder / "b.md").unlink()
    up(db, folder)
    own = read_sent([SentNote(path=None, data=NOTE.encode())], owner=uuid4())
    assert service.import_sent(db, own, now=NOON)[0].error is None
    (folder / "a.md").write_text("# Day 3: Bridges\n\nA formatter has eaten all labels.\n", encoding="utf-8")
    assert any(report.held for report in up(db, folder))


def test_a_fact_that_another_one_replaces_is_told_and_holds_nothing_back(db: Session, folder: Path) -> None:
    one = "# T\n\n## Q\n1.  **Q: Which port does PostgreSQL use?**\n    *   *A:* 5432\n"
    (folder / "a.md").write_text(one)
    up(db, folder)
    (folder / "a.md").write_text(one.replace("PostgreSQL", "MySQL").replace("5432", "3306"))
    report = up(db, folder)[0]
    assert (report.held, report.changes.added, report.changes.retired) == (0, 1, 1)
    assert "it begins anew" in report.warnings[0].message


def test_questions_that_move_to_another_file_are_not_lost(db: Session, folder: Path) -> None:
    (folder / "b.md").unlink()
    up(db, folder)
    head, _, questions = NOTE.partition("## 2.")
    (folder / "a.md").write_text(head, encoding="utf-8")
    (folder / "z.md").write_text(f"# Other\n\n## 1.{questions}", encoding="utf-8")
    assert not any(report.held for report in up(db, folder))
    assert by_prompt(db, "Who gives").retired_at is None


def test_unchanged_content_is_not_read(db: Session, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reads(db, folder, monkeypatch)
    assert not reads(db, folder, monkeypatch)
    (folder / "notes.txt").write_text("no content")
    assert not reads(db, folder, monkeypatch)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.md").write_text(NOTE.replace("It switches.", "It forwards.")),
        lambda folder: (folder / "a.md").rename(folder / "z.md"),
        lambda folder: (folder / "b.md").unlink(),
        lambda folder: (folder / "c.md").write_text("# Other\n"),
        lambda folder: (folder / "bad.md").write_bytes(b"# T\n\n\xea\n"),
        lambda folder: (folder / "labs").rename(folder / "old"),
        lambda folder: (folder / LAB_PATH).write_text(LAB.replace("level: 1", "level: 2")),
    ],
    ids=["text", "renamed", "removed", "new", "still bad", "labs gone", "lab"],
)
def test_any_change_of_a_file_is_read(
    change: Callable[[Path], object], db: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    up(db, folder)
    change(folder)
    assert reads(db, folder, monkeypatch)
    assert not reads(db, folder, monkeypatch)


@pytest.mark.parametrize(
    "change",
    [
        lambda db: edit(db, by_prompt(db, "Who gives"), answer="The address manager."),
        lambda db: edit(db, by_prompt(db, "Who gives"), tags=[]),
        lambda db: db.delete(db.scalars(select(Question)).first()),
        lambda db: setattr(db.scalars(select(Note)).first(), "retired_at", NOON),
        lambda db: db.add(Tag(name="by hand")),
        lambda db: db.delete(db.get(LastImport, 1)),
    ],
    ids=["edited", "tags", "deleted", "retired", "by hand", "forgotten"],
)
def test_any_change_of_the_catalogue_is_read(
    change: Callable[[Session], object], db: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "b.md").unlink()
    up(db, folder)
    change(db)
    db.flush()
    assert reads(db, folder, monkeypatch)
    assert not reads(db, folder, monkeypatch)


def test_another_picture_beside_a_note_is_read(db: Session, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.md").write_text(f"{NOTE}\n![A bridge](a.png)\n", encoding="utf-8")
    up(db, folder)
    for drawn in (b"one", b"two"):
        (folder / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + drawn)
        assert reads(db, folder, monkeypatch)
        assert not reads(db, folder, monkeypatch)


def test_another_program_reads_again(db: Session, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    up(db, folder)
    monkeypatch.setattr(last_import, "program_fingerprint", lambda: "of the next version")
    assert reads(db, folder, monkeypatch)


def test_what_is_said_again_is_what_reading_again_would_say(db: Session, folder: Path) -> None:
    first = up(db, folder)
    assert total(first) > 0
    known, read = up(db, folder), service.import_content(db, folder, now=NOON)
    assert known == read
    assert [len(report.warnings) for report in known] == [0, 1, 1, 3]
    assert len(first[1].warnings) == 1 + 4  # that b.md copies a.md is told once


def test_a_conflict_is_said_until_the_editor_settles_it(db: Session, folder: Path) -> None:
    (folder / "b.md").unlink()
    up(db, folder)
    edit(db, by_prompt(db, "Who gives"), answer="The address manager.")
    (folder / "a.md").write_text(NOTE.replace("*A:* The engine.", "*A:* The daemon."))
    for _ in range(3):
        assert "browser's version is kept" in up(db, folder)[0].warnings[0].message
    edit(db, by_prompt(db, "Who gives"), answer="The daemon.")
    assert up(db, folder)[0].warnings == ()
    assert not by_prompt(db, "Who gives").edited


def test_a_file_that_is_gone_is_told_once(db: Session, folder: Path) -> None:
    up(db, folder)
    (folder / "a.md").unlink()
    assert [report.gone for report in up(db, folder)] == [False, False, False, True]
    assert [Path(report.path).name for report in up(db, folder)] == ["b.md", "bad.md", "lab.yaml"]


def test_a_folder_that_is_not_there_is_told_each_time(db: Session, folder: Path) -> None:
    up(db, folder)
    folder.rename(folder.with_name("elsewhere"))
    for _ in range(2):
        assert [report.error for report in up(db, folder)] == ["There is no such file or folder. Check the path."]


def test_a_file_that_changes_while_it_is_read_is_read_again(
    db: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = service.import_content

    def slow(db: Session, path: Path, *, now: datetime, consent: Consent, program: str) -> list[FileReport]:
        (folder / "a.md").write_text(NOTE.replace("It switches.", "It forwards."))
        return real(db, path, now=now, consent=consent, program=program)

    monkeypatch.setattr(service, "import_content", slow)
    up(db, folder)
    monkeypatch.undo()
    (folder / "a.md").write_text(NOTE)
    assert reads(db, folder, monkeypatch)


def test_the_fingerprint_sees_every_table_of_the_catalogue() -> None:
    ours = [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__module__.startswith(models.__name__)]
    tables = {model.__tablename__ for model in ours} | {"question_tag"}
    assert tables == {table.name for table in CATALOGUE} | {
        "last_import",
        "note_import",
        "content_deed",
        "question_edit",
        "note_edit",
        "editor_note",
        "editor_tag",
        "sent_picture",
        "catalogue_version",
        "section_change",
        "stale_question",
        "note_draft",
    }  # read by no import


def test_the_program_is_its_code_and_its_libraries(tmp_path: Path) -> None:
    (tmp_path / "quizapp" / "deep").mkdir(parents=True)
    seen = {fingerprint_of(tmp_path)}
    for name in ("quizapp/a.py", "quizapp/deep/b.py", "requirements.txt"):
        (tmp_path / name).write_text("one")
        seen.add(fingerprint_of(tmp_path))
    assert len(seen) == 4


def test_the_catalogue_is_the_same_on_each_look(db: Session, folder: Path) -> None:
    up(db, folder)
    assert catalogue_fingerprint(db) == catalogue_fingerprint(db)
