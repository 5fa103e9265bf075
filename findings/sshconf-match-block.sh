#!/bin/sh
# sshconf, which reads and edits ~/.ssh/config for Python: it knows `Host name` and nothing else that begins a block. What
# stands below `Match`, or below `Host=name`, which OpenSSH takes as well, counts for the host before it. So to give the host
# `lab` a user changes the user of the Match block for another machine, and `lab` gets none; nothing is said. The next login
# to 192.0.2.7 is as somebody else.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sshconf==0.2.7 2> pip.log || { cat pip.log; exit 2; }
cat > config <<'EOF'
Host lab
  Port 22

Match host 192.0.2.7
  User root

Host=db
  Port 2222
EOF
cat > edit.py <<'EOF'
from importlib.metadata import version

import sshconf

print("sshconf", version("sshconf"))
file = sshconf.read_ssh_config("config")
print("one would guess: hosts lab and db; after set('lab', User='ops') the line `User ops` is below `Host lab`")
print("seen, hosts:", file.hosts(), "and of lab:", file.host("lab"))
file.set("lab", User="ops")
print("seen, written:")
print(file.config())
blocks = file.config().split("\n\n")
known = file.hosts() == ("lab",) and "User" not in blocks[0] and blocks[1].split("\n") == ["Match host 192.0.2.7", "  User ops"]
raise SystemExit(not known)
EOF
venv/bin/python edit.py
