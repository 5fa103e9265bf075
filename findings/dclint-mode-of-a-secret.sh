#!/bin/sh
# dclint --fix, which puts a Compose file in order: the mode of a secret or a config, 0440 in Compose's own examples, loses its
# zero. Compose's YAML takes a number with a zero in front for an octal one, as PyYAML does here, so the file that only its
# owner and group could read now has the mode 0670: the group may write it, and the owner may run it. No rule names the
# change; to print the file anew is enough for it. Numbers in quotes stay.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund dclint@3.1.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.4 2> pip.log || { cat pip.log; exit 2; }
cat > compose.yaml <<'EOF'
name: web
services:
  web:
    image: nginx:1.27
    secrets:
      - source: key
        mode: 0440
secrets:
  key:
    file: ./key.pem
EOF
cp compose.yaml before.yaml
node_modules/.bin/dclint --fix compose.yaml > dclint.log 2>&1 || true  # it also has an opinion about other things
cat > compare.py <<'EOF'
import json
from importlib.metadata import version

import yaml

print("dclint", json.load(open("node_modules/dclint/package.json"))["version"], "PyYAML", version("PyYAML"))
modes = [yaml.safe_load(open(name))["services"]["web"]["secrets"][0]["mode"] for name in ("before.yaml", "compose.yaml")]
line = next(line.strip() for line in open("compose.yaml") if "mode" in line)
print(f"one would guess: mode {modes[0]:04o}, as before")
print(f"seen: {line}, which is mode {modes[1]:04o}")
raise SystemExit(modes != [0o440, 440] or line != "mode: 440")
EOF
venv/bin/python compare.py
