#!/bin/sh
# jc, which makes JSON of what commands print, on `ufw status verbose`: a rule that was made from a profile has its name in
# brackets behind the ports, `80,443/tcp (Nginx Full)`. Of such a rule jc keeps the first port and no protocol: port 80 for any
# one, and 443 is nowhere, so a search of open ports does not find it; of Samba's 137,138/udp it is 137 for TCP as well. A profile
# with one port, `22/tcp (OpenSSH)`, is a service of that whole name, without a port. Without the name all is read rightly.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jc==1.26.1 2> pip.log || { cat pip.log; exit 2; }
cat > printed <<'EOT'
Status: active
Logging: on (low)
Default: deny (incoming), allow (outgoing), disabled (routed)
New profiles: skip

To                         Action      From
--                         ------      ----
80,443/tcp                 ALLOW IN    Anywhere
80,443/tcp (Nginx Full)    ALLOW IN    Anywhere
137,138/udp (Samba)        ALLOW IN    192.0.2.0/24
22/tcp (OpenSSH)           ALLOW IN    Anywhere
EOT
cat > read.py <<'EOT'
from importlib.metadata import version

import jc

print("jc", version("jc"))
rules = jc.parse("ufw", open("printed").read())["rules"]
seen = [(rule.get("to_ports"), rule["to_transport"], rule["to_service"]) for rule in rules]
guess = [([80, 443], "tcp"), ([80, 443], "tcp"), ([137, 138], "udp"), ([22], "tcp")]
for line, one, other in zip(open("printed").read().splitlines()[7:], guess, seen, strict=True):
    print(f"{line[:24].strip()}: one would guess {one}; seen: {other}")
known = [([80, 443], "tcp", None), ([80], "any", None), ([137], "any", None), (None, None, "22/tcp (OpenSSH)")]
raise SystemExit(seen != known)
EOT
venv/bin/python read.py
