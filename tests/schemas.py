"""What a database's schema is, as a dictionary that two databases can be compared by. Layout and order do not count.

On SQLite from the statements that made it, since nothing else tells of a collation, AUTOINCREMENT or a trigger; on
PostgreSQL from what its catalogue says of columns, constraints, indexes and triggers.
"""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, text

Schema = dict[str, object]

# A string, a quoted name, a word or number, or a sign.
TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^]]*\]|[\w.]+|[^\s\w]""")
VALUES = re.compile(r"'[^']*'(?:::[a-z ]+)?(?:\s*,\s*'[^']*'(?:::[a-z ]+)?)+")  # those of an enum, in any order
POSTGRESQL = {
    "column": """
        SELECT table_name || '.' || column_name, data_type, character_maximum_length, is_nullable, column_default,
               collation_name, is_identity, generation_expression
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraint": """
        SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "trigger": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def schema_of(connection: Connection) -> Schema:
    """Everything but Alembic's own table of revisions, by kind and name."""
    schema = _sqlite(connection) if connection.dialect.name == "sqlite" else _postgresql(connection)
    return {name: what for name, what in schema.items() if "alembic_version" not in name}


def differences(one: Schema, other: Schema) -> dict[str, tuple[object, object]]:
    """What differs, by name, for a test to compare with nothing."""
    return {name: (one.get(name), other.get(name)) for name in {*one, *other} if one.get(name) != other.get(name)}


def _postgresql(connection: Connection) -> Schema:
    return {
        f"{kind} {name}": tuple(_sorted_values(str(value)) for value in what)
        for kind, query in POSTGRESQL.items()
        for name, *what in connection.execute(text(query))
    }


def _sorted_values(said: str) -> str:
    return VALUES.sub(lambda values: ", ".join(sorted(re.split(r"\s*,\s*(?=')", values[0]))), said)


def _sqlite(connection: Connection) -> Schema:
    statement = (
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"  # it is NULL where a constraint says it
    )
    schema: Schema = {}
    for kind, name, sql in connection.execute(text(statement)):
        tokens = [_plain(token) for token in TOKEN.findall(sql)]
        if kind == "table":
            schema |= {_sorted_values(f"table {name}: {part}"): True for part in _parts(tokens)}
        else:
            schema[f"{kind} {name}"] = _sorted_values(" ".join(tokens))
    return schema


def _plain(token: str) -> str:
    """A name without its quotes, and everything but strings in small letters."""
    return token if token.startswith("'") else token.strip('"`[]').lower() or token


def _parts(tokens: Sequence[str]) -> Iterator[str]:
    """The columns and constraints of a CREATE TABLE, and what follows its last bracket."""
    depth, part = 0, list[str]()
    for token in tokens[tokens.index("(") + 1 :]:
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth < 0 or (depth == 0 and token == ","):
            yield " ".join(part)
            part = []
        else:
            part.append(token)
    yield f"options {' '.join(part)}"
