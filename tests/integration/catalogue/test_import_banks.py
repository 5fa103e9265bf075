"""Files of other tools beside notes: each becomes a note, and a faulty one leaves the rest."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.importing.service import import_content, import_paths
from quizapp.catalogue.models import Note, Question, QuestionKind

NOW = datetime(2026, 11, 29, tzinfo=UTC)
AIKEN = "Which port?\nA. 80\nB. 443\nANSWER: B\n"


def test_a_bank_becomes_a_note(db: Session, tmp_path: Path) -> None:
    (tmp_path / "dns.gift").write_text("$CATEGORY: Net\n\nWhich port? {=53 ~80}\n", encoding="utf-8")
    (report,) = import_content(db, tmp_path, now=NOW)
    assert (report.convention, report.questions, report.answered) == ("GIFT", 1, 1)
    assert db.scalars(select(Note.title)).all() == ["dns"]
    assert db.scalars(select(Question.kind)).all() == [QuestionKind.SINGLE]


def test_a_bank_that_is_imported_again_changes_nothing(db: Session, tmp_path: Path) -> None:
    (tmp_path / "cards.tsv").write_text("front\tback\nRPO\tloss\n", encoding="utf-8")
    import_content(db, tmp_path, now=NOW)
    (again,) = import_content(db, tmp_path, now=NOW)
    assert again.changes.total == 0


def test_a_faulty_bank_leaves_the_rest(db: Session, tmp_path: Path) -> None:
    (tmp_path / "a.apkg").write_bytes(b"no package")
    (tmp_path / "b.xml").write_text("<html/>", encoding="utf-8")
    (tmp_path / "c.gift").write_text("Up? {T}\n", encoding="utf-8")
    reports = import_content(db, tmp_path, now=NOW)
    assert [report.questions for report in reports] == [0, 0, 1]
    assert "cannot be unpacked" in (reports[0].error or "")
    assert (reports[1].error, len(reports[1].warnings)) == (None, 1)  # any XML may lie in a folder


def test_a_text_file_that_is_named_is_read_as_what_it_is(db: Session, tmp_path: Path) -> None:
    path = tmp_path / "quiz.txt"
    path.write_text(AIKEN, encoding="utf-8")
    (report,) = import_paths(db, [path], root=tmp_path, now=NOW)
    assert (report.convention, report.answered) == ("Aiken", 1)


def tags_of(db: Session) -> dict[str, list[str]]:
    """The tags of each question, by what it asks."""
    return {one.prompt: sorted(tag.name for tag in one.tags) for one in db.scalars(select(Question))}


def test_the_tags_of_a_row_are_those_of_its_question(db: Session, tmp_path: Path) -> None:
    table = tmp_path / "ports.csv"
    table.write_text("question,answer,tags\nDNS?,53,net dns\nSSH?,22,\n", encoding="utf-8")
    import_content(db, tmp_path, now=NOW)
    assert tags_of(db) == {"DNS?": ["dns", "net"], "SSH?": []}
    table.write_text("question,answer,tags\nDNS?,53,dns\nSSH?,22,shell\n", encoding="utf-8")
    import_content(db, tmp_path, now=NOW)
    assert tags_of(db) == {"DNS?": ["dns"], "SSH?": ["shell"]}
