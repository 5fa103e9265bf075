#!/bin/sh
# rapidfuzz with its own `default_process`, as its pages advise for text that people type (and thefuzz does by itself): what
# is not a letter or a digit becomes a blank, and so an answer such as $? or >> is empty. Of two empty texts `ratio` says 100
# and WRatio, QRatio and token_set_ratio say 0. So >> is no match for itself by one, and a full match for << and for $? by
# the other; -p and -P, two options of docker run, are the same. `extractOne`, which uses WRatio, finds nothing. Without
# the processor each of them is itself alone.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rapidfuzz==3.14.6 2> pip.log || { cat pip.log; exit 2; }
cat > answers.py <<'EOF'
from importlib.metadata import version

from rapidfuzz import fuzz, process, utils

PAIRS = ((">>", ">>"), (">>", "<<"), (">>", "$?"), ("-p", "-P"))
SCORERS = (fuzz.ratio, fuzz.WRatio, fuzz.QRatio, fuzz.token_set_ratio)


def scores(typed: str, right: str) -> list[int]:
    return [round(scorer(typed, right, processor=utils.default_process)) for scorer in SCORERS]


print("rapidfuzz", version("rapidfuzz"))
print("one would guess: a text is 100 % like itself by each measure, and two answers without a letter in common are not")
seen = {pair: scores(*pair) for pair in PAIRS}
for (typed, right), found in seen.items():
    print(f"seen: {typed} for {right}:", ", ".join(f"{one.__name__} {score}" for one, score in zip(SCORERS, found)))
best = process.extractOne(">>", [">>", ">", "|"], processor=utils.default_process, score_cutoff=1)
print("seen: the best of >>, >, | for >> is", best)
bare = [round(fuzz.WRatio(*pair)) for pair in PAIRS]
print("without the processor, WRatio:", bare)
known = {(">>", ">>"): [100, 0, 0, 0], (">>", "<<"): [100, 0, 0, 0], (">>", "$?"): [100, 0, 0, 0], ("-p", "-P"): [100] * 4}
raise SystemExit(seen != known or best is not None or bare[0] != 100 or max(bare[1:]) == 100)
EOF
venv/bin/python answers.py
