"""What belongs to a person: found from the account along foreign keys, and by columns that name a person without one.

Knows no model, so that a table nobody has thought of is found too.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData, Table, select

ACCOUNT = "user_account"
WITHOUT_KEY = ("editor_id", "owner_id")  # rooms that know no accounts keep a person's id without a foreign key
NAMING = ("user_id", *WITHOUT_KEY)

Key = tuple[Any, ...]

_read: dict[tuple[str, tuple[str, ...]], MetaData] = {}


def tables_in(connection: Connection, *, but: tuple[str, ...] = ()) -> MetaData:
    """The tables of a migrated database as it tells of them itself, but those whose names begin with one of `but`.

    Each kind of database is asked once: it takes a third of a second.
    """
    kind = (connection.dialect.name, but)
    if kind not in _read:
        metadata = MetaData()
        metadata.reflect(connection, only=lambda name, _: not name.startswith(but))
        _read[kind] = metadata
    return _read[kind]


def tables_of_a_person(metadata: MetaData) -> set[str]:
    """The account's table, those that refer to one that is found, and those that name a person."""
    found = {ACCOUNT} | {table.name for table in metadata.tables.values() if set(NAMING) & set(table.c.keys())}
    return _grown(
        found, lambda table, so_far: any(key.column.table.name in so_far for key in table.foreign_keys), metadata
    )


def _grown(found: set[str], refers: Callable[[Table, set[str]], bool], metadata: MetaData) -> set[str]:
    more = {table.name for table in metadata.tables.values() if table.name not in found and refers(table, found)}
    return _grown(found | more, refers, metadata) if more else found


def rows_of_a_person(connection: Connection, metadata: MetaData, user_id: UUID) -> set[tuple[str, Key]]:
    """Every row that is the person's, as its table and primary key."""
    rows = {
        name: [row._asdict() for row in connection.execute(select(metadata.tables[name]))]
        for name in tables_of_a_person(metadata)
    }
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in rows}
    grows = True
    while grows:
        grows = False
        for name, some in rows.items():
            new = [row for row in some if row not in found[name] and _is_of(metadata.tables[name], row, found, user_id)]
            found[name] += new
            grows = grows or bool(new)
    return {
        (name, tuple(row[column.name] for column in metadata.tables[name].primary_key))
        for name, some in found.items()
        for row in some
    }


def _is_of(table: Table, row: dict[str, Any], found: dict[str, list[dict[str, Any]]], user_id: UUID) -> bool:
    stored = (user_id.bytes, user_id)  # SQLite's columns of bytes, PostgreSQL's of UUIDs
    if any(row[name] in stored for name in ("id", *NAMING) if name in row):
        return True
    return any(
        any(all(row[one.parent.name] == parent[one.column.name] for one in key.elements) for parent in parents)
        for key in table.foreign_key_constraints
        if (parents := found.get(key.referred_table.name))
    )
