"""What revision 0011 makes of times, UUIDs and words: the same in fewer bytes, and what they were when it is undone."""

from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text

from quizapp.review import models
from quizapp.settings import ROOT
from quizapp.web.database import alembic
from tests.conftest import make_settings, opened_app
from tests.filled import fill

TIMES = {  # each text in its place of the table, and the microseconds since 1970 that it says
    "2026-11-29 08:30:00.000001": 1_795_941_000_000_001,
    "1970-01-01 00:00:00.000000": 0,
    "1969-12-31 23:59:59.999999": -1,
    "0001-01-01 00:00:00.000000": -62_135_596_800_000_000,
    "9999-12-31 23:59:59.999999": 253_402_300_799_999_999,
}


@pytest.fixture
def below(tmp_path: Path) -> Iterator[Flask]:
    """An application with a SQLite database at the revision before, with rows in every table."""
    with opened_app(make_settings(tmp_path)) as app, app.app_context():
        alembic.upgrade("0010")
        with app.extensions["engine"].begin() as connection:
            fill(connection)
        yield app


def migration() -> Any:
    spec = spec_from_file_location("compact_rows", ROOT / "migrations" / "0011_compact_rows.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def times(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT until FROM failed_sign_ins ORDER BY key")))


def store_times(connection: Connection) -> None:
    connection.execute(text("DELETE FROM failed_sign_ins"))
    rows = [{"key": str(number), "until": until} for number, until in enumerate(TIMES)]
    connection.execute(text("INSERT INTO failed_sign_ins (key, count, until) VALUES (:key, 1, :until)"), rows)


def test_times_stay_the_same_to_the_microsecond(below: Flask) -> None:
    engine = below.extensions["engine"]
    with engine.begin() as connection:
        store_times(connection)
    alembic.upgrade("0011")
    assert times(engine) == list(TIMES.values())
    alembic.downgrade("0010")
    assert times(engine) == list(TIMES)


def test_ids_of_cards_are_the_bytes_of_what_they_were(below: Flask) -> None:
    engine = below.extensions["engine"]
    statement = text("SELECT id, phase FROM card ORDER BY id")
    with engine.connect() as connection:
        before = connection.execute(statement).all()
    alembic.upgrade("0011")
    with engine.connect() as connection:
        after = connection.execute(statement).all()
    words = {phase.value: code for phase, code in models.PHASES.items()}
    assert after == [(bytes.fromhex(id), words[phase]) for id, phase in before]


def test_an_unknown_word_stops_the_migration_and_changes_nothing(below: Flask) -> None:
    engine = below.extensions["engine"]
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.execute(text("UPDATE card SET phase = 'unheard of'"))
    with pytest.raises(Exception, match=r"NOT NULL|CHECK"):
        alembic.upgrade("0011")
    with engine.connect() as connection:
        assert set(connection.scalars(text("SELECT phase FROM card"))) == {"unheard of"}


def test_the_words_of_the_migration_are_those_of_the_models() -> None:
    said = migration()
    for codes, words in (
        (models.PHASES, said.PHASES),
        (models.SOURCES, said.SOURCES),
        (models.OUTCOMES, said.OUTCOMES),
    ):
        now = {kind.value: code for kind, code in codes.items()}
        assert words.items() <= now.items()  # words that were added since had no rows then
