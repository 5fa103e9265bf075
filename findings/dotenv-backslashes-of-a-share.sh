#!/bin/sh
# One .env file for a service in Python and one in Node: within double quotes python-dotenv undoes each escape, as a shell
# does, and dotenv only `\n` and `\r`, and those wherever they stand, behind another backslash too. So the share \\nas\backup,
# written as "\\\\nas\\backup", has in Node a line's end in its midst and too many backslashes, and JSON with \" for its quotes
# is none there. In single quotes it is the other way about: Node keeps all, as a shell does, and Python makes one backslash
# of two. Only without quotes do the two agree, and there a shell would not.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund dotenv@18.0.10 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-dotenv==1.2.4 2> pip.log || { cat pip.log; exit 2; }
cat > .env <<'EOF'
SHARE="\\\\nas\\backup"
SINGLE='\\nas\backup'
FILTER="{\"status\": [\"running\"]}"
EOF
cat > read.mjs <<'EOF'
import { readFileSync } from "node:fs";
import dotenv from "dotenv";

process.stdout.write(JSON.stringify(dotenv.parse(readFileSync(".env", "utf8"))));
EOF
node read.mjs > seen.json
cat > compare.py <<'EOF'
import json
import subprocess
from importlib.metadata import version

from dotenv import dotenv_values

print("dotenv", json.load(open("node_modules/dotenv/package.json"))["version"], "python-dotenv", version("python-dotenv"))
print(open(".env").read(), end="")
python, node = dict(dotenv_values(".env")), json.load(open("seen.json"))
shell = subprocess.run(["sh", "-c", '. ./.env; printf "%s" "$SHARE"'], check=True, capture_output=True, text=True).stdout
for name in python:
    print(f"{name}: one would guess the same from both; seen in python-dotenv: {python[name]!r}; in dotenv: {node[name]!r}")
print("SHARE in sh:", repr(shell))
known_python = {"SHARE": "\\\\nas\\backup", "SINGLE": "\\nas\\backup", "FILTER": '{"status": ["running"]}'}
known = node == {"SHARE": "\\\\\\\nas\\\\backup", "SINGLE": "\\\\nas\\backup", "FILTER": '{\\"status\\": [\\"running\\"]}'}
raise SystemExit(not known or python != known_python)
EOF
venv/bin/python compare.py
