#!/bin/sh
# A recorded shell on the way to a web page. Each prompt of bash 5.1 and later switches bracketed paste on, and those of Debian
# and Ubuntu set the window's title too; neither is to be seen in a terminal. ansi-to-html and Python's ansi2html show both,
# `?2004h` and the whole title, at each prompt, and `?2004l` behind each command; fancy-ansi and ansi_up show the title. So a
# lesson made of a recording has the prompt twice, and marks at a command that a reader takes for part of it.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund fancy-ansi@0.1.3 ansi_up@6.0.6 ansi-to-html@0.7.2 > npm.log 2>&1 ||
    { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ansi2html==1.9.5 2> pip.log || { cat pip.log; exit 2; }
cat > show.mjs <<'EOF'
import { readFileSync } from "node:fs";
import Convert from "ansi-to-html";
import { AnsiUp } from "ansi_up";
import { FancyAnsi } from "fancy-ansi";

const output = readFileSync("recorded", "utf8");
console.log(JSON.stringify({
  "ansi-to-html": new Convert().toHtml(output),
  "fancy-ansi": new FancyAnsi().toHtml(output),
  ansi_up: new AnsiUp().ansi_to_html(output),
}));
EOF
printf '\033[?2004h\033]0;ops@db: ~\aops@db:~$ ls\033[?2004l' > recorded
node show.mjs > seen.json
cat > compare.py <<'EOF'
import json
from importlib.metadata import version

from ansi2html import Ansi2HTMLConverter

seen = json.load(open("seen.json"))
names = ", ".join(f"{name} {json.load(open(f'node_modules/{name}/package.json'))['version']}" for name in seen)
print(names, "and ansi2html", version("ansi2html"))
seen["ansi2html"] = Ansi2HTMLConverter().convert(open("recorded").read(), full=False)
seen = {name: "".join(letter for letter in text if letter.isprintable()) for name, text in seen.items()}
print("one would guess: ops@db:~$ ls")
for name, text in seen.items():
    print(f"seen, {name}: {text}")
title = "]0;ops@db: ~ops@db:~$ ls"
known = {"ansi-to-html": f"?2004h{title}?2004l", "fancy-ansi": title, "ansi_up": title, "ansi2html": f"[?2004h{title}[?2004l"}
raise SystemExit(seen != known)
EOF
venv/bin/python compare.py
