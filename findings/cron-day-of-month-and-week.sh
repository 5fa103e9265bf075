#!/bin/sh
# A crontab line with a day of the month and one of the week, in three packages of the Python package index. Cron runs it when
# either comes (crontab(5)); cronsim does, and `crontab` wants both: the line for the 13th and each Friday, which cron runs
# on 4 December, it runs on a Friday the 13th, nine months later, though its pages say that it takes only one of the two. And
# what cronsim says in words of a line is not what it does: with 1-31 for the day it "explains" a run on Mondays and has one
# each day.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check crontab==1.0.5 cronsim==2.8 croniter==7.0.0 2> pip.log ||
    { cat pip.log; exit 2; }
cat > runs.py <<'EOF'
from datetime import datetime, timedelta
from importlib.metadata import version

from croniter import croniter
from cronsim import CronSim
from crontab import CronTab

FROM = datetime(2026, 12, 1, 12)
print(*(f"{name} {version(name)}" for name in ("crontab", "cronsim", "croniter")))

line = "0 3 13 * 5"
guessed = croniter(line, FROM).get_next(datetime)
simulated = next(CronSim(line, FROM))
seen = FROM + timedelta(seconds=CronTab(line).next(FROM, default_utc=True))
print(f"{line}: one would guess, as croniter and cronsim: {guessed:%d %B %Y} and {simulated:%d %B %Y}; seen in crontab: {seen:%d %B %Y}")

line = "0 3 1-31 * 1"
words = CronSim(line, FROM).explain()
days = CronSim(line, FROM)
runs = [next(days).strftime("%A") for _ in range(3)]
print(f"{line}: one would guess that the words fit the runs; seen in cronsim: {words!r}, and runs on {', '.join(runs)}")
known = guessed == simulated == datetime(2026, 12, 4, 3) and seen == datetime(2027, 8, 13, 3)
raise SystemExit(not known or words != "At 03:00 on Monday" or runs != ["Wednesday", "Thursday", "Friday"])
EOF
venv/bin/python runs.py
