#!/bin/sh
# pendulum, of dates and times for Python: the difference of two midnights has two counts of its days. `in_days()` counts days
# of the calendar, `days` whole 24 hours. So of a week in which clocks go forward `days` is 6, of March it is 30, and of that
# day itself 0, while `in_words()` says "1 week", "1 month" and "1 day". A plan that asks a card again once `days` has reached
# its interval asks it a day late. Elsewhere in the year, and in UTC, the two agree. datetime's own difference of the same
# two times has 7 days, since it compares them as they are written.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pendulum==3.3.0 2> pip.log || { cat pip.log; exit 2; }
cat > days.py <<'EOF'
from datetime import datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

import pendulum

print("pendulum", version("pendulum"))
KNOWN = {
    ((2027, 3, 28), (2027, 3, 29)): (1, 0, "1 day"),
    ((2027, 3, 27), (2027, 4, 3)): (7, 6, "1 week"),
    ((2027, 3, 1), (2027, 4, 1)): (31, 30, "1 month"),
    ((2027, 5, 1), (2027, 5, 8)): (7, 7, "1 week"),
}
changed = False
for (start, end), expected in KNOWN.items():
    between = pendulum.datetime(*end, tz="Europe/Berlin") - pendulum.datetime(*start, tz="Europe/Berlin")
    plain = datetime(*end, tzinfo=ZoneInfo("Europe/Berlin")) - datetime(*start, tzinfo=ZoneInfo("Europe/Berlin"))
    seen = (between.in_days(), between.days, between.in_words())
    print(f"{start} to {end}: one would guess, as datetime: {plain.days} days;", end=" ")
    print(f"seen: in_days() {seen[0]}, days {seen[1]}, {seen[2]}")
    changed = changed or seen != expected or plain.days != expected[0]
raise SystemExit(changed)
EOF
venv/bin/python days.py
