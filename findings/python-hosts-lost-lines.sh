#!/bin/sh
# python-hosts, which edits /etc/hosts: a line whose address has a zone, as fe80::1%eth0 has, is no line that it knows, and
# so it is not written again; nothing is said, and any change of the file loses it. And `force`, which is to replace the
# entry of a name, takes away the whole line that has the name: with a new address for `web` the other names of the old
# line are gone as well, and its comment.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-hosts==1.1.3 2> pip.log || { cat pip.log; exit 2; }
cat > hosts <<'EOF'
127.0.0.1 localhost
fe80::1%eth0 router
192.0.2.5 web api mail # the old machine
EOF
cat > edit.py <<'EOF'
from importlib.metadata import version

from python_hosts import Hosts, HostsEntry

print("python-hosts", version("python-hosts"))
print(open("hosts").read())
file = Hosts(path="hosts")
file.add([HostsEntry(entry_type="ipv4", address="192.0.2.9", names=["web"])], force=True)
file.write()
print("one would guess, with another address for web: the line of router, and api and mail with the old address")
seen = open("hosts").read()
print("seen:")
print(seen)
raise SystemExit([line.split() for line in seen.splitlines()] != [["127.0.0.1", "localhost"], ["192.0.2.9", "web"]])
EOF
venv/bin/python edit.py
