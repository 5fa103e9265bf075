"""A file that has not changed is not parsed again, as long as nothing else makes its import change something."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.importing import reading
from quizapp.catalogue.importing.last_import import catalogue_fingerprint
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Concept, Note, Question
from quizapp.catalogue.store.import_run import FileReport
from tests.integration.catalogue.test_import import NOTE, by_prompt, edit, total

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
GIFT = "::one:: Which port has DNS? {=53 ~80}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with two notes and a bank."""
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "a.md").write_text(NOTE, encoding="utf-8")
    (folder / "b.md").write_text("# Other\n\n1. **Q: Something else?**\n    * *A:* Yes.\n", encoding="utf-8")
    (folder / "c.gift").write_text(GIFT, encoding="utf-8")
    return folder


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are parsed from now on."""
    names: list[str] = []
    real = reading._parse

    def noted(found: reading.ReadFiles, file: reading.ContentFile, name: str, data: bytes) -> None:
        names.append(name)
        real(found, file, name, data)

    monkeypatch.setattr(reading, "_parse", noted)
    return names


def run(db: Session, folder: Path, program: str = "1.0") -> list[FileReport]:
    reports = import_content(db, folder, now=NOON, program=program)
    db.expire_all()
    return reports


def test_an_unchanged_file_is_not_parsed_and_says_the_same(db: Session, folder: Path, parsed: list[str]) -> None:
    first = run(db, folder)
    parsed.clear()
    again = run(db, folder)
    assert parsed == []
    assert (total(first), total(again)) == (11, 0)
    assert [one.repeated() for one in first] == again


def test_beside_a_changed_file_the_others_are_not_parsed(db: Session, folder: Path, parsed: list[str]) -> None:
    run(db, folder)
    parsed.clear()
    (folder / "a.md").write_text(NOTE.replace("It switches.", "It forwards."), encoding="utf-8")
    assert total(run(db, folder)) == 2
    assert parsed == ["a.md"]


def test_another_program_parses_again(db: Session, folder: Path, parsed: list[str]) -> None:
    run(db, folder)
    parsed.clear()
    run(db, folder, program="1.1")
    assert parsed == ["a.md", "b.md", "c.gift"]


@pytest.mark.parametrize(
    "change",
    [
        lambda db: edit(db, by_prompt(db, "Who gives"), answer="The address manager."),
        lambda db: edit(db, by_prompt(db, "Who gives"), tags=[]),
        lambda db: setattr(by_prompt(db, "Which of these").choices[0], "why", "by hand"),
        lambda db: setattr(by_prompt(db, "Who gives"), "retired_at", NOON),
        lambda db: db.delete(by_prompt(db, "Who gives")),
        lambda db: db.delete(db.scalars(select(Concept)).first()),
        lambda db: setattr(db.scalars(select(Note).where(Note.path == "a.md")).one(), "retired_at", NOON),
    ],
    ids=["edited", "tags", "option", "question retired", "question deleted", "concept deleted", "note retired"],
)
def test_a_note_whose_rows_have_changed_is_parsed(
    change: Callable[[Session], object], db: Session, folder: Path, parsed: list[str]
) -> None:
    run(db, folder)
    parsed.clear()
    change(db)
    db.flush()
    run(db, folder)
    run(db, folder)
    assert parsed == ["a.md"]


def test_a_note_is_parsed_from_which_another_file_takes_a_question(
    db: Session, folder: Path, parsed: list[str]
) -> None:
    run(db, folder)
    parsed.clear()
    key = by_prompt(db, "Who gives").key
    (folder / "b.md").write_text(f"# Other\n\n1. **Q: Who gives?** <!-- id: {key} -->\n    * *A:* It.\n")
    run(db, folder)
    assert parsed == ["b.md", "a.md"]
    path = select(Note.path).join(Question, Question.note_id == Note.id).where(Question.key == key)
    assert db.scalars(path).one() == "b.md"
    assert by_prompt(db, "Who gives a container").key != key


def test_a_conflict_is_said_each_time(db: Session, folder: Path) -> None:
    run(db, folder)
    edit(db, by_prompt(db, "Who gives"), answer="The address manager.")
    (folder / "a.md").write_text(NOTE.replace("*A:* The engine.", "*A:* The daemon."))
    for _ in range(2):
        assert "browser's version is kept" in run(db, folder)[0].warnings[0].message


def test_a_change_in_the_middle_of_a_long_text_is_noticed(db: Session, folder: Path, parsed: list[str]) -> None:
    """SQLAlchemy 2.1.9 shows a row with 300 characters of each text (`_repr_row`), so `repr(row)` is no fingerprint."""
    (folder / "b.md").write_text(f"# Other\n\n1. **Q: Long?**\n    * *A:* {'word ' * 200}once {'word ' * 200}\n")
    run(db, folder)
    was = catalogue_fingerprint(db)
    parsed.clear()
    question = by_prompt(db, "Long")
    question.answer = question.answer.replace("once", "more")
    db.flush()
    assert catalogue_fingerprint(db) != was
    run(db, folder)
    assert parsed == ["b.md"]
