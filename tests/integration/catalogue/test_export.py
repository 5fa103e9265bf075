"""Questions of the catalogue, brought out."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.exporting.export import ExportFormat, export
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Note
from quizapp.catalogue.packages.anki_package import read, read_package
from quizapp.errors import NotFound

NOW = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.fixture
def bank(db: Session, tmp_path: Path) -> Path:
    (tmp_path / "dns.gift").write_text("Which port? {=53 ~80}\n\nWhy? {####So.}\n\nDraft? {}\n", encoding="utf-8")
    import_content(db, tmp_path, now=NOW)
    return tmp_path


def test_gift_that_is_exported_and_imported_in_its_place_changes_no_question(db: Session, bank: Path) -> None:
    text = export(db, form=ExportFormat.GIFT, now=NOW).data.decode()
    (bank / "dns.gift").write_text(text, encoding="utf-8")
    (report,) = import_content(db, bank, now=NOW)
    assert (report.changes.added, report.questions) == (0, 2)  # the draft is not asked, so not written


def test_json_has_everything_that_is_asked(db: Session, bank: Path) -> None:
    (note,) = json.loads(export(db, form=ExportFormat.JSON, now=NOW).data)
    assert [question["prompt"] for question in note["questions"]] == ["Which port?", "Why?"]


def test_notes_can_be_chosen(db: Session, bank: Path) -> None:
    (bank / "tcp.gift").write_text("Which flag? {=SYN ~FIN}\n", encoding="utf-8")
    import_content(db, bank, now=NOW)
    key = db.scalar(select(Note.key).where(Note.path == "tcp.gift"))
    (note,) = json.loads(export(db, form=ExportFormat.JSON, note_keys=[str(key)], now=NOW).data)
    assert [question["prompt"] for question in note["questions"]] == ["Which flag?"]


def test_a_note_that_is_not_there_is_told(db: Session, bank: Path) -> None:
    with pytest.raises(NotFound, match="No note has the id other"):
        export(db, form=ExportFormat.JSON, note_keys=["other"], now=NOW)


def test_a_package_is_read_again_with_ids_and_places(db: Session, bank: Path) -> None:
    """genanki 0.13.1 puts each card in place 0 unless it is told."""
    data = export(db, form=ExportFormat.APKG, now=NOW).data
    made = read_package(data)
    assert [card.due for card in made.cards] == [1, 2]
    keys = [
        question["key"] for question in json.loads(export(db, form=ExportFormat.JSON, now=NOW).data)[0]["questions"]
    ]
    assert [note.guid for note in made.notes] == keys
    assert [question.key for question in read(data, "again").questions] == keys
