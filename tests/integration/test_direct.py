"""A direct connection commits, undoes and fails as SQLAlchemy's does, and goes back to the pool."""

from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError

from quizapp import clock, sqlite
from quizapp.accounts.models import FailedSignIns
from quizapp.db import create_engine_for, reading
from quizapp.driver_connection import Direct
from quizapp.prepared_statements import Prepared
from quizapp.write_turns import DatabaseBusy

TABLE = FailedSignIns.__table__
ADD = Prepared(insert(TABLE).values({name: bindparam(name) for name in ("key", "count", "until")}))
FIND = Prepared(select(TABLE.c.count).where(TABLE.c.key == bindparam("the_key")))


def row(key: str) -> dict[str, object]:
    return {"key": key, "count": 1, "until": clock.now()}


def keys(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(TABLE.c.key).order_by(TABLE.c.key)))


def add(engine: Engine, *keys: str) -> None:
    with Direct(engine) as connection:
        connection.begin()
        for key in keys:
            ADD.change(connection, row(key))


def test_what_was_written_is_committed_at_the_end(engine: Engine) -> None:
    add(engine, "a")
    assert keys(engine) == ["a"]
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_an_error_undoes_all_of_it(engine: Engine) -> None:
    add(engine, "a")
    with pytest.raises(IntegrityError):
        add(engine, "b", "a")
    assert keys(engine) == ["a"]
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_reading_begins_no_transaction(engine: Engine) -> None:
    add(engine, "a")
    with Direct(engine) as connection:
        assert FIND.first(connection, {"the_key": "a"}) == (1,)
        assert not connection.in_transaction()
        with pytest.raises(AssertionError):
            ADD.change(connection, row("b"))


def test_while_reading_it_writes_nothing(engine: Engine) -> None:
    with reading(), pytest.raises((OperationalError, InternalError), match=r"read-?only"):
        add(engine, "a")
    add(engine, "b")
    assert keys(engine) == ["b"]


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_connection_that_broke_before_its_commit_says_so(engine: Engine) -> None:
    with Direct(engine) as connection, engine.connect() as other:
        ADD.change(connection.begin(), row("a"))
        number = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
        other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
        with pytest.raises(OperationalError) as broken:
            connection.__exit__(None, None, None)
    assert broken.value.connection_invalidated
    assert (keys(engine), engine.pool.checkedout()) == ([], 0)  # type: ignore[attr-defined]


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_connection_that_broke_before_its_transaction_says_so(engine: Engine) -> None:
    """A page reads in a transaction that the database itself keeps from writing, which takes a statement to begin."""
    with engine.connect() as connection, engine.connect() as other:
        number = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
        other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
        with reading(), pytest.raises(OperationalError) as broken:
            connection.begin()
    assert broken.value.connection_invalidated
    assert keys(engine) == []


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_writer_whose_turn_does_not_come_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    with engine.begin(), pytest.raises(DatabaseBusy):
        add(engine, "a")
    add(engine, "b")
    assert keys(engine) == ["b"]


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_commit_that_fails_is_an_error_and_gives_the_turn_away(engine: Engine) -> None:
    with Direct(engine) as connection:
        cursor = connection.begin().connection.cursor()
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute("INSERT INTO sign_in_link VALUES ('a', x'00', 0, 0, NULL)")
        with pytest.raises(IntegrityError, match="FOREIGN KEY"):
            connection.__exit__(None, None, None)
    add(engine, "b")
    assert keys(engine) == ["b"]


@pytest.mark.parametrize("database", ["sqlite"])
def test_nothing_is_written_to_a_file_that_was_moved_away(own_engine: Engine, tmp_path: Path) -> None:
    path = Path(str(own_engine.url.database))
    add(own_engine, "a")
    for ending in ("", *sqlite.COMPANIONS):
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(path.with_name(f"moved{ending}"))
    with pytest.raises(sqlite.DatabaseLost, match="was moved away or replaced"):
        add(own_engine, "b")
    assert own_engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_file_that_cannot_be_opened_is_an_error_of_sqlalchemy(tmp_path: Path) -> None:
    engine = create_engine_for(f"sqlite:///{tmp_path / 'none.sqlite3'}", must_exist=True)
    with pytest.raises(OperationalError, match="unable to open"):
        add(engine, "a")
