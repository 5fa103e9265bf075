"""A PostgreSQL database that cannot hold every text is refused before anything is written to it."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from quizapp.db import create_engine_for
from quizapp.sqlite import DatabaseLost
from tests.databases import run_sql

pytestmark = pytest.mark.postgres


@pytest.fixture(params=["SQL_ASCII", "LATIN1"])
def other_encoding(request: pytest.FixtureRequest, postgresql_url: str) -> Iterator[str]:
    """The URL of an empty database of this encoding."""
    name = f"encoded_{uuid4().hex[:12]}"
    locale = "LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    run_sql(postgresql_url, f"CREATE DATABASE {name} ENCODING '{request.param}' {locale}")
    yield postgresql_url.format(database=name)
    run_sql(postgresql_url, f"DROP DATABASE {name}")


def test_one_is_refused_with_what_to_do(other_encoding: str) -> None:
    """psycopg 3.3.9 answers in bytes where the encoding is SQL_ASCII, and SQLAlchemy 2.1.9 then fails in a regular
    expression, before any of our code could say why; a database of LATIN1 opens, and refuses a note with an arrow.
    """
    engine = create_engine_for(other_encoding)
    with pytest.raises(DatabaseLost, match=r"encoding (SQL_ASCII|LATIN1), .* ENCODING 'UTF8' TEMPLATE template0"):
        engine.connect()
    engine.dispose()
