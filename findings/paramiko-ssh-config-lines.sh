#!/bin/sh
# paramiko and the user's own ~/.ssh/config, which Fabric and the docker SDK (for ssh:// addresses) read by it: OpenSSH allows
# a comment behind a value, paramiko takes it for part of the value. So `User lab # of the lab` logs in as a user with that
# whole name, and the port is no number. And of several SendEnv lines, which OpenSSH adds up, it keeps the first, though it
# adds up those of LocalForward and IdentityFile.
# Needs python3 and the Python package index; asks `ssh -G` too, where OpenSSH is installed. Exits with 1 once this has
# changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check paramiko==5.1.0 2> pip.log || { cat pip.log; exit 2; }
cat > config <<'EOF'
Host db
  User lab # of the lab
  Port 2222 # not 22
  SendEnv LANG
  SendEnv TERM
EOF
cat > read.py <<'EOF'
from importlib.metadata import version

from paramiko import SSHConfig

print("paramiko", version("paramiko"))
print("one would guess:", {"user": "lab", "port": "2222", "sendenv": "LANG and TERM"})
found = SSHConfig.from_path("config").lookup("db")
seen = {name: found[name] for name in ("user", "port", "sendenv")}
print("seen:           ", seen)
raise SystemExit(seen != {"user": "lab # of the lab", "port": "2222 # not 22", "sendenv": "LANG"})
EOF
venv/bin/python read.py
if command -v ssh > /dev/null; then
    ssh -V 2>&1
    ssh -G -F config db | grep -E '^(user|port|sendenv) '
fi
