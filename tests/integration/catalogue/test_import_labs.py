"""Lab files into the catalogue."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.models import Lab, Question, QuestionKind

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOTE = "# Ports\n\n## Ports\n* **Mapping:** leads in <!-- id: c-map -->\n"
LAB = """\
id: find-it
title: Find it
summary: Look where it is.
concepts: [c-map]
level: 2
minutes: 3
task: Start `web`.
checks:
  - {name: runs, run: docker ps -q, expect: {exit: 0}, hint: Nothing runs.}
solutions:
  - {run: docker run -d nginx}
wrong:
  - {run: 'true', why: Nothing was done.}
reveal: It was here.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with a note and a lab."""
    (tmp_path / "a.md").write_text(NOTE)
    write_lab(tmp_path, LAB)
    return tmp_path


def write_lab(folder: Path, text: str, *, slug: str = "find-it") -> None:
    path = folder / "labs" / slug / "lab.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def the_lab(db: Session) -> Lab:
    db.expire_all()
    return db.scalars(select(Lab)).one()


def test_a_lab_says_which_question_it_tests_the_same_as(db: Session, folder: Path) -> None:
    write_lab(folder, LAB.replace("level: 2", "same_as: q-nowhere\nlevel: 2"))
    *_, report = import_content(db, folder, now=NOON)
    assert the_lab(db).question.same_as == "q-nowhere"
    assert "No question has the id q-nowhere" in report.warnings[0].message


def test_a_lab_that_names_itself_is_told(db: Session, folder: Path) -> None:
    write_lab(folder, LAB.replace("level: 2", "same_as: find-it\nlevel: 2"))
    *_, report = import_content(db, folder, now=NOON)
    assert "same_as names this lab itself, find-it." in report.warnings[0].message


def test_a_lab_and_its_question(db: Session, folder: Path) -> None:
    _, report = import_content(db, folder, now=NOON)
    assert (report.title, report.convention, report.questions, report.answered) == ("Find it", "lab", 1, 1)
    lab = the_lab(db)
    assert (lab.slug, lab.minutes, lab.question.key) == ("find-it", 3, "find-it")
    assert (lab.question.kind, lab.question.prompt) == (QuestionKind.LAB, "Start `web`.")
    assert (lab.question.answer, lab.question.level, lab.question.draft) == ("It was here.", 2, False)
    assert lab.question.concept is not None
    assert lab.question.concept.term == "Mapping"
    assert lab.question.note is not None
    assert LabDefinition.model_validate(lab.definition).checks[0].name == "runs"


def test_a_second_import_changes_nothing(db: Session, folder: Path) -> None:
    import_content(db, folder, now=NOON)
    reports = import_content(db, folder, now=NOON + timedelta(days=1))
    assert sum(report.changes.total for report in reports) == 0
    assert the_lab(db).question.updated_at == NOON


@pytest.mark.parametrize(
    ("old", "new", "rev"), [("Start `web`.", "Start `app`.", 2), ("exit: 0", "exit: 1", 1), ("Find it", "Find them", 1)]
)
def test_a_change_in_the_file_is_taken(db: Session, folder: Path, old: str, new: str, rev: int) -> None:
    import_content(db, folder, now=NOON)
    was = the_lab(db).question_id
    write_lab(folder, LAB.replace(old, new))
    _, report = import_content(db, folder, now=NOON + timedelta(days=1))
    assert report.changes.changed > 0
    lab = the_lab(db)
    assert (lab.question_id, lab.question.rev) == (was, rev)
    assert new.split(":")[0] in str([lab.title, lab.definition])


def test_a_broken_lab_is_reported_and_the_last_good_one_stays(db: Session, folder: Path) -> None:
    import_content(db, folder, now=NOON)
    write_lab(folder, LAB.replace("minutes: 3", "minutes: soon"))
    note, report = import_content(db, folder, now=NOON)
    assert note.error is None
    assert report.error is not None
    assert [warning.line for warning in report.warnings] == [6]
    assert the_lab(db).retired_at is None


def test_a_lab_that_is_gone_is_retired_and_may_return(db: Session, folder: Path) -> None:
    import_content(db, folder, now=NOON)
    (folder / "labs" / "find-it" / "lab.yaml").unlink()
    _, report = import_content(db, folder, now=NOON)
    assert report.changes.retired == 1
    lab = the_lab(db)
    assert lab.retired_at == lab.question.retired_at == NOON
    assert len(import_content(db, folder, now=NOON)) == 1
    write_lab(folder, LAB)
    import_content(db, folder, now=NOON)
    lab = the_lab(db)
    assert lab.retired_at is lab.question.retired_at is None


def test_a_concept_that_no_note_has_is_warned_about(db: Session, folder: Path) -> None:
    write_lab(folder, LAB.replace("[c-map]", "[c-none, c-map]"))
    _, report = import_content(db, folder, now=NOON)
    assert [warning.message for warning in report.warnings] == ["No note has the concept c-none."]
    assert the_lab(db).question.concept is not None


def test_both_sides_changed(db: Session, folder: Path) -> None:
    import_content(db, folder, now=NOON)
    question = the_lab(db).question
    question.prompt, question.edited = "Start `web` now.", True
    write_lab(folder, LAB.replace("Start `web`.", "Start `app`."))
    _, report = import_content(db, folder, now=NOON)
    assert "browser's version is kept" in report.warnings[0].message
    assert the_lab(db).question.prompt == "Start `web` now."


def test_a_name_that_a_question_has_is_refused(db: Session, folder: Path) -> None:
    text = NOTE + "\n## Questions\n1. **Q: Why?** <!-- id: find-it -->\n    * *A:* So.\n"
    (folder / "a.md").write_text(text)
    _, report = import_content(db, folder, now=NOON)
    assert report.error is not None
    assert db.scalars(select(Lab)).all() == []
    assert db.scalars(select(Question)).one().kind is QuestionKind.OPEN
