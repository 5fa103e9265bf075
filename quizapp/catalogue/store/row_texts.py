"""Whole rows of the catalogue as bytes to be hashed: one text a row, which the database makes. Decides nothing."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Column, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from quizapp.prepared_statements import executed
from quizapp.sqlite import DRIVER

_ROWS_AT_ONCE = 500
_END = "\0"  # behind each row
_SPLIT, _NULL = "\1", "\2"  # between two values, and for one that is missing; no text of a note has such signs
_JOINS_SINCE = (3, 44)  # SQLite has CONCAT_WS, which takes two thirds of the time of PRINTF


def texts_of(db: Session, table: Table, rest: str = "") -> Iterator[bytes]:
    """The rows of a table, which is called `o` in `rest`: the joins, conditions and order of the statement."""
    row = _row_on_sqlite(table) if db.connection().dialect.name == "sqlite" else "CAST(o AS TEXT)"
    return found(db, f"SELECT {row} FROM {table.name} o {rest}")


def found(db: Session, statement: str) -> Iterator[bytes]:
    """All that a statement finds, which has one column of text.

    Past SQLAlchemy, which takes most of the time to make Python's values of them.
    """
    cursor = executed(db.connection(), statement, ())
    try:
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield _END.join([text for (text,) in rows]).encode(errors="surrogatepass")
    finally:
        cursor.close()


@cache
def _row_on_sqlite(table: Table) -> str:
    """A row as one text, in a third of the time that Python takes to make 30 values of it and to write them."""
    values = ", ".join(map(_value_on_sqlite, table.columns))
    if DRIVER.sqlite_version_info >= _JOINS_SINCE:
        return f"CONCAT_WS(CHAR({ord(_SPLIT)}), {values})"
    return f"PRINTF('{_SPLIT.join(['%s'] * len(table.columns))}', {values})"


def _value_on_sqlite(column: Column[object]) -> str:
    name = f'o."{column.name}"'
    value = f"HEX({name})" if column.type.compile(sqlite.dialect()) == "BLOB" else name
    return f"IFNULL({value}, CHAR({ord(_NULL)}))" if column.nullable else value
