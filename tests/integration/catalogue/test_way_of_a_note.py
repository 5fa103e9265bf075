"""How far a reader has to go to follow one note, from its file to the rows of its questions."""

from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

from sqlalchemy.orm import Session

from quizapp.catalogue import service
from quizapp.settings import ROOT
from tests.tracing import followed

# Most of them are the steps of `formats/markdown` (decision 35), each of which can be read without the others.
MODULES_MOST = 29
DETECTORS = "catalogue/formats/markdown/conventions/"  # one a way to write questions; who follows a note reads its own
NOON = datetime(2026, 11, 28, 11, tzinfo=UTC)


def test_a_note_passes_through_few_files(db: Session, tmp_path: Path) -> None:
    copytree(ROOT / "content" / "notes", tmp_path / "notes")
    with followed(service.import_content) as way:
        reports = service.import_content(db, tmp_path, now=NOON)
    assert sum(report.questions for report in reports) > 0
    detectors = [module for module in way.modules if module.startswith(DETECTORS)]
    assert len(way.modules) - len(detectors) + 1 <= MODULES_MOST, way.modules
