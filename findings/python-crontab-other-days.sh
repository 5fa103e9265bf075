#!/bin/sh
# python-crontab, with which programs add a job to somebody's crontab: it writes all other lines anew too, in a shorter form that it
# takes for the same. Days of the week from 1 to 7 by two are Monday, Wednesday, Friday and Sunday; it writes `*/2`, which
# are Sunday, Tuesday, Thursday and Saturday. And where a day of the month is there as
# well, cron runs on either of the two (crontab(5)): `0 0 1-31 * 1`, each day, becomes `0 0 * * 1`, Mondays, and
# `0 0 13 * 1-7`, each day, becomes the 13th. Nothing is said. cronsim reads both tables.
# Needs python3 and the Python package index; no cron. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-crontab==3.4.0 cronsim==2.7 2> pip.log || { cat pip.log; exit 2; }
cat > add.py <<'EOT'
from datetime import datetime
from importlib.metadata import version
from itertools import islice

from cronsim import CronSim
from crontab import CronTab

TABLE = "0 3 * * 1-7/2 /usr/bin/backup\n0 3 1-31 * 1 /usr/bin/report\n0 3 13 * 1-7 /usr/bin/check\n"
print("python-crontab", version("python-crontab"), "cronsim", version("cronsim"))
table = CronTab(tab=TABLE)
table.new(command="/usr/bin/mine").setall("30 4 * * *")
written = [line for line in table.render().splitlines() if line]
same = True
known = ["0 3 * * */2", "0 3 * * 1", "0 3 13 * *"]
for line, now, expected in zip(TABLE.splitlines(), written, known, strict=False):
    days = []
    for fields in (line, now):
        runs = islice(CronSim(" ".join(fields.split()[:5]), datetime(2026, 12, 6, 12)), 4)
        days.append(" ".join(run.strftime("%a-%d") for run in runs))
    print(f"one would guess: {line}, on {days[0]}, ...")
    print(f"seen:            {now}, on {days[1]}, ...")
    same = same and now.startswith(expected + " /") and days[0] != days[1]
raise SystemExit(not same or len(written) != 4)
EOT
venv/bin/python add.py
