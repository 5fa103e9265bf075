"""What the two databases have in common and SQLAlchemy only in each dialect's own words. Knows no table.

A dialect brings the modules of all its drivers, 45 ms and 3 MiB for PostgreSQL's, so only the one in use is loaded.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BindParameter, Dialect, Double, Index, MetaData, Select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_ON_POSTGRESQL = "where on postgresql"


def insert_of(dialect: str) -> Callable[[Any], Any]:
    """The INSERT of a database that can do something else on a conflict; both write it in the same way."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        return sqlite_insert
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert

    return postgresql_insert


def partial_index(name: str, *columns: str, on_sqlite: str, on_postgresql: str, unique: bool = False) -> Index:
    """An index on the rows for which a condition holds, in the words of each database.

    SQLAlchemy 2.1.9 loads the dialect for an option that begins with its name, and SQLite's is small. PostgreSQL's
    condition is kept beside the index until `give_conditions` is called.
    """
    return Index(
        name, *columns, unique=unique, sqlite_where=text(on_sqlite), info={_ON_POSTGRESQL: text(on_postgresql)}
    )


def give_conditions(metadata: MetaData) -> None:
    """Give the indexes of these tables their conditions on PostgreSQL, for whoever makes or compares tables there."""
    for table in metadata.tables.values():
        for index in table.indexes:
            if _ON_POSTGRESQL in index.info:
                index.dialect_options["postgresql"]["where"] = index.info[_ON_POSTGRESQL]


def compile_limits_once(dialect: Dialect) -> None:
    """Let this SQLite dialect write a limit so that SQLite compiles its statement once, whatever the limit's value.

    SQLite 3.53.4 plans a statement by the value of `LIMIT ?`, and so compiles it anew at each execution, which takes
    several times as long as to run it (3.40.1 does not). A sum it does not look into.
    """
    usual: Any = dialect.statement_compiler

    class Compiler(usual):  # type: ignore[misc]
        def limit_clause(self, select: Select[*tuple[Any, ...]], **options: Any) -> str:
            text: str = super().limit_clause(select, **options)
            return text.replace(" OFFSET", " + 0 OFFSET") if isinstance(select._limit_clause, BindParameter) else text

    dialect.statement_compiler = Compiler


class SecondsBetween(FunctionElement[float]):
    """The seconds from one time to another, both of columns of UtcDateTime, computed by the database."""

    type = Double()
    inherit_cache = True


@compiles(SecondsBetween)
def _of_times(element: SecondsBetween, compiler: SQLCompiler, **more: Any) -> str:
    begun, ended = (compiler.process(each, **more) for each in element.clauses)
    return f"CAST(extract(epoch FROM {ended} - {begun}) AS DOUBLE PRECISION)"


@compiles(SecondsBetween, "sqlite")
def _of_microseconds(element: SecondsBetween, compiler: SQLCompiler, **more: Any) -> str:
    begun, ended = (compiler.process(each, **more) for each in element.clauses)
    return f"({ended} - {begun}) / 1000000.0"
