"""Migrations on real databases: they make what the models say, they go down and up again, and keep the rows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from quizapp.db import Base, create_engine_for
from quizapp.labs.runs.events import EventKind
from quizapp.web.database import DatabaseNewer, alembic, is_migrated
from tests.conftest import make_settings, opened_app


@pytest.fixture
def migrated(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    with opened_app(make_settings(tmp_path, database_url)) as app, app.app_context():
        yield app


def test_the_migrations_make_what_the_models_say(migrated: Flask) -> None:
    assert is_migrated()
    assert alembic.compare_metadata() == []


def test_partial_indexes_have_the_conditions_of_the_models(migrated: Flask) -> None:
    engine = migrated.extensions["engine"]
    key = f"{engine.dialect.name}_where"
    with engine.connect() as connection:
        stored = [index for found in inspect(connection).get_multi_indexes().values() for index in found]
    found = {index["name"]: index["dialect_options"][key] for index in stored if key in index["dialect_options"]}
    indexes = [index for table in Base.metadata.tables.values() for index in table.indexes]
    said = {index.name: index.kwargs[key] for index in indexes if index.kwargs.get(key) is not None}
    assert len(said) >= 5
    assert {name: re.sub("[()]", "", str(where)) for name, where in found.items()} == {
        name: str(where) for name, where in said.items()
    }


def test_every_migration_goes_down_and_up_again(migrated: Flask, database_url: str) -> None:
    alembic.downgrade("base")
    engine = create_engine_for(database_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    alembic.upgrade()
    assert is_migrated()
    engine.dispose()


def test_an_old_version_leaves_a_newer_database_alone(migrated: Flask) -> None:
    with migrated.extensions["engine"].begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNewer, match="at revision 9999, which this version does not know"):
        is_migrated()


def test_every_kind_of_event_can_be_stored(migrated: Flask) -> None:
    checks = inspect(migrated.extensions["engine"]).get_check_constraints("lab_event")
    (check,) = [check["sqltext"] for check in checks if check["name"] == "ck_lab_event_event_kind"]
    assert [kind for kind in EventKind if f"'{kind}'" not in check] == []


def test_a_review_of_nobody_is_refused_by_the_database(migrated: Flask, database_url: str) -> None:
    """Foreign keys hold on SQLite too, where they are off unless each connection asks for them."""
    engine = migrated.extensions["engine"]
    statement = text(
        "INSERT INTO sign_in (token_hash, user_id, created_at, expires_at, device, by_link) "
        "VALUES ('x', '00000000000000000000000000000000', '2026-01-01', '2026-01-02', '', false)"
    )
    with engine.connect() as connection, pytest.raises(Exception, match=r"(?i)foreign key"):
        connection.execute(statement)


def test_the_database_is_safe_by_default(migrated: Flask, database: str) -> None:
    engine = migrated.extensions["engine"]
    if database != "sqlite":
        assert engine.dialect.driver == "psycopg"
        return
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert (pragmas["journal_mode"], pragmas["synchronous"]) in {("delete", 3), ("wal", 2)}  # EXTRA, or FULL with WAL
    assert pragmas["foreign_keys"] == 1
    assert pragmas["busy_timeout"] == 5000
