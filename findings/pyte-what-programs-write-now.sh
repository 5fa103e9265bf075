#!/bin/sh
# pyte, a terminal in Python whose screen tests and recorders read: some of what programs write now ends up as text on it. A
# curly underline, SGR 4:3 (as editors and compilers mark errors), shows `3m` in front of the word; what an editor asks a
# terminal by DCS, such as `+q544e`, stands in the first line. A run of a sign that curses writes as one sign and a count
# (REP, in the terminal descriptions of xterm) is one sign long. And there is no second screen: when a pager has ended, its
# page is still there and the prompt comes behind it, while a terminal shows the first screen again.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyte==0.8.2 2> pip.log || { cat pip.log; exit 2; }
cat > screens.py <<'EOF'
from importlib.metadata import version

import pyte

CASES = {
    "a curly underline": ("\x1b[4:3mwarning\x1b[m: unused", ["warning: unused"], ["3mwarning: unused"]),
    "a question by DCS": ("\x1bP+q544e\x1b\\$ ls", ["$ ls"], ["+q544e$ ls"]),
    "a line of ten dashes": ("-\x1b[9b+", ["----------+"], ["-+"]),
    "a pager that has ended": (
        "$ less notes\r\n\x1b[?1049h\x1b[H\x1b[2Jpage one\r\npage two\x1b[?1049l$ ls",
        ["$ less notes", "$ ls"],
        ["page one", "page two$ ls"],
    ),
}


def shown(output: str) -> list[str]:
    screen = pyte.Screen(24, 3)
    pyte.Stream(screen).feed(output)
    return [line.rstrip() for line in screen.display if line.strip()]


print("pyte", version("pyte"))
changed = False
for name, (output, guess, known) in CASES.items():
    seen = shown(output)
    print(f"{name}: one would guess {guess}; seen {seen}")
    changed = changed or seen != known
raise SystemExit(changed)
EOF
venv/bin/python screens.py
