"""How UUIDs, times and words are stored: as little as each database needs, and read back as what they were."""

import re
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import DateTime, Engine, Uuid, inspect, literal, select
from sqlalchemy.exc import StatementError

from quizapp.column_types import CompactUuid, UtcDateTime
from quizapp.db import Base
from quizapp.review.models import Card, ReviewLog
from quizapp.settings import ROOT

ODD = UUID("00ff27c3-0000-4000-8000-00000000ff00")  # bytes that are no text: zeros, and no UTF-8
TIMES = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 11, 29, 8, 30, 0, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]
BARE = re.compile(r"^\s*(?:from sqlalchemy\S* import .*)?\b(Uuid|DateTime)\b,?", re.MULTILINE)


@pytest.fixture
def engine(own_engine: Engine) -> Engine:
    return own_engine


def read_back(engine: Engine, value: Any, kind: Any, *, literal_execute: bool = False) -> Any:
    statement = select(literal(value, kind, literal_execute=literal_execute))
    with engine.connect() as connection:
        return connection.execute(statement).scalar_one()


@pytest.mark.parametrize("moment", TIMES)
def test_a_time_is_read_back_to_the_microsecond(engine: Engine, moment: datetime) -> None:
    assert read_back(engine, moment, UtcDateTime()) == moment


def test_a_time_of_another_zone_is_the_same_time(engine: Engine) -> None:
    there = TIMES[3].astimezone(timezone(timedelta(hours=-11, minutes=30)))
    found = read_back(engine, there, UtcDateTime())
    assert (found, found.utcoffset()) == (TIMES[3], timedelta(0))


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        read_back(engine, datetime(2026, 1, 1), UtcDateTime())  # noqa: DTZ001


@pytest.mark.parametrize("in_the_statement", [False, True])
def test_a_uuid_is_read_back(engine: Engine, in_the_statement: bool) -> None:
    """Written into the statement, too, where SQLAlchemy 2.1.9 makes a text of bytes, or fails if they are no UTF-8."""
    assert read_back(engine, ODD, CompactUuid(), literal_execute=in_the_statement) == ODD


@pytest.mark.parametrize("kind", [CompactUuid(), UtcDateTime()])
def test_nothing_stays_nothing(engine: Engine, kind: Any) -> None:
    assert read_back(engine, None, kind) is None


def test_on_sqlite_a_uuid_is_bytes_and_a_time_a_number(engine: Engine) -> None:
    kinds = {column["name"]: str(column["type"]) for column in inspect(engine).get_columns("review_log")}
    own = {"sqlite": ["BLOB", "BLOB", "BIGINT"], "postgresql": ["UUID", "UUID", "TIMESTAMP"]}
    assert [kinds[name] for name in ("id", "card_id", "reviewed_at")] == own[engine.dialect.name]


@pytest.mark.parametrize("value", [ODD, TIMES[3]])
def test_on_sqlite_a_value_without_a_columns_type_is_refused(engine: Engine, value: Any) -> None:
    """SQLAlchemy gives a value in `case()` a type of its own, which would store a time as a text among numbers."""
    refused = (
        pytest.raises(StatementError, match="no column's type") if engine.dialect.name == "sqlite" else nullcontext()
    )
    with refused:
        read_back(engine, value, None)


def test_every_column_of_the_models_has_the_short_types() -> None:
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]
    assert [str(column) for column in columns if isinstance(column.type, (Uuid, DateTime))] == []


def test_no_file_but_one_knows_the_long_types() -> None:
    """A value that is bound as one of them equals no row on SQLite, without an error."""
    files = [path for path in (ROOT / "quizapp").rglob("*.py") if BARE.search(path.read_text())]
    assert [path.name for path in files] == ["column_types.py"]


@pytest.mark.parametrize("column", [Card.phase, ReviewLog.phase_before, ReviewLog.source, ReviewLog.outcome])
def test_a_word_of_a_card_or_a_review_is_one_letter(engine: Engine, column: Any) -> None:
    kinds = list(column.type.enum_class)
    assert {len(code) for code in column.type.enums} == {1}
    assert [read_back(engine, kind, column.type) for kind in kinds] == kinds
