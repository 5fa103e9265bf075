#!/bin/sh
# arrow, of dates and times for Python, where clocks change. `Arrow.range("day", ...)` from half past two: on the day that has
# no such time it gives half past three, as one would think, and on all days after it as well, for as long as the range
# goes on; so do weeks. In autumn, in the hour that comes twice, `shift(minutes=30)` goes on by 90 minutes and
# `shift(hours=1)` by two hours. In spring it is the other way about: over the change `shift(hours=2)` is one hour. dateutil, on
# which arrow stands, has half past two again on the next day.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check arrow==1.4.0 python-dateutil==4.0.0 2> pip.log || { cat pip.log; exit 2; }
cat > days.py <<'EOF'
from datetime import datetime
from importlib.metadata import version

import arrow
from dateutil import rrule, tz

print("arrow", version("arrow"), "python-dateutil", version("python-dateutil"))
berlin = tz.gettz("Europe/Berlin")
start = datetime(2027, 3, 26, 2, 30, tzinfo=berlin)
guess = [f"{tz.resolve_imaginary(day):%d %H:%M}" for day in rrule.rrule(rrule.DAILY, dtstart=start, count=6)]
seen = [f"{day.datetime:%d %H:%M}" for day in arrow.Arrow.range("day", arrow.get(start), limit=6)]
print("each day at 02:30, from 26 March 2027, Berlin")
print("one would guess, as dateutil:", guess)
print("seen:                        ", seen)
twice = arrow.get(datetime(2026, 10, 25, 2, 30), "Europe/Berlin")
gone = {"minutes=30": twice.shift(minutes=30), "hours=1": twice.shift(hours=1)}
for argument, later in gone.items():
    print(f"{twice} and shift({argument}): seen {later},", f"{later.timestamp() - twice.timestamp():.0f} s later")
before = arrow.get(datetime(2027, 3, 28, 1, 30), "Europe/Berlin")
hours = (before.shift(hours=2).timestamp() - before.timestamp()) / 3600
print(f"{before} and shift(hours=2): seen {before.shift(hours=2)}, {hours:.0f} h later")
known = hours == 1 and seen == ["26 02:30", "27 02:30", "28 03:30", "29 03:30", "30 03:30", "31 03:30"]
known = known and guess == ["26 02:30", "27 02:30", "28 03:30", "29 02:30", "30 02:30", "31 02:30"]
raise SystemExit(not known or [one.timestamp() - twice.timestamp() for one in gone.values()] != [5400, 7200])
EOF
venv/bin/python days.py
