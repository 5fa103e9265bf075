"""A statement with a limit is compiled once. SQLite asks the authorizer whenever it compiles one, so these ask it."""

import pytest
from sqlalchemy import Engine, literal, select, union_all

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


def test_limits_and_offsets_count_as_before(engine: Engine) -> None:
    with engine.connect() as connection:
        three = select(union_all(*(select(literal(number).label("n")) for number in range(3))).subquery().c.n)
        of = three.order_by(three.selected_columns.n)
        assert [connection.scalars(of.limit(most)).all() for most in (0, 2)] == [[], [0, 1]]
        assert [connection.scalars(some).all() for some in (of.limit(1).offset(1), of.offset(1))] == [[1], [1, 2]]
