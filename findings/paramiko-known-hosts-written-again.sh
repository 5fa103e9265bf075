#!/bin/sh
# paramiko and the user's own ~/.ssh/known_hosts: `load_host_keys` and `save_host_keys`, between which nothing changes, and which
# also run when a new host is added by AutoAddPolicy. Of the file are left the lines that paramiko understands: comments
# and the host whose key is in a security key (sk-ssh-ed25519) are gone. A line of several patterns becomes one line for each, so
# an exception, `*.example.org,!old.example.org`, is none any more: ssh now finds a key for old.example.org, which the owner had
# taken out. `*.example.org` is no pattern to paramiko itself: of web.example.org it knows nothing. ssh-keygen is asked beside it.
# Needs python3, its package index and OpenSSH's ssh-keygen. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
command -v ssh-keygen > /dev/null || { echo "ssh-keygen is not here"; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check paramiko==5.1.0 2> pip.log || { cat pip.log; exit 2; }
ssh-keygen -q -t ed25519 -N '' -C '' -f key
cat > known_hosts <<EOT
# machines of the lab
*.example.org,!old.example.org $(cut -d' ' -f1,2 key.pub)
192.0.2.9 sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gAAAABHNzaDo=
EOT
cp known_hosts before
cat > write.py <<'EOT'
from importlib.metadata import version

import paramiko

print("paramiko", version("paramiko"))
client = paramiko.SSHClient()
client.load_host_keys("known_hosts")
print("paramiko's keys of web.example.org:", client.get_host_keys().lookup("web.example.org"))
client.save_host_keys("known_hosts")
EOT
venv/bin/python write.py
ssh -V 2>&1 || true
lines() { for host in web.example.org old.example.org 192.0.2.9; do echo "$host $(ssh-keygen -F "$host" -f "$1" | grep -vc '^#')"; done; }
echo "one would guess: the same file, and as many lines for each host as before:"
lines before
echo "seen:"
lines known_hosts
cut -c1-40 known_hosts
test "$(lines before | xargs)" = "web.example.org 1 old.example.org 0 192.0.2.9 1" &&
    test "$(lines known_hosts | xargs)" = "web.example.org 1 old.example.org 1 192.0.2.9 0" && ! grep -q machines known_hosts
