"""The connections of `direct` on SQLite stay open, are used again, and are closed where the pool's are."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine

from quizapp.db import create_engine_for
from quizapp.driver_connection import Direct
from quizapp.prepared_statements import OfPool
from quizapp.sqlite import DRIVER, GuardedConnection

CONNECTIONS_KEPT = 16


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return create_engine_for(f"sqlite:///{tmp_path / 'quizapp.sqlite3'}")


def used(engine: Engine) -> GuardedConnection:
    """The connection that a `direct` used, which is over."""
    with Direct(engine) as connection:
        return own(connection.connection)


def write_twice(connection: Direct) -> None:
    """Fails with the second row."""
    if not connection.in_transaction():
        connection.begin()
    for _ in range(2):
        connection.connection.cursor().execute("INSERT INTO t VALUES (1)")


def own(connection: OfPool) -> GuardedConnection:
    found = connection.driver_connection
    assert isinstance(found, GuardedConnection)
    return found


def is_open(connection: GuardedConnection) -> bool:
    try:
        connection.execute("SELECT 1")
    except DRIVER.ProgrammingError:  # "Cannot operate on a closed database."
        return False
    return True


def test_the_one_that_was_used_last_is_used_again(engine: Engine) -> None:
    assert used(engine) is used(engine)
    with Direct(engine) as one, Direct(engine) as other:
        assert own(one.connection) is not own(other.connection)


def test_what_is_not_committed_is_undone_before_it_is_used_again(engine: Engine) -> None:
    with Direct(engine) as connection:
        connection.begin().connection.cursor().execute("CREATE TABLE t (a UNIQUE)")
    with suppress(DRIVER.IntegrityError), Direct(engine) as connection:
        write_twice(connection)
    assert used(engine).execute("SELECT count(*) FROM t").fetchone() == (0,)
    assert not used(engine).in_transaction


def test_those_of_an_engine_that_is_disposed_of_are_closed(engine: Engine) -> None:
    idle = used(engine)
    with Direct(engine) as first, Direct(engine) as second:
        engine.dispose()
        assert is_open(own(first.connection))
    assert not any(map(is_open, (idle, own(first.connection), own(second.connection))))
    assert is_open(used(engine))


def test_a_fork_closes_them(engine: Engine) -> None:
    """What a connection writes that was open across a fork is lost without an error."""
    idle = used(engine)
    if not (child := os.fork()):
        os._exit(is_open(idle))
    assert os.waitpid(child, 0)[1] == 0
    assert not is_open(idle)


def test_no_more_stay_open_than_people_learn_at_once(engine: Engine) -> None:
    several = [Direct(engine) for _ in range(CONNECTIONS_KEPT + 2)]
    for each in several:
        each.__enter__()
    for each in several:
        each.__exit__(None, None, None)
    assert sum(is_open(own(each.connection)) for each in several) == CONNECTIONS_KEPT


def test_one_that_broke_is_not_used_again(engine: Engine) -> None:
    with Direct(engine) as connection:
        connection.invalidate()
    assert not is_open(own(connection.connection))
    assert is_open(used(engine))


def test_one_that_cannot_undo_is_closed_and_so_undone(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise DRIVER.OperationalError("disk I/O error")

    monkeypatch.setattr(GuardedConnection, "rollback", broken)
    with suppress(DRIVER.IntegrityError), Direct(engine) as connection:
        connection.begin().connection.cursor().execute("CREATE TABLE t (a UNIQUE)")
        write_twice(connection)
    assert not is_open(own(connection.connection))
    assert used(engine).execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
