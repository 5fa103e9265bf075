#!/bin/sh
# SQLAlchemy: a plain value inside case() is stored past the type of the column that it is assigned to. A column whose
# TypeDecorator keeps times as integers gets a text from UPDATE ... SET x = CASE, and an integer from SET x = value.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sqlalchemy==2.1.9 2> pip.log || { cat pip.log; exit 2; }
cat > stored.py <<'EOF'
import sqlite3
import warnings
from datetime import datetime
from importlib.metadata import version

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, TypeDecorator, case, create_engine, text

warnings.simplefilter("ignore")  # Python's own, of the text that is stored


class Seconds(TypeDecorator):
    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else int(value.timestamp())


times = Table("times", MetaData(), Column("id", Integer, primary_key=True), Column("until", Seconds))
engine = create_engine("sqlite://")
now = datetime(2026, 11, 29, 12)
with engine.begin() as connection:
    times.metadata.create_all(connection)
    connection.execute(times.insert().values(id=1, until=now))
    kind = text("SELECT typeof(until) FROM times")
    connection.execute(times.update().values(until=now))
    plain = connection.execute(kind).scalar()
    connection.execute(times.update().values(until=case((times.c.id == 1, now), else_=times.c.until)))
    within = connection.execute(kind).scalar()
print("SQLAlchemy", version("sqlalchemy"), "and SQLite", sqlite3.sqlite_version)
print("the type of what a column of integers holds after it was set to a datetime, plain and within case()")
print("one would guess: integer, integer")
print(f"seen:            {plain}, {within}")
raise SystemExit((plain, within) != ("integer", "text"))
EOF
venv/bin/python stored.py
