"""An editor settles in the browser what both the file and the browser have changed."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Question, QuestionEdit
from quizapp.catalogue.store.question_store import as_json, served
from tests.web.pages import send

ClientAs = Callable[..., FlaskClient]
NOTE = "# Ports\n\n## Questions\n1.  **Q: Who gives an address?** <!-- id: q-who -->\n    *   *A:* The engine.\n"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def disputed(sessions: sessionmaker[Session], tmp_path: Path) -> str:
    """The address of a question that says another thing in its file, and another one here."""
    with sessions() as db:
        (tmp_path / "a.md").write_text(NOTE)
        import_content(db, tmp_path, now=NOON)
        question = db.scalars(select(Question).where(Question.key == "q-who")).one()
        question.base, question.edited, question.answer = as_json(served(question)), True, "The address manager."
        db.flush()
        (tmp_path / "a.md").write_text(NOTE.replace("The engine.", "The daemon."))
        import_content(db, tmp_path, now=NOON)
        db.commit()
    return "/content/questions/q-who"


@pytest.mark.parametrize(("take", "answer"), [("file", "The daemon."), ("database", "The address manager.")])
def test_each_version_is_shown_and_one_is_taken(
    client_as: ClientAs, sessions: sessionmaker[Session], disputed: str, take: str, answer: str
) -> None:
    client = client_as("editor")
    page = client.get(disputed).text
    assert all(f">{text}<" in page for text in ("The engine.", "The daemon.", "The address manager."))
    assert "changed in the file too" in page
    after = send(client, disputed, f"{disputed}/settle", take=take).text
    assert "Changed in the file and here" not in after
    with sessions() as db:
        assert db.scalars(select(Question.answer).where(Question.key == "q-who")).one() == answer
        assert len(db.scalars(select(QuestionEdit)).all()) == (1 if take == "file" else 0)
