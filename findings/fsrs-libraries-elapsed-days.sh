#!/bin/sh
# FSRS in Python and in TypeScript, same weights and same reviews: "days since the last review" are whole 24 hours in
# `fsrs` and changes of the UTC date in `ts-fsrs`. A review two hours after another, over midnight in Greenwich, is one of
# the same day for the one and one a day later for the other, and the memory states part for good.
# Needs python3, node, npm and their package indexes. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check fsrs==6.3.2 2> pip.log || { cat pip.log; exit 2; }
npm install --silent --no-audit --no-fund ts-fsrs@5.4.2 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > reviews.mjs <<'EOF'
import { createEmptyCard, fsrs, generatorParameters, Rating } from "ts-fsrs";

const { weights, times } = JSON.parse(process.argv[2]);
const scheduler = fsrs(generatorParameters({ w: weights, enable_fuzz: false, enable_short_term: true }));
let card = createEmptyCard(new Date(times[0]));
for (const time of times) card = scheduler.next(card, new Date(time), Rating.Good).card;
console.log(card.stability);
EOF
cat > compare.py <<'EOF'
import json
import subprocess
from datetime import datetime
from importlib.metadata import version

from fsrs import Card, Rating, Scheduler

SCHEDULER = Scheduler(enable_fuzzing=False)
LEARNT = ["2026-01-01T20:00:00+00:00", "2026-01-01T20:11:00+00:00"]
CASES = {
    "two hours later, the same date": [*LEARNT, "2026-01-04T21:00:00+00:00", "2026-01-04T23:00:00+00:00"],
    "two hours later, past midnight": [*LEARNT, "2026-01-04T23:00:00+00:00", "2026-01-05T01:00:00+00:00"],
}


def python_stability(times: list[str]) -> float:
    card = Card()
    for time in times:
        card, _ = SCHEDULER.review_card(card, Rating.Good, datetime.fromisoformat(time))
    return card.stability


def typescript_stability(times: list[str]) -> float:
    task = json.dumps({"weights": list(SCHEDULER.parameters), "times": times})
    return float(subprocess.run(["node", "reviews.mjs", task], check=True, capture_output=True, text=True).stdout)


print("fsrs", version("fsrs"), "ts-fsrs", json.load(open("node_modules/ts-fsrs/package.json"))["version"])
print("four reviews rated Good, the last one two hours after the third: stability in days at the end")
print("one would guess: the same in both libraries, for both")
agrees = []
for name, times in CASES.items():
    python, typescript = python_stability(times), typescript_stability(times)
    agrees.append(abs(python - typescript) < 0.01)
    print(f"seen, {name}: fsrs {python:.2f}, ts-fsrs {typescript:.2f}")
raise SystemExit(agrees != [True, False])
EOF
venv/bin/python compare.py
