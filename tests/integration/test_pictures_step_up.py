"""The migration that keeps which note shows which picture finds those of the notes that are there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from quizapp.clock import now
from quizapp.web.database import alembic, get_db
from tests.builders import a_note, a_question
from tests.conftest import make_settings, opened_app

NAMES = [f"{number:064x}.png" for number in range(4)]


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    with opened_app(make_settings(tmp_path, database_url)) as app, app.app_context():
        yield app


def test_a_step_up_finds_the_pictures_of_the_texts(app: Flask) -> None:
    db = get_db()
    question = a_question(db, note=(note := a_note(db)))
    note.sections[0].html = f'<img src="/pictures/{NAMES[0]}"><img src="/pictures/{NAMES[1]}">'
    question.answer, question.must = f"![x](picture:{NAMES[1]})", [f"![x](picture:{NAMES[2]})"]
    question.choices[0].why, question.retired_at = f"![x](picture:{NAMES[3]})", now()
    db.commit()
    alembic.downgrade("0026")
    alembic.upgrade()
    rows = get_db().execute(text("SELECT address, name, size FROM note_picture ORDER BY name")).all()
    assert [tuple(row) for row in rows] == [(f"picture:{name}", name, 0) for name in NAMES]
