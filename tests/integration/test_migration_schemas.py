"""Migrations make the whole schema that the models say, and each step down and up again makes what was there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from quizapp import sqlite
from quizapp.db import Base
from quizapp.web.database import alembic
from tests.conftest import make_settings, opened_app
from tests.schemas import Schema, differences, schema_of

PLAIN = "CREATE TABLE a (id INTEGER PRIMARY KEY, name TEXT); CREATE INDEX i ON a (name)"


@pytest.fixture
def engine(own_engine: Engine) -> Engine:
    """An engine on a database of the test's own, whose tables it may change."""
    return own_engine


@pytest.fixture
def migrated(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    with opened_app(make_settings(tmp_path, database_url)) as app, app.app_context():
        yield app


def schema(engine: Engine) -> Schema:
    with engine.connect() as connection:
        return schema_of(connection)


def test_the_migrations_make_what_the_models_make(migrated: Flask, engine: Engine) -> None:
    by_migrations = schema(engine)
    alembic.downgrade("base")
    Base.metadata.create_all(engine)
    assert differences(by_migrations, schema(engine)) == {}


def test_each_step_down_and_up_again_makes_the_same_schema(migrated: Flask, engine: Engine) -> None:
    revisions = [script.revision for script in alembic.log()]
    schemas = {revisions[0]: schema(engine)}
    for below in [*revisions[1:], "base"]:
        alembic.downgrade(below)
        schemas[below] = schema(engine)
    assert schemas["base"] == {}
    for revision in reversed(revisions):
        alembic.upgrade(revision)
        assert differences(schemas[revision], schema(engine)) == {}, f"{revision} after down and up"


@pytest.mark.parametrize(
    ("sign", "changed"),
    [
        ("name TEXT", "name TEXT COLLATE NOCASE"),
        ("name TEXT", "name TEXT CHECK (name <> '')"),
        ("name TEXT", "name TEXT DEFAULT 'x'"),
        ("PRIMARY KEY", "PRIMARY KEY AUTOINCREMENT"),
        ("name TEXT)", "name TEXT) STRICT"),
        ("(name)", "(name DESC)"),
        ("(name)", "(lower(name))"),
        ("(name)", "(name) WHERE name <> ''"),
        ("ON a (name)", "ON a (name); CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT 1; END"),
    ],
)
def test_what_a_rebuild_may_lose_makes_a_difference(sign: str, changed: str) -> None:
    schemas = []
    for script in (PLAIN, PLAIN.replace(sign, changed)):
        with create_engine("sqlite://", module=sqlite.DRIVER).connect() as connection:
            for statement in re.split(r"; (?=CREATE)", script):
                connection.execute(text(statement))
            schemas.append(schema_of(connection))
    assert differences(*schemas) != {}
