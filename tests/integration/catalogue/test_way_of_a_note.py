"""How far a reader has to go to follow one note, from its file to the rows of its questions."""

from datetime import UTC, datetime
from pathlib import Path
from shutil import copy

from sqlalchemy.orm import Session, configure_mappers

from quizapp.catalogue.importing import service
from quizapp.settings import ROOT
from tests.tracing import followed

MODULES_MOST = 14
# Reading Markdown has a door of its own, `parse_note`: behind it each convention is a file, and all are asked in turn.
READER = "catalogue/formats/markdown/"
DOOR = f"{READER}parser.py"
# Who follows a note reads the one of its own way to write, and to write questions.
DETECTORS = (f"{READER}conventions/", f"{READER}as_meant/")
# What counts as Markdown, for pages too.
GRAMMAR = ("catalogue/html/extended_markdown.py", "catalogue/html/markdown_html.py")
STEPS_MOST = 25  # of reading Markdown (decision 35), each of which can be read without the others
NOON = datetime(2026, 11, 28, 11, tzinfo=UTC)


def test_a_note_passes_through_few_files(db: Session, tmp_path: Path) -> None:
    copy(ROOT / "content" / "notes" / "docker-networking.md", tmp_path)
    configure_mappers()  # once a process, with the first query; it is not on the way
    with followed(service.import_content) as way:
        reports = service.import_content(db, tmp_path, now=NOON)
    assert sum(report.questions for report in reports) > 0
    outside = [module for module in way.modules if module == DOOR or not module.startswith((READER, *GRAMMAR))]
    assert len(outside) <= MODULES_MOST, "\n".join(outside)
    reading = [module for module in way.modules if module.startswith((READER, *GRAMMAR))]
    steps = [module for module in reading if not module.startswith(DETECTORS)]
    assert len(steps) <= STEPS_MOST, "\n".join(steps)
