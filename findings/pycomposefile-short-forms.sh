#!/bin/sh
# pycomposefile, which makes objects of a Compose file for Python: of the short forms it knows the plain ones. `53:53/udp`
# has the protocol `/udp`; 3000-3001:3000-3001 is port 3000 of the container, published by chance, and nothing of 3001; of
# [::1]:80:80, loopback alone, the port is 1 and the address is gone. A volume with `:ro` may be written, and a command that
# is one text is one word, which no program is named like. No error is raised.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pycomposefile==0.0.34 2> pip.log || { cat pip.log; exit 2; }
cat > read.py <<'EOF'
from importlib.metadata import version

from pycomposefile import ComposeFile

PORTS = {
    "127.0.0.1:8080:80": ("8080", "80", "127.0.0.1", "tcp"),
    "53:53/udp": ("53", "53", None, "/udp"),
    "3000-3001:3000-3001": (None, "3000", None, "tcp"),
    "[::1]:80:80": (None, "1", None, "tcp"),
}
web = ComposeFile(
    {
        "services": {
            "web": {
                "image": "nginx:1.27",
                "ports": list(PORTS),
                "volumes": ["./data:/data:ro"],
                "command": "nginx -g 'daemon off;'",
            }
        }
    }
).services["web"]
print("pycomposefile", version("pycomposefile"))
seen = [(port.published, port.target, port.host_ip, port.protocol) for port in web.ports]
for written, read in zip(PORTS, seen):
    print(f"{written}: seen published {read[0]}, target {read[1]}, address {read[2]}, protocol {read[3]}")
print("./data:/data:ro: one would guess read-only; seen read_only:", web.volumes[0].read_only)
print("the command: one would guess ['nginx', '-g', 'daemon off;']; seen", list(web.command))
known = seen == list(PORTS.values()) and web.volumes[0].read_only is None and list(web.command) == ["nginx -g 'daemon off;'"]
raise SystemExit(not known)
EOF
venv/bin/python read.py
