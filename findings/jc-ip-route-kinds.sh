#!/bin/sh
# jc, which makes JSON of what commands print: of a route that drops or refuses packets only the first word is kept. `ip
# route` prints `blackhole 192.0.2.0/24`; jc takes the word for the address, and the network that nobody reaches any more
# is nowhere in the JSON, so a search for it says that there is no such route. The same with unreachable, prohibit and local.
# In `ss`, of an address with a zone the bracket is opened and not closed.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jc==1.26.1 2> pip.log || { cat pip.log; exit 2; }
cat > routes.py <<'EOF'
import jc

ROUTES = """default via 172.17.0.1 dev eth0
172.17.0.0/16 dev eth0 proto kernel scope link src 172.17.0.2
blackhole 192.0.2.0/24
unreachable 198.51.100.0/24 metric 5
"""
SOCKETS = """Netid State  Recv-Q Send-Q     Local Address:Port Peer Address:Port
tcp   LISTEN 0      128                [::1]:631        [::]:*
tcp   ESTAB  0      0         [fe80::1%eth0]:22    [fe80::2]:51000
"""
print("jc", jc.__version__)
print("one would guess: each network of", ROUTES.strip().splitlines()[2:], "is in what is read")
routes = jc.parse("ip_route", ROUTES)
for route in routes:
    print("seen:", route)
sockets = [one["local_address"] for one in jc.parse("ss", SOCKETS)]
print("seen of ss:", sockets)
lost = not any("192.0.2.0" in str(route) or "198.51.100.0" in str(route) for route in routes)
known = [route["ip"] for route in routes] == ["default", "172.17.0.0/16", "blackhole", "unreachable"] and lost
raise SystemExit(not known or sockets != ["[::1]", "[fe80::1"])
EOF
venv/bin/python routes.py
