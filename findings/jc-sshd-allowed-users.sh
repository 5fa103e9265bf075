#!/bin/sh
# jc, which makes JSON of what commands print, on `sshd -T`, which prints the settings that a server really has: there each name
# that AllowUsers, AllowGroups, DenyUsers or DenyGroups has gets a line of its own, and so has each variable of SetEnv. jc
# keeps the last of them as a text. So an audit that looks for who may log in finds one user of three, and of two groups that
# are shut out one. Lists that jc knows (port, acceptenv, hostkey) are whole, and so is the file itself, which has
# the names on one line. The text below is what sshd of OpenSSH 9.2p1 (Debian 12) prints of
# `AllowUsers ann bob eve@192.0.2.0/24`, `DenyGroups guests lab` and `SetEnv A=b C=d`.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jc==1.26.1 2> pip.log || { cat pip.log; exit 2; }
cat > printed <<'EOT'
port 22
port 2222
allowusers ann
allowusers bob
allowusers eve@192.0.2.0/24
denygroups guests
denygroups lab
acceptenv LANG
acceptenv LC_*
setenv A=b
setenv C=d
EOT
cat > read.py <<'EOT'
from importlib.metadata import version

import jc

print("jc", version("jc"))
lines = [line.split() for line in open("printed")]
printed = {name: [value for other, value in lines if other == name] for name, _ in lines}
seen = jc.parse("sshd-conf", open("printed").read())
for name, values in printed.items():
    print(f"{name}: one would guess {values}; seen: {seen[name]!r}")
known = {"port": [22, 2222], "allowusers": "eve@192.0.2.0/24", "denygroups": "lab", "acceptenv": ["LANG", "LC_*"], "setenv": "C=d"}
raise SystemExit({name: seen[name] for name in printed} != known)
EOT
venv/bin/python read.py
