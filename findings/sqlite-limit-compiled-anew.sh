#!/bin/sh
# SQLite 3.53.4: a prepared statement with LIMIT ? is compiled anew at each execution, since the planner looks at the
# value of its limit. SQLAlchemy binds every limit, so each list of a web page pays for it. LIMIT ? + 0 is compiled once.
# Needs python3 (x86-64, Linux) and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pysqlite3==0.6.1 2> pip.log || { cat pip.log; exit 2; }
cat > limits.py <<'EOF'
from importlib.metadata import version

from pysqlite3 import dbapi2 as sqlite

TIMES = 100


def compilations(statement):
    """How often SQLite compiles a statement that is executed TIMES times: it asks its authorizer at each."""
    db, asked = sqlite.connect(":memory:", isolation_level=None), []
    db.execute("CREATE TABLE card (id INTEGER PRIMARY KEY, due INTEGER)")
    db.executemany("INSERT INTO card VALUES (?, ?)", [(number, number % 7) for number in range(100)])
    db.set_authorizer(lambda action, *about: asked.append(action) or sqlite.SQLITE_OK)
    for number in range(TIMES):
        assert len(db.execute(statement, (number % 7, 5)).fetchall()) == 5
    return asked.count(sqlite.SQLITE_SELECT)


bound = compilations("SELECT id FROM card WHERE due = ? LIMIT ?")
summed = compilations("SELECT id FROM card WHERE due = ? LIMIT ? + 0")
print("pysqlite3", version("pysqlite3"), "with SQLite", sqlite.sqlite_version)
print(f"one statement, executed {TIMES} times with the same limit from Python's cache of statements")
print("one would guess: compiled once, with LIMIT ? as with LIMIT ? + 0")
print(f"seen: compiled {bound} times with LIMIT ?, {summed} with LIMIT ? + 0")
raise SystemExit(bound < TIMES or summed != 1)
EOF
venv/bin/python limits.py
