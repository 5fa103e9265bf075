"""Questions of the catalogue, brought out."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from quizapp.catalogue.export import ExportFormat, export
from quizapp.catalogue.service import import_content

NOW = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.fixture
def bank(db: Session, tmp_path: Path) -> Path:
    (tmp_path / "dns.gift").write_text("Which port? {=53 ~80}\n\nWhy? {####So.}\n\nDraft? {}\n", encoding="utf-8")
    import_content(db, tmp_path, now=NOW)
    return tmp_path


def test_gift_that_is_exported_and_imported_in_its_place_changes_no_question(db: Session, bank: Path) -> None:
    text = export(db, form=ExportFormat.GIFT).text
    (bank / "dns.gift").write_text(text, encoding="utf-8")
    (report,) = import_content(db, bank, now=NOW)
    assert (report.changes.added, report.questions) == (0, 2)  # the draft is not asked, so not written


def test_json_has_everything_that_is_asked(db: Session, bank: Path) -> None:
    (note,) = json.loads(export(db, form=ExportFormat.JSON).text)
    assert [question["prompt"] for question in note["questions"]] == ["Which port?", "Why?"]


def test_notes_can_be_chosen(db: Session, bank: Path) -> None:
    assert json.loads(export(db, form=ExportFormat.JSON, note_keys=["other"]).text) == []
