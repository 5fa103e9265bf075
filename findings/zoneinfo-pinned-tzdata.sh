#!/bin/sh
# zoneinfo and the package tzdata: to pin tzdata in a project's requirements does not decide whose rules are used. Python
# asks the system's files first, whatever their edition (PEP 615), and the package only for a zone that they lack. The
# system here is stood in for by the files of an older tzdata, 2025b, which Debian 12 still has. With them the clocks of
# Vancouver, Edmonton and Winnipeg go back in November 2026; edition 2026f, which is pinned and installed, has them stay.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tzdata==2026.6 2> pip.log || { cat pip.log; exit 2; }
venv/bin/pip install --quiet --disable-pip-version-check --target system tzdata==2025.2 2> pip.log || { cat pip.log; exit 2; }
cat > zones.py <<'EOF'
import os
import sys
from datetime import datetime, timezone
from importlib.metadata import version
from zoneinfo import ZoneInfo

WINTER = datetime(2026, 12, 1, tzinfo=timezone.utc)
zones = ("America/Vancouver", "America/Edmonton", "America/Winnipeg", "Europe/Berlin")
hours = [int(WINTER.astimezone(ZoneInfo(name)).utcoffset().total_seconds() / 3600) for name in zones]
print(sys.version.split()[0], "tzdata", version("tzdata"), "system:", os.environ["PYTHONTZPATH"] or "none", hours)
raise SystemExit(hours != [int(word) for word in sys.argv[1:]])
EOF
echo "one would guess: the pinned edition's rules, -7 -6 -5 1, with and without a system's files"
PYTHONTZPATH='' venv/bin/python zones.py -7 -6 -5 1
echo "seen with a system of 2025b:"
PYTHONTZPATH="$PWD/system/tzdata/zoneinfo" venv/bin/python zones.py -8 -7 -6 1
