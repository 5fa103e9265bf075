#!/bin/sh
# promql-parser, Prometheus' language for Python: `str` of a query that was read gives another query. What is escaped in a text comes
# out bare, so of the path "C:\\new" the second reading has a line's end in it, and an address with its dots escaped,
# "10\\.0\\.0\\.1", is no query any more, nor is a text with quotes or a label with a dot. A range of 1500ms is one of 1s. And a
# subquery, x[5m:], which asks for values at even steps, becomes x[5m], the samples themselves. `prettify` of the same object
# gives all of them rightly. So a tool that adds a label to each query and writes it by `str` changes alerts, in silence.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check promql-parser==0.11.0 2> pip.log || { cat pip.log; exit 2; }
cat > write.py <<'EOT'
from importlib.metadata import version

import promql_parser

print("promql-parser", version("promql-parser"))
KNOWN = {
    r'x{path="C:\\new"}': 'x{path="C:\\new"}',
    r'x{ip=~"10\\.0\\.0\\.1"}': r'x{ip=~"10\.0\.0\.1"}',
    r'x{name="the \"lab\""}': 'x{name="the "lab""}',
    'x{"host.name"="web"}': 'x{host.name="web"}',
    "rate(x[1500ms])": "rate(x{}[1s])",
    "max_over_time(x[5m:])": "max_over_time(x{}[5m])",
}
same = True
for query, known in KNOWN.items():
    read = promql_parser.parse(query)
    seen = str(read)
    try:
        again = promql_parser.parse(seen).prettify()
    except ValueError as error:
        again = f"an error: {error}"
    print(f"one would guess: {query}; by prettify: {read.prettify()}\n  seen: {seen}\n  which is read as: {again}")
    same = same and seen == known and again != read.prettify()
raise SystemExit(not same)
EOT
venv/bin/python write.py
