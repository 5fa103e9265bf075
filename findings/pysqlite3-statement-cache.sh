#!/bin/sh
# pysqlite3: once a connection has executed 100 different statements, those that come later push out each other and are
# compiled anew at each execution, for as long as the connection lives. Python's own sqlite3 pushes out what was used
# longest ago. A web process that keeps its connections meets this after its first hundred statements.
# Needs python3 (x86-64, Linux) and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pysqlite3==0.6.1 2> pip.log || { cat pip.log; exit 2; }
cat > statements.py <<'EOF'
import platform
import sqlite3
from importlib.metadata import version

import pysqlite3


def compiled(driver, before, **options):
    """How many of ten statements are compiled when they are executed a second time, one after the other."""
    db, asked = driver.connect(":memory:", isolation_level=None, **options), []
    db.execute("CREATE TABLE card (id INTEGER PRIMARY KEY)")
    for number in range(before):
        db.execute(f"SELECT {number}, id FROM card").fetchall()
    db.set_authorizer(lambda action, *about: asked.append(action) or driver.SQLITE_OK)
    for _ in range(2):
        asked.clear()
        for number in range(10):
            db.execute(f"SELECT id, {number} FROM card").fetchall()
    return asked.count(driver.SQLITE_SELECT)


fresh, used, more = (
    compiled(pysqlite3, 0),
    compiled(pysqlite3, 100),
    compiled(pysqlite3, 100, cached_statements=1000),
)
own = compiled(sqlite3, 100)
print("pysqlite3", version("pysqlite3"), "with SQLite", pysqlite3.sqlite_version + ";", end=" ")
print("sqlite3 of Python", platform.python_version(), "with SQLite", sqlite3.sqlite_version)
print("ten statements are executed twice, one after the other, on a connection that has executed 100 others once")
print("one would guess: the second time none is compiled, since the cache lets go what was used longest ago")
print(f"seen: pysqlite3 compiles {used} of them ({fresh} without the others, {more} with cached_statements=1000),", end=" ")
print(f"sqlite3 {own}")
raise SystemExit(used < 10 or fresh > 0 or more > 0 or own > 0)
EOF
venv/bin/python statements.py
