"""Rows for every table of a database, made from what it says of its own columns, at any revision. Knows no model.

A table that this cannot fill fails by its name, so that no table is left out of the tests of migrations.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import CheckConstraint, Column, Connection, MetaData, Table, Uuid, inspect, text
from sqlalchemy import types as kinds

from quizapp.db import create_engine_for
from quizapp.web.migrations import OF_NO_MODEL
from tests.schemas import schema_of

Row = Mapping[str, Any]
Rows = dict[str, list[Row]]

FEWEST = 3  # rows of a table; those with an enum have one more than it has values
SINCE = datetime(2026, 2, 3, 4, 5, 6, 789, tzinfo=UTC)
UUID_ON_SQLITE = 32  # hex digits in a CHAR, as it was before 0011
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What was stored before 0011, and what since, by column; the words of other tables' columns are none of these.
PHASES = {"new": "n", "learning": "l", "review": "r", "relearning": "e"}
WORDS: Mapping[str, Mapping[str, str]] = {
    "phase": PHASES,
    "phase_before": PHASES,
    "source": {"review": "r", "quiz": "q", "sandbox": "s"},
    "outcome": {"applied": "a", "stale": "s", "undone": "u"},
}


class KnownTables:
    """What a database says of its tables, read again only of those whose definition has changed since the last time.

    To read all of them takes as long as a dozen migrations, and so does compiling a statement for each table anew.
    """

    def __init__(self) -> None:
        self._metadata = MetaData()
        self._defined: dict[str, set[tuple[str, object]]] = {}

    def read(self, connection: Connection) -> list[Table]:
        """Every table but Alembic's own, parents before their children."""
        self._forget(before=self._defined, now=(defined := _definitions(connection)))
        self._defined = defined
        new = [name for name in defined if not name.startswith(OF_NO_MODEL) and name not in self._metadata.tables]
        if new:  # else `reflect` reads all of them
            self._metadata.reflect(connection, only=new)
        tables = self._metadata.sorted_tables
        for column in (column for table in tables for column in table.columns):
            if isinstance(column.type, kinds.JSON):
                column.type.none_as_null = True
        return tables

    def _forget(self, **definitions: Mapping[str, object]) -> None:
        """Forget the tables that differ, and their children, whose foreign keys point to what is read anew."""
        before, now = definitions["before"], definitions["now"]
        changed = {name for name in {*before, *now} if before.get(name) != now.get(name)}
        for table in list(self._metadata.tables.values()):
            if changed & {table.name, *(key.referred_table.name for key in table.foreign_key_constraints)}:
                self._metadata.remove(table)


def _definitions(connection: Connection) -> dict[str, set[tuple[str, object]]]:
    """Columns and constraints, by table."""
    found: dict[str, set[tuple[str, object]]] = {}
    for name, said in schema_of(connection).items():
        if of_table := re.match(r"(?:table|column|constraint) (\w+)", name):
            found.setdefault(of_table[1], set()).add((name, said))
    return found


def fill(connection: Connection, known: KnownTables | None = None) -> Rows:
    """Replace what is in the database by rows in every table, children and parents; return them as they are read back.

    In a table's first row everything is NULL that may be. Whoever fills one database again and again gives what is
    `known` of its tables.
    """
    tables = (known or KnownTables()).read(connection)
    for table in reversed(tables):
        connection.execute(table.delete())
    made: Rows = {}
    for table in tables:
        enums = _enums(table)
        most = max((len(values) for values in enums.values()), default=0)
        made[table.name] = []
        for number in range(max(FEWEST, 1 + most)):
            made[table.name].append(_row(table, number, enums, made))
        connection.execute(table.insert(), made[table.name])
    return rows_of(connection)


def filled_copy(migrated: Path, path: Path) -> Path:
    """A copy of a migrated SQLite file at `path`, with rows in every table. Returns `path`."""
    path.write_bytes(migrated.read_bytes())
    fill_database(f"sqlite:///{path}")
    return path


def fill_database(url: str) -> None:
    """Fill the database at this URL, and leave no connection to it."""
    engine = create_engine_for(url)
    with engine.begin() as connection:
        fill(connection)
    engine.dispose()


