"""Statements that are compiled once and then given to the driver itself. Knows no table and no request.

SQLAlchemy 2.1.9 keeps what it has compiled, and yet running it through a connection takes eight times as long as SQLite
does, and through a session's models twenty-five times. That counts where people wait for a handful of rows at each
answer, and where others wait for their turn at writing. A prepared statement keeps SQLAlchemy's text and its column
types; what it leaves out are events, results with names, and lists of values in one placeholder, but for ids.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import Boolean, ColumnElement, CompoundSelect, Delete, Dialect, Insert, Select, Update, literal_column
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Processor = Callable[[Any], Any] | None
"""Between a value of Python and one of the driver; None if both are the same."""

NOTHING: Mapping[str, Any] = {}
_IDS = "(/* ids */)"


class OfPool(Protocol):
    """What a statement, and who begins and ends a transaction, needs of a connection that a pool has opened."""

    @property
    def dbapi_connection(self) -> Any: ...

    @property
    def driver_connection(self) -> Any: ...

    @property
    def cursor(self) -> Callable[[], DBAPICursor]: ...

    @property
    def commit(self) -> Callable[[], None]: ...

    @property
    def close(self) -> Callable[[], None]: ...

    def invalidate(self, exception: BaseException | None = None) -> None:
        """Close it, so that nobody uses it again."""


class AnyConnection(Protocol):
    """What a prepared statement needs: SQLAlchemy's own connection, or a `driver_connection.Direct`."""

    @property
    def dialect(self) -> Dialect: ...

    @property
    def connection(self) -> OfPool: ...

    def in_transaction(self) -> bool:
        """Whether a transaction was begun."""

    def invalidate(self, exception: BaseException | None = None) -> None:
        """Use what it has of the driver no more."""


