#!/bin/sh
# An IPv6 address among trusted hosts. A browser that opens http://[::1]:8000/ sends `Host: [::1]:8000`. Werkzeug compares
# the name that was asked for, without its port, with what stands before the first colon of each entry of the list: of
# `[::1]` that is `[`. So no entry can allow an address of IPv6, and a site that lists its own loopback address refuses it.
# Needs python3 and its package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check werkzeug==3.1.9 2> pip.log || { cat pip.log; exit 2; }
cat > ask.py <<'EOP'
from importlib.metadata import version

from werkzeug.sansio.utils import host_is_trusted

ENTRIES = ("[::1]", "::1", "[::1]:8000")
print("Werkzeug", version("werkzeug"))
print("127.0.0.1:8000, where 127.0.0.1 is listed:", host_is_trusted("127.0.0.1:8000", ["127.0.0.1"]))
found = {entry: host_is_trusted("[::1]:8000", [entry]) for entry in ENTRIES}
print("one would guess, for [::1]:8000:", dict.fromkeys(ENTRIES[:1], True), "at least")
print("seen, for [::1]:8000:           ", found)
raise SystemExit(any(found.values()))
EOP
venv/bin/python ask.py
