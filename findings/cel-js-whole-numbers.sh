#!/bin/sh
# cel-js of the npm registry, for CEL, the language of Kubernetes' rules for its resources: in CEL a whole number divided by a whole
# number is whole (CEL's definition: "division of integers truncates"). cel-js divides as JavaScript does. So of a rule that
# 3 of 7 are enough, `self.ready >= self.replicas / 2`, it says no where the cluster says yes, and
# `self.replicas / 2 * 2 == self.replicas`, which asks for an even number, is true of each. And `true || 1/0 > 1` is an error,
# where CEL wants an error beside a true to be no matter. cel-python, and common-expression-language of the same index, agree
# with the definition; so does @marcbachmann/cel-js.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund cel-js@0.8.2 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check cel-python==0.5.0 2> pip.log || { cat pip.log; exit 2; }
cat > rules.json <<'EOT'
["7 / 2", "self.ready >= self.replicas / 2", "self.replicas / 2 * 2 == self.replicas", "true || 1 / 0 > 1"]
EOT
cat > rules.mjs <<'EOT'
import { readFileSync } from "node:fs";
import { evaluate } from "cel-js";

const asked = (rule) => {
  try {
    return evaluate(rule, { self: { ready: 3, replicas: 7 } });
  } catch (error) {
    return error.name;
  }
};
console.log(JSON.stringify(JSON.parse(readFileSync("rules.json", "utf8")).map(asked)));
EOT
node rules.mjs > seen.json
cat > compare.py <<'EOT'
import json
from importlib.metadata import version

import celpy

print("cel-js", json.load(open("node_modules/cel-js/package.json"))["version"], "cel-python", version("cel-python"))
rules, seen, guess = json.load(open("rules.json")), json.load(open("seen.json")), []
environment, resource = celpy.Environment(), celpy.json_to_cel({"ready": 3, "replicas": 7})
for rule in rules:
    try:
        value = environment.program(environment.compile(rule)).evaluate({"self": resource})
        guess.append(bool(value) if isinstance(value, celpy.celtypes.BoolType) else int(value))
    except celpy.CELEvalError:
        guess.append("an error")
for rule, one, other in zip(rules, guess, seen, strict=True):
    print(f"{rule}: one would guess, as cel-python: {one}; seen: {other}")
raise SystemExit(guess != [3, True, False, True] or seen != [3.5, False, True, "CelEvaluationError"])
EOT
venv/bin/python compare.py
