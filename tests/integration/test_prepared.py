"""A prepared statement gives what the same statement gives through SQLAlchemy, and fails in the same way."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from quizapp.accounts.models import FailedSignIns, Role, User
from quizapp.dialects import insert_of
from quizapp.prepared_statements import Prepared

USERS = User.__table__
ADD = Prepared(insert(USERS).values({column.name: bindparam(column.name) for column in USERS.columns}))
UNSAID = {column.name: getattr(column.default, "arg", None) for column in USERS.columns}
FIND = select(USERS).where(USERS.c.name == bindparam("called"))


def add(connection: Connection, name: str) -> int:
    now = datetime(2026, 3, 23, 12, 0, 0, 123456, tzinfo=UTC)
    row = {
        **UNSAID,
        "id": uuid4(),
        "name": name,
        "role": Role.OWNER,
        "created_at": now,
        "zone": "UTC",
        "rollover_hour": 4,
    }
    return ADD.change(connection, row)


def test_what_it_writes_and_reads_is_what_sqlalchemy_reads(engine: Engine) -> None:
    with engine.begin() as connection:
        assert add(connection, "Ada") == 1
        expected = connection.execute(FIND, {"called": "Ada"}).one()
        for _ in range(2):  # the second time it knows the columns
            assert Prepared(FIND).first(connection, {"called": "Ada"}) == tuple(expected)
        assert Prepared(FIND).first(connection, {"called": "Bob"}) is None


def test_for_each_of_several_values_it_counts_all_rows_that_it_wrote(engine: Engine) -> None:
    table = FailedSignIns.__table__
    names = {column.name: bindparam(column.name) for column in table.columns}
    new = Prepared(insert_of(engine.dialect.name)(table).values(names).on_conflict_do_nothing(index_elements=["key"]))
    rows = [{"key": key, "count": 1, "until": datetime(2026, 3, 23, tzinfo=UTC)} for key in ("a", "b", "a", "c")]
    with engine.begin() as connection:
        assert new.change_each(connection, rows) == 3
        assert new.change_each(connection, rows) == 0


def test_its_errors_are_those_of_sqlalchemy(engine: Engine) -> None:
    with engine.begin() as connection:
        add(connection, "Ada")
        with pytest.raises(IntegrityError), connection.begin_nested():
            add(connection, "Ada")


def test_a_read_without_a_transaction_begins_none(engine: Engine) -> None:
    with engine.connect() as connection:
        assert Prepared(FIND).first(connection, {"called": "Ada"}) is None
        assert not connection.in_transaction()


def test_a_write_outside_a_transaction_is_refused(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(AssertionError):
        add(connection, "Ada")


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_connection_that_broke_is_not_used_again(engine: Engine) -> None:
    with engine.connect() as connection, engine.connect() as other:
        number = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
        with pytest.raises(OperationalError) as broken:
            Prepared(FIND).first(connection, {"called": "Ada"})
        assert broken.value.connection_invalidated
        assert connection.invalidated
