#!/bin/sh
# csvkit: to sort a question bank by its questions changes its answers. A cell of `none` or `.` is taken for no value in
# columns of text too, and comes out empty: Docker's network and the folder of `docker build .` are gone. If all answers of
# a file look like times or numbers, they are written anew as such: 22:22 as 0:22:22, mode 0600 as 600. csvcut, of the same
# kit, leaves them alone; so does csvsort with --no-inference --blanks.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check csvkit==2.2.0 agate==1.14.2 2> pip.log || { cat pip.log; exit 2; }
cat > words.csv <<'EOF'
question,answer
A network driver without a network,none
The folder that docker build begins in,.
The network driver if none is named,bridge
EOF
cat > ports.csv <<'EOF'
question,answer
Publish the port of ssh as itself,22:22
Publish the port of DNS as itself,53:53
EOF
cat > modes.csv <<'EOF'
question,answer
A private key's mode,0600
A program's mode,0755
EOF
cat > compare.py <<'EOF'
import csv
import subprocess
from importlib.metadata import version


def answers(command: str, file: str, *options: str) -> list[str]:
    words = [f"venv/bin/{command}", "-c", "question" if command == "csvsort" else "question,answer", *options, file]
    rows = csv.DictReader(subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines())
    return sorted(row["answer"] for row in rows)


print("csvkit", version("csvkit"), "agate", version("agate"))
files = ("words.csv", "ports.csv", "modes.csv")
before = [answers("csvcut", file) for file in files]
seen = [answers("csvsort", file) for file in files]
print("one would guess: the same answers in another order:", before)
print("seen:", seen)
asked = [answers("csvsort", file, "--no-inference", "--blanks") for file in files]
print("with --no-inference --blanks:", asked)
known = [["", "", "bridge"], ["0:22:22", "0:53:53"], ["600", "755"]]
raise SystemExit(seen != known or asked != before)
EOF
venv/bin/python compare.py
