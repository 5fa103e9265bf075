#!/bin/sh
# hier-config, which works out what to type at a Cisco device to bring its configuration to another one: to change a banner it takes
# the old one away by `no banner motd ^C` with all of the old text behind it. IOS takes `no banner motd` as one line (Cisco's
# command reference) and waits for no text, so each line of the old banner is typed as a command: here `exit`, which leaves
# the configuration, so that what comes behind it is typed elsewhere and is refused. Most of a banner is no command and only
# an error, so it works as long as nobody writes one. `banner motd` alone would put the new text in the old one's place.
# Needs python3 and the Python package index; no device. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check hier-config==3.7.1 2> pip.log || { cat pip.log; exit 2; }
cat > running <<'EOT'
hostname edge
banner motd ^C
To leave, type
exit
^C
ntp server 192.0.2.1
EOT
cat > wanted <<'EOT'
hostname edge
banner motd ^C
Welcome
^C
ntp server 192.0.2.2
EOT
cat > change.py <<'EOT'
from importlib.metadata import version

from hier_config import Platform, WorkflowRemediation, get_hconfig

running, wanted = (get_hconfig(Platform.CISCO_IOS, open(name).read()) for name in ("running", "wanted"))
change = WorkflowRemediation(running, wanted).remediation_config
seen = "\n".join(line.cisco_style_text() for line in change.all_children_sorted()).splitlines()
print("hier-config", version("hier-config"))
guess = ["no ntp server 192.0.2.1", "banner motd ^C", "Welcome", "^C", "ntp server 192.0.2.2"]
print("one would guess, but for the order:", *guess, sep="\n  ")
print("seen:", *seen, sep="\n  ")
first = seen.index("no banner motd ^C")
raise SystemExit(seen[first + 1 : first + 4] != ["To leave, type", "exit", "^C"])
EOT
venv/bin/python change.py
