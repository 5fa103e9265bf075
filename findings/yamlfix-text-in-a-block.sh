#!/bin/sh
# yamlfix, a formatter of YAML files "that keeps your comments", on a ConfigMap: what stands in a block of text (`|`) is data, a
# file that a container will find. The blank lines in it are taken out, two blanks come before a `#` in it, and a block that
# ends the file loses the end of its last line (`|-`). So paragraphs run together, and a `read` loop over the mounted file
# misses its last line.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check yamlfix==1.19.1 PyYAML==6.0.4 2> pip.log || { cat pip.log; exit 2; }
cat > config.yaml <<'EOF'
kind: ConfigMap
data:
  motd: |
    Welcome

    Be kind.
  check.sh: |
    curl -s web:80 # the page
EOF
cp config.yaml before.yaml
venv/bin/yamlfix config.yaml > yamlfix.log 2>&1 || { cat yamlfix.log; exit 2; }
cat > compare.py <<'EOF'
from importlib.metadata import version

import yaml

before, seen = (yaml.safe_load(open(name))["data"] for name in ("before.yaml", "config.yaml"))
print("yamlfix", version("yamlfix"), "PyYAML", version("PyYAML"))
print("one would guess: the same data, written in another way:", before)
print("seen:", seen)
known = {"motd": "Welcome\nBe kind.\n", "check.sh": "curl -s web:80  # the page"}
raise SystemExit(seen != known or before == seen)
EOF
venv/bin/python compare.py
