"""Below the migration that gives notes owners every note is for all: own notes are out of sight there, and not lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text

from quizapp.accounts.models import Role
from quizapp.accounts.service import add_user
from quizapp.catalogue.models import Note, Question
from quizapp.catalogue.note_paths import BROWSER, kept_path
from quizapp.clock import now
from quizapp.review.models import Card
from quizapp.review.service import add_cards
from quizapp.web.database import alembic, get_db
from tests.builders import a_note, a_question
from tests.conftest import make_settings, opened_app

OWN, FOR_ALL, RETIRED = "q-own", "q-all", "q-retired"


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    with opened_app(make_settings(tmp_path, database_url)) as app, app.app_context():
        yield app


@pytest.fixture
def owner(app: Flask) -> UUID:
    """A learner with a note of her own beside one for all, each with a card, and a question that was retired."""
    db = get_db()
    user = add_user(db, name="ada", role=Role.LEARNER, now=now())
    for key, own in ((OWN, user.id), (FOR_ALL, None)):
        note = a_note(db)
        note.path, note.owner_id = kept_path(f"{BROWSER}{key}", owner=own), own
        question = a_question(db, note=note)
        question.key = key
        add_cards(db, user=user, question_ids=[question.id], now=now())
    own_note = db.scalars(select(Note).where(Note.owner_id == user.id)).one()
    gone = a_question(db, note=own_note)
    gone.key, gone.retired_at = RETIRED, now()
    owner = user.id
    db.commit()  # and no transaction after it, for which a migration would wait
    return owner


def shown() -> dict[str, list[Any]]:
    """What a version that knows no owners would show."""
    statements = {
        "notes": "SELECT path FROM note WHERE retired_at IS NULL",
        "questions": "SELECT key FROM question WHERE NOT hidden AND retired_at IS NULL",
        "cards": "SELECT question.key FROM card JOIN question ON question.id = question_id WHERE NOT card.hidden",
    }
    db = get_db()
    found = {name: list(db.scalars(text(statement))) for name, statement in statements.items()}
    db.rollback()
    return found


def test_below_it_only_what_is_for_all_is_shown(owner: UUID) -> None:
    alembic.downgrade("0013")
    assert shown() == {"notes": [f"{BROWSER}{FOR_ALL}"], "questions": [FOR_ALL], "cards": [FOR_ALL]}
    assert get_db().scalar(text("SELECT count(*) FROM question")) == 3


def test_above_it_again_each_is_its_owners_and_what_was_retired_stays_so(owner: UUID) -> None:
    alembic.downgrade("0013")
    alembic.upgrade()
    db = get_db()
    assert {note.owner_id: note.retired_at for note in db.scalars(select(Note))} == {owner: None, None: None}
    assert sorted(one.key for one in db.scalars(select(Question)) if not one.hidden) == [FOR_ALL, OWN]
    assert [card.hidden for card in db.scalars(select(Card))] == [False, False]
