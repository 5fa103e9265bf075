#!/bin/sh
# parse-prometheus-text-format of the npm registry, which makes objects of what /metrics prints: of a histogram with a label,
# as one by path or by status is, all series are laid over each other without their labels. What is left are the buckets of
# the last one, as if they were of all, and no sum and no count at all, so neither an average nor a rate can be had. A
# summary goes the same way. Counters and gauges keep their labels; without labels a histogram is read rightly.
# prometheus-client, Prometheus' own for Python, reads both series.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund parse-prometheus-text-format@1.1.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check prometheus-client==0.26.0 2> pip.log || { cat pip.log; exit 2; }
cat > metrics.txt <<'EOF'
# TYPE request_seconds histogram
request_seconds_bucket{path="/a",le="0.1"} 3
request_seconds_bucket{path="/a",le="+Inf"} 5
request_seconds_sum{path="/a"} 1.5
request_seconds_count{path="/a"} 5
request_seconds_bucket{path="/b",le="0.1"} 30
request_seconds_bucket{path="/b",le="+Inf"} 50
request_seconds_sum{path="/b"} 15
request_seconds_count{path="/b"} 50
EOF
cat > read.mjs <<'EOF'
import { readFileSync } from "node:fs";
import parse from "parse-prometheus-text-format";

process.stdout.write(JSON.stringify(parse(readFileSync("metrics.txt", "utf8"))[0].metrics));
EOF
node read.mjs > seen.json
cat > compare.py <<'EOF'
import json
from importlib.metadata import version

from prometheus_client.parser import text_string_to_metric_families

name = "parse-prometheus-text-format"
print(name, json.load(open(f"node_modules/{name}/package.json"))["version"], "prometheus-client", version("prometheus-client"))
(family,) = text_string_to_metric_families(open("metrics.txt").read())
counts = {sample.labels["path"]: sample.value for sample in family.samples if sample.name.endswith("_count")}
seen = json.load(open("seen.json"))
print("one would guess: two series, with counts, as prometheus-client:", counts)
print("seen:", seen)
raise SystemExit(counts != {"/a": 5, "/b": 50} or seen != [{"buckets": {"0.1": "30", "+Inf": "50"}}])
EOF
venv/bin/python compare.py
