#!/bin/sh
# Alembic's batch_alter_table on SQLite, which makes a table anew to change it: it reads first what the database has of
# that table, and of each table that it refers to, and that these refer to, and so on; for none of them it needs more
# than a name. So a column more for one table fails where another one refers to a table that is gone, which SQLite
# allows. `reflect_kwargs={"resolve_fks": False}` reads the one table, and makes the same of it.
# Needs python3 with venv and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check alembic==1.20.1 sqlalchemy==2.1.9 2> pip.log || { cat pip.log; exit 2; }
cat > batch.py <<'EOF2'
import re
from importlib.metadata import version

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Text, create_engine, event, text
from sqlalchemy.exc import NoSuchTableError

TABLES = """
CREATE TABLE town (id INTEGER PRIMARY KEY, land_id INTEGER REFERENCES land (id));
CREATE TABLE land (id INTEGER PRIMARY KEY);
CREATE TABLE house (id INTEGER PRIMARY KEY, town_id INTEGER REFERENCES town (id));
CREATE TABLE person (id INTEGER PRIMARY KEY, house_id INTEGER REFERENCES house (id))
"""


def add_column(change: str = "", **reading: object) -> tuple[set[str], str]:
    """Add a column to `person`: the tables that were read, and what `person` is then, or what went wrong."""
    read: set[str] = set()
    with create_engine("sqlite://").connect() as connection:
        for statement in filter(None, (TABLES + ";" + change).split(";")):
            connection.execute(text(statement))
        event.listen(
            connection,
            "before_cursor_execute",
            lambda *given: read.update(re.findall(r'PRAGMA main\.table_\w+\("(\w+)"\)', given[2])),
        )
        operations = Operations(MigrationContext.configure(connection))
        try:
            with operations.batch_alter_table("person", recreate="always", **reading) as batch:
                batch.add_column(Column("name", Text))
        except NoSuchTableError as error:
            return read, f"NoSuchTableError: {error}"
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'person'")).scalar()
        return read, " ".join(str(made).split())


one = {"reflect_kwargs": {"resolve_fks": False}}
read, made = add_column()
read_alone, made_alone = add_column(**one)
_, trouble = add_column("DROP TABLE land")
_, no_trouble = add_column("DROP TABLE land", **one)
print("alembic", version("alembic"), "sqlalchemy", version("sqlalchemy"))
print("a column more for `person`, which refers to `house`, that to `town`, that to `land`")
print("one would guess: it reads person; once `land` is gone, it does the same")
print(f"seen:            it reads {', '.join(sorted(read))}; once `land` is gone: {trouble}")
print(f"with resolve_fks False it reads {', '.join(read_alone)}, and makes the same: {made_alone == made == no_trouble}")
raise SystemExit(len(read) != 4 or len(read_alone) != 1 or "land" not in trouble or made_alone != made)
EOF2
env/bin/python batch.py
