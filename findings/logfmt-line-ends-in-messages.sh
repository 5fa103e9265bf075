#!/bin/sh
# Readers of lines such as `level=error msg="..."`, as dockerd, containerd and other programs in Go write them, which put \n
# into a message for each end of a line. logfmt and @jclem/logfmt2 of npm make an `n` of it, so words run together: of "no
# route", "to the host" comes "no routento the host". logfmt for Python does too and then misses the quote that ends the
# message: the next key stands in it, and the words of that key's value are keys of their own. logfmtkv, of the same index,
# reads the line rightly.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund logfmt@1.4.0 @jclem/logfmt2@2.4.3 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check logfmt==0.4 logfmtkv==0.2.1 2> pip.log || { cat pip.log; exit 2; }
printf '%s\n' 'level=error msg="no route\nto the host" unit="docker service" code=113' > line.log
cat > read.mjs <<'EOF'
import { readFileSync } from "node:fs";
import logfmt2 from "@jclem/logfmt2";
import logfmt from "logfmt";

const line = readFileSync("line.log", "utf8").trimEnd();
process.stdout.write(JSON.stringify({ "logfmt of npm": logfmt.parse(line), "@jclem/logfmt2": logfmt2.decode(line) }));
EOF
node read.mjs > read.json
cat > compare.py <<'EOF'
import json
from importlib.metadata import version

import logfmt
import logfmtkv

for name in ("logfmt", "@jclem/logfmt2"):
    print(name, json.load(open(f"node_modules/{name}/package.json"))["version"], end=", ")
print("logfmt for Python", version("logfmt"), "logfmtkv", version("logfmtkv"))
line = open("line.log").read()
guess = logfmtkv.parse(line.rstrip("\n"))
seen = json.load(open("read.json"))
seen["logfmt for Python"] = next(logfmt.parse(open("line.log")))
print("the line:", line, end="")
print("one would guess, as logfmtkv:", guess)
for name, read in seen.items():
    print(f"{name}, seen:", read)
known = guess["msg"] == "no route\nto the host" and guess["unit"] == "docker service"
for name in ("logfmt of npm", "@jclem/logfmt2"):
    known = known and seen[name]["msg"] == "no routento the host" and seen[name]["unit"] == "docker service"
lost = {"level": "error", "msg": 'no routento the host" unit=', "docker": True, "service": True, "code": "113"}
raise SystemExit(not known or seen["logfmt for Python"] != lost)
EOF
venv/bin/python compare.py
