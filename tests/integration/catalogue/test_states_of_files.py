"""Schedules that a file has of its cards go to the questions that stand in their places."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from quizapp.catalogue.importing.reading import ReadFiles, read_all
from quizapp.catalogue.importing.sent_rows import learnt_of
from quizapp.catalogue.importing.service import import_content
from tests.integration.catalogue.test_import import by_prompt, edit

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DECK = "#flashcards\n\n# Bridges\n\n"
CARD = "bridge :: a switch <!--SR:!2026-12-01,12,250-->\n"


def test_a_question_that_only_the_browser_has_gets_no_schedule_of_another(db: Session, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text(f"{DECK}veth :: a cable\n\n{CARD}")
    import_content(db, tmp_path, now=NOON)
    edit(db, by_prompt(db, "veth"), answer="A cable with two ends.")
    (tmp_path / "deck.md").write_text(DECK + CARD)
    import_content(db, tmp_path, now=NOON)
    read_all(found := ReadFiles(), tmp_path, root=tmp_path)
    assert set(learnt_of(db, found.notes)) == {by_prompt(db, "bridge").id}
