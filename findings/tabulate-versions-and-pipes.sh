#!/bin/sh
# Tables for Markdown from tabulate and its like, of cells that are all text: tabulate reads what looks like a number as one,
# so of versions 20.10 becomes 20.1 and 1.10 becomes 1.1, which is another version; pytablewriter makes mode 0600 of a
# file 600. A pipe in a cell, as in `ps aux | grep ssh`, is written as it is by tabulate, prettytable and snakemd: a reader of
# GitHub's tables begins a further cell there and leaves out what is too much, so the rest of the command is gone.
# tabulate has disable_numparse=True against the first, and nothing against the second; pytablewriter escapes pipes.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tabulate==0.10.0 prettytable==3.18.0 pytablewriter==1.2.1 \
    SnakeMD==2.4.1 markdown-it-py==4.3.0 2> pip.log || { cat pip.log; exit 2; }
cat > tables.py <<'EOF'
import html
import re
from importlib.metadata import version

import pytablewriter
import snakemd
from markdown_it import MarkdownIt
from prettytable import PrettyTable, TableStyle
from tabulate import tabulate

HEAD = ["What", "It is"]
VERSIONS = [["Engine", "20.10"], ["API", "1.41"]]
MODES = [["Private key", "0600"], ["Program", "0755"]]
COMMANDS = [["Is ssh there?", "ps aux | grep ssh"]]


def by_tabulate(rows: list[list[str]]) -> str:
    return tabulate(rows, HEAD, tablefmt="github")


def by_prettytable(rows: list[list[str]]) -> str:
    table = PrettyTable(HEAD)
    table.add_rows(rows)
    table.set_style(TableStyle.MARKDOWN)
    return table.get_string()


def by_pytablewriter(rows: list[list[str]]) -> str:
    return pytablewriter.MarkdownTableWriter(headers=HEAD, value_matrix=rows).dumps()


def by_snakemd(rows: list[list[str]]) -> str:
    document = snakemd.Document()
    document.add_table(HEAD, rows)
    return str(document)


def last_cells(table: str) -> list[str]:
    cells = re.findall("<td[^>]*>(.*?)</td>", MarkdownIt("commonmark").enable("table").render(table))
    return [html.unescape(cell) for cell in cells[1::2]]


print("one would guess, of each: ['20.10', '1.41'] ['0600', '0755'] ['ps aux | grep ssh']")
seen = {}
for name, write in (
    ("tabulate", by_tabulate), ("prettytable", by_prettytable), ("pytablewriter", by_pytablewriter), ("snakemd", by_snakemd)
):
    seen[name] = [last_cells(write(rows)) for rows in (VERSIONS, MODES, COMMANDS)]
    print(f"seen, {name} {version(name)}:", *seen[name])
whole, cut = ["ps aux | grep ssh"], ["ps aux"]
known = {
    "tabulate": [["20.1", "1.41"], ["0600", "0755"], cut],
    "prettytable": [["20.10", "1.41"], ["0600", "0755"], cut],
    "pytablewriter": [["20.10", "1.41"], ["600", "755"], whole],
    "snakemd": [["20.10", "1.41"], ["0600", "0755"], cut],
}
raise SystemExit(seen != known)
EOF
venv/bin/python tables.py
