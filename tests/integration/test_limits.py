"""What is compiled once, whatever its limit and whatever ran before: SQLite asks its authorizer when it compiles."""

import pytest
from sqlalchemy import Engine, literal, literal_column, select, union_all

from quizapp.accounts.models import FailedSignIns
from tests.compiling import compiling


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_limit_is_not_compiled_anew_for_another_value(engine: Engine) -> None:
    """SQLite 3.53.4 looks at the value of `LIMIT ?` while it compiles, and compiles again whenever it is bound."""
    first_ones = select(FailedSignIns.key).order_by(FailedSignIns.until)
    with engine.connect() as connection:
        with compiling(connection) as compiled:
            connection.execute(first_ones.limit(3))
            compiled.clear()
            for most in (3, 5):
                connection.execute(first_ones.limit(most))
        assert compiled == []


@pytest.mark.parametrize("database", ["sqlite"])
def test_statements_stay_compiled_beside_hundreds_of_others(own_engine: Engine) -> None:
    """pysqlite3 0.6.1 keeps the first 100 of a connection, and then the last one alone, if it is not told to keep more.

    Python's own sqlite3 lets go of the one that was used longest ago.
    """
    with own_engine.connect() as connection:
        for number in range(300):
            connection.execute(select(literal_column(str(number))))
        later = [select(FailedSignIns.key).where(literal_column(str(number)) == number) for number in range(10)]
        with compiling(connection) as compiled:
            for _ in range(2):
                compiled.clear()
                for each in later:
                    connection.execute(each)
        assert compiled == []


def test_limits_and_offsets_count_as_before(engine: Engine) -> None:
    with engine.connect() as connection:
        three = select(union_all(*(select(literal(number).label("n")) for number in range(3))).subquery().c.n)
        of = three.order_by(three.selected_columns.n)
        assert [connection.scalars(of.limit(most)).all() for most in (0, 2)] == [[], [0, 1]]
        assert [connection.scalars(some).all() for some in (of.limit(1).offset(1), of.offset(1))] == [[1], [1, 2]]