def rows_of(connection: Connection) -> Rows:
    """Every row of every table but Alembic's own and what indexes are made of."""
    names = [
        name
        for name in inspect(connection).get_table_names()
        if name != "alembic_version" and not name.startswith(OF_NO_MODEL)
    ]
    return {
        name: [dict(row) for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()] for name in names
    }


def changes(before: Rows, after: Rows) -> dict[str, tuple[list[str], list[str]]]:
    """What is gone and what is new, by table, in the tables and columns that are on both sides.

    What is stored in other words since 0011 is the same in both, see `_meant`.
    """
    found = {}
    for name in before.keys() & after.keys():
        if before[name] == after[name]:
            continue  # without another word: most tables are as they were
        shared = [set(rows[name][0]) for rows in (before, after) if rows[name]]
        columns = set.intersection(*shared) if shared else set()
        one, other = (Counter(_said(row, columns) for row in rows[name]) for rows in (before, after))
        if one != other:
            found[name] = (sorted((one - other).elements()), sorted((other - one).elements()))
    return found


def _said(row: Row, columns: set[str]) -> str:
    return str({column: _meant(column, row[column]) for column in sorted(columns)})


def _meant(column: str, value: Any) -> Any:
    """A value as it is stored since 0011: UUIDs and times on SQLite, and words of cards and reviews."""
    match value:
        case str() if column in WORDS:
            return WORDS[column].get(value, value)
        case str() if re.fullmatch(r"[0-9a-f]{32}", value):
            return bytes.fromhex(value)
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}", value):
            return (datetime.fromisoformat(f"{value}+00:00") - EPOCH) // timedelta(microseconds=1)
    return value


def _row(table: Table, number: int, enums: Mapping[str, Sequence[str]], made: Rows) -> Row:
    row = {}
    for column in table.columns:
        if column.nullable and number == 0:
            row[column.name] = None
        elif column.name in enums:
            row[column.name] = enums[column.name][number % len(enums[column.name])]
        elif column.computed is None:
            row[column.name] = _value(column, number)
    for key in table.foreign_key_constraints:
        parents = made[key.referred_table.name]
        if parents and any(row[name] is not None for name in key.column_keys):
            parent = parents[number % len(parents)]
            row |= {element.parent.name: parent[element.column.name] for element in key.elements}
    return row


def _value(column: Column[Any], number: int) -> Any:
    """Something that differs from row to row and is easily damaged: signs, zones, fractions, nested JSON."""
    kind = column.type
    length = getattr(kind, "length", None)
    unique = uuid5(NAMESPACE_OID, f"{column} {number}")
    match kind:
        case Uuid():
            return unique
        case kinds.JSON() if column.name == "expected":  # which the model reads as a type of its kind
            return {"kind": "short", "accepted": [f"{number}", "Größe\n'\""]}
        case kinds.Text() if column.name == "wish":  # likewise
            return f'{{"length":{{"questions":{number + 1}}}}}'
        case kinds.JSON() if column.name == "suggested":  # likewise
            return {"answer": {"before": f"{number}", "after": "Größe\n'\""}}
        case kinds.JSON():
            return {"number": number, "text": "Größe\n'\"", "list": [1.5, None, True]}
        case kinds.String() if length == UUID_ON_SQLITE:
            return unique.hex
        case kinds.String():
            return f"{number} 'ö\"\n{column.name}"[:length]
        case kinds.Boolean():
            return number % 2 == 1
        case kinds.Integer():
            return number + 1
        case kinds.Float():
            return number / 3
        case kinds.DateTime():
            moment = SINCE + timedelta(hours=number)
            return moment if kind.timezone else f"{moment:%Y-%m-%d %H:%M:%S.%f}"  # on SQLite, as it was before 0011
        case kinds.LargeBinary():
            return unique.bytes
    raise NotImplementedError(f"tests/filled.py knows no value for {column} of type {kind!r}: add one")


def _enums(table: Table) -> dict[str, list[str]]:
    """The values that check constraints allow to single columns."""
    enums = {}
    for check in (one for one in table.constraints if isinstance(one, CheckConstraint)):
        written = str(check.sqltext)
        without_values = re.sub(r"'[^']*'|::[\w ]+", "", written)
        named = {column.name for column in table.columns} & set(re.findall(r"\w+", without_values))
        if len(named) == 1:
            enums[named.pop()] = re.findall(r"'([^']*)'", written)
    return enums