@dataclass(frozen=True, kw_only=True)
class _Compiled:
    """A statement as one driver takes it and answers it."""

    text: str
    names: Sequence[str]
    """Of the values, in the order of the placeholders."""
    binds: Sequence[tuple[int, Callable[[Any], Any]]]
    """What makes the driver's values of Python's, by the place in `names`, where they are not the same."""
    is_positional: bool
    takes_ids: bool
    columns: Sequence[TypeEngine[Any]]
    """Of the rows, in their order."""
    dialect: Dialect
    _reads: list[Sequence[tuple[int, Callable[[Any], Any]]]] = field(default_factory=list)
    """What `reads` found; empty before the first row."""

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them. Raises KeyError for one that is missing."""
        given = [values[name] for name in self.names]
        for place, bind in self.binds:
            given[place] = bind(given[place])
        return given if self.is_positional else dict(zip(self.names, given, strict=True))

    def row(self, cursor: DBAPICursor) -> tuple[Any, ...] | None:
        """The next row as values of Python; None if there is none."""
        row = cursor.fetchone()
        if row is None:
            return None
        read = list(row)
        for place, process in self.reads(cursor):
            read[place] = process(read[place])
        return tuple(read)

    def rows(self, cursor: DBAPICursor) -> Sequence[tuple[Any, ...]]:
        """All rows that are left, as values of Python."""
        found, reads = cursor.fetchall(), self.reads(cursor)
        if not reads:
            return found
        rows = [list(row) for row in found]
        for row in rows:
            for place, process in reads:
                row[place] = process(row[place])
        return [tuple(row) for row in rows]

    def reads(self, cursor: DBAPICursor) -> Sequence[tuple[int, Callable[[Any], Any]]]:
        """The columns whose values are not as this driver gives them, by their place.

        Looked up with the first row: for PostgreSQL it depends on what the database says of the column.
        """
        if not self._reads:
            said = cursor.description or ()
            found = [
                (place, kind.result_processor(self.dialect, described[1]))
                for place, (kind, described) in enumerate(zip(self.columns, said, strict=True))
            ]
            self._reads.append([(place, process) for place, process in found if process is not None])
        return self._reads[0]


def one_of_ids(column: Any) -> ColumnElement[bool]:
    """The condition of a prepared statement that a column has one of the ids that it is given when it is run."""
    return column.bool_op("IN")(literal_column(_IDS))  # type: ignore[no-any-return]


class Prepared:
    """A statement whose values are all bound by name, and its ids, if any, by `one_of_ids`."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | CompoundSelect[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._compiled: WeakKeyDictionary[Dialect, _Compiled] = WeakKeyDictionary()

    def first(self, connection: AnyConnection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row that the statement gives; None if it gives none.

        Without a transaction the connection begins none: what is read is of one moment, and holds nobody up.
        """
        compiled = self._for(connection.dialect)
        cursor = executed(connection, compiled.text, compiled.parameters(values))
        row = compiled.row(cursor)
        cursor.close()
        return row

    def all(
        self, connection: AnyConnection, values: Mapping[str, Any] = NOTHING, *, ids: Sequence[int] = ()
    ) -> Sequence[tuple[Any, ...]]:
        """All rows that the statement gives; as `first` reads them."""
        compiled = self._for(connection.dialect)
        cursor = executed(connection, _with_ids(compiled, ids), compiled.parameters(values))
        rows = compiled.rows(cursor)
        cursor.close()
        return rows

    def change(self, connection: AnyConnection, values: Mapping[str, Any] = NOTHING, *, ids: Sequence[int] = ()) -> int:
        """Run a statement that writes, in the connection's transaction. Returns how many rows it wrote."""
        assert connection.in_transaction(), "a write belongs into a transaction"
        compiled = self._for(connection.dialect)
        cursor = executed(connection, _with_ids(compiled, ids), compiled.parameters(values))
        written = cursor.rowcount
        cursor.close()
        return written

    def change_each(self, connection: AnyConnection, rows: Iterable[Mapping[str, Any]]) -> int:
        """As `change`, once for each of the given values, by one call of the driver. Returns the rows of all."""
        assert connection.in_transaction(), "a write belongs into a transaction"
        compiled = self._for(connection.dialect)
        cursor = executed(connection, compiled.text, [compiled.parameters(values) for values in rows], many=True)
        written = cursor.rowcount
        cursor.close()
        return written

    def _for(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect)
        if compiled is None:
            compiled = self._compiled[dialect] = self._compile(dialect)
        return compiled

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled: Any = self._statement.compile(dialect=dialect)
        names = compiled.positiontup if compiled.positional else list(compiled.binds)
        binds = [_bind(_own(compiled.binds[name].type, dialect), dialect) for name in names]
        is_read = isinstance(self._statement, Select | CompoundSelect)
        columns = self._statement.selected_columns if is_read else ()  # type: ignore[union-attr]
        return _Compiled(
            text=compiled.string,
            names=names,
            binds=[(place, bind) for place, bind in enumerate(binds) if bind is not None],
            is_positional=compiled.positional,
            takes_ids=_IDS in compiled.string,
            columns=[_own(column.type, dialect) for column in columns],
            dialect=dialect,
        )


def _with_ids(compiled: _Compiled, ids: Sequence[int]) -> str:
    """The statement with these ids. NULL, which no id equals, for none."""
    text = compiled.text
    if not compiled.takes_ids:
        return text
    return text.replace(_IDS, f"({', '.join(str(int(one)) for one in ids) or 'NULL'})")


def _bind(kind: TypeEngine[Any], dialect: Dialect) -> Processor:
    """What makes the driver's value. SQLite's takes True for 1 by itself, and an import has seven for each question."""
    is_as_given = isinstance(kind, Boolean) and dialect.name == "sqlite"
    return None if is_as_given else kind.bind_processor(dialect)


def _own(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """The type as this database has it."""
    return kind.dialect_impl(dialect)


def executed(connection: AnyConnection, text: str, parameters: Any, *, many: bool = False) -> DBAPICursor:
    """A cursor that has run the statement; with `many`, for each of a list of parameters.

    Raises SQLAlchemy's errors for the driver's, as a connection does.
    """
    cursor = connection.connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(text, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        raise as_of_connection(connection, text, parameters, error, cursor) from error
    return cursor


def as_of_connection(
    connection: AnyConnection, text: str, parameters: Any, error: Exception, cursor: DBAPICursor | None = None
) -> BaseException:
    """The driver's error as SQLAlchemy's; a connection that broke is not used again."""
    dialect = connection.dialect
    is_broken = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)  # type: ignore[arg-type]
    if is_broken:
        connection.invalidate(error)
    return as_sqlalchemy(text, parameters, error, dialect, is_broken=is_broken)


def as_sqlalchemy(
    text: str | None, parameters: Any, error: Exception, dialect: Dialect, *, is_broken: bool = False
) -> BaseException:
    """The driver's error as SQLAlchemy's."""
    return DBAPIError.instance(
        text, parameters, error, dialect.loaded_dbapi.Error, connection_invalidated=is_broken, dialect=dialect
    )
