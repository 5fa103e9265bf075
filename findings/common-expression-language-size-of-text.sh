#!/bin/sh
# common-expression-language, the CEL for Python that is built on Rust: `size` of a text counts the bytes of its UTF-8. CEL's
# definition has it count the characters ("string length in unicode code points"), and so do Kubernetes, Google's own, and
# cel-python of the same index. So a rule that a name be at most ten long refuses "Übungsraum", which a cluster takes, and one that
# a text be at least five takes two Japanese letters. All-English tests show no difference.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check common-expression-language==0.10.0 2> pip.log || { cat pip.log; exit 2; }
python3 -m venv other
other/bin/pip install --quiet --disable-pip-version-check cel-python==0.5.0 2> pip.log || { cat pip.log; exit 2; }
cat > other.py <<'EOT'
import json
import sys

import celpy

environment = celpy.Environment()
asked = ((environment.program(environment.compile(rule)), {"name": celpy.celtypes.StringType(name)}) for rule, name in json.loads(sys.argv[1]))
print(json.dumps([int(program.evaluate(value)) for program, value in asked]))
EOT
cat > compare.py <<'EOT'
import json
import subprocess
from importlib.metadata import version

import cel

print("common-expression-language", version("common-expression-language"))
asked = [("size(name)", "Übungsraum"), ("name.size() <= 10", "Übungsraum"), ("size(name) >= 5", "東京"), ("size(name)", "web")]
command = ["other/bin/python", "other.py", json.dumps(asked)]
guess = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
seen = [int(cel.evaluate(rule, {"name": name})) for rule, name in asked]
for (rule, name), one, other in zip(asked, guess, seen, strict=True):
    print(f"{rule} of {name}: one would guess, as cel-python 0.5.0: {one}; seen: {other}")
raise SystemExit(guess != [10, 1, 0, 3] or seen != [11, 0, 1, 3])
EOT
venv/bin/python compare.py
