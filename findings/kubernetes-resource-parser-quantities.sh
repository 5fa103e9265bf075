#!/bin/sh
# kubernetes-resource-parser of the npm registry, beside Kubernetes' own Python client: a memory of 1.5Gi is read as 1, since
# what follows the point is dropped together with the unit; of 1e9 it is 1 too, and 2.5G is 2. So a sum of requests says
# that there is room on a full node. A CPU in nanocores, as the metrics of a pod (`kubectl get --raw` of metrics.k8s.io)
# have it, is read as so many whole ones: 250000n, a four-thousandth of a core, is 250000 cores.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund kubernetes-resource-parser@0.1.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kubernetes==37.0.2 2> pip.log || { cat pip.log; exit 2; }
cat > read.mjs <<'EOF'
import { cpuParser, memoryParser } from "kubernetes-resource-parser";

const memory = ["512Mi", "1.5Gi", "2.5G", "1e9"];
const cpu = ["250m", "0.5", "250000n"];
console.log(JSON.stringify([...memory.map((text) => [text, memoryParser(text)]), ...cpu.map((text) => [text, cpuParser(text)])]));
EOF
node read.mjs > seen.json
cat > compare.py <<'EOF'
import json
from importlib.metadata import version

from kubernetes.utils.quantity import parse_quantity

print("kubernetes-resource-parser", json.load(open("node_modules/kubernetes-resource-parser/package.json"))["version"], end=", ")
print("kubernetes", version("kubernetes"))
seen = {text: number for text, number in json.load(open("seen.json"))}
for text, number in seen.items():
    print(f"{text}: one would guess {float(parse_quantity(text)):.10g}; seen {number}")
known = {"512Mi": 536870912, "1.5Gi": 1, "2.5G": 2, "1e9": 1, "250m": 0.25, "0.5": 0.5, "250000n": 250000}
raise SystemExit(seen != known)
EOF
venv/bin/python compare.py
