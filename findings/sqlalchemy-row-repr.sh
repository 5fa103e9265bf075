#!/bin/sh
# SQLAlchemy: repr() of a Row leaves out the middle of long texts, though a Row is a tuple and a tuple's repr has all of it.
# Two rows that differ deep inside a text have the same repr, so a checksum or a comparison of reprs takes them for equal.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check SQLAlchemy==2.1.9 2> pip.log || { cat pip.log; exit 2; }
cat > rows.py <<'EOF'
from importlib.metadata import version

from sqlalchemy import create_engine, literal, select

BEFORE = "a" * 400 + " port 80 " + "b" * 400
AFTER = BEFORE.replace("80", "81")

with create_engine("sqlite://").connect() as connection:
    before, after = (connection.execute(select(literal(text))).one() for text in (BEFORE, AFTER))
print("SQLAlchemy", version("SQLAlchemy"))
print("two rows with one text of 800 letters each, the one with 'port 80' and the other with 'port 81' inside")
print("one would guess: the rows differ, and so do their reprs, as those of tuples do")
print(f"seen: rows equal {before == after}, reprs of tuples equal {repr(tuple(before)) == repr(tuple(after))},", end=" ")
print(f"reprs of rows equal {repr(before) == repr(after)}: {repr(before)[145:190]}")
raise SystemExit(before == after or repr(before) != repr(after))
EOF
venv/bin/python rows.py
