#!/bin/sh
# spacedreppy, which plans reviews by SM-2, FSRS-6 and Leitner boxes for Python: it counts the next interval from the day that
# the card was due, not from the day of the review that it is told. After a holiday of two months a card that was known is
# due again at once, by a date in the past, as often as it takes to catch up; reviewed before its day it waits the rest
# of the old interval as well. FSRS reckons with the true time, so each of those reviews of the same hour changes the
# memory state too. fsrs, of the same index, counts from the review; so do Anki and SM-2 as its author describes it.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check spacedreppy==0.5.0 fsrs==6.3.2 2> pip.log || { cat pip.log; exit 2; }
cat > plan.py <<'EOF'
from datetime import datetime, timezone
from importlib.metadata import version

from fsrs import Card, Rating, Scheduler
from spacedreppy.schedulers import FSRSScheduler, SM2Scheduler

FIRST, SECOND = datetime(2026, 9, 1, 12, tzinfo=timezone.utc), datetime(2026, 11, 28, 12, tzinfo=timezone.utc)
GOOD = {SM2Scheduler: 4, FSRSScheduler: 3}


def by_fsrs() -> datetime:
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, _ = scheduler.review_card(Card(), Rating.Good, FIRST)
    card, _ = scheduler.review_card(card, Rating.Good, SECOND)
    return card.due


def by_the_package(kind: type) -> tuple[datetime, int]:
    scheduler = kind()
    scheduler.compute_next_due_interval(attempted_at=FIRST, result=GOOD[kind])
    due, interval = scheduler.compute_next_due_interval(attempted_at=SECOND, result=GOOD[kind])
    return due, interval.days


print("spacedreppy", version("spacedreppy"), "fsrs", version("fsrs"))
print(f"a card answered well on {FIRST:%d %B} and again, late, on {SECOND:%d %B %Y}")
print(f"one would guess: due after the review, as in fsrs: {by_fsrs():%d %B %Y}")
seen = {kind.__name__: by_the_package(kind) for kind in GOOD}
for name, (due, days) in seen.items():
    print(f"seen, {name}: an interval of {days} days, due on {due:%d %B %Y}")
raise SystemExit(by_fsrs() < SECOND or seen["SM2Scheduler"] != (datetime(2026, 9, 8, 12, tzinfo=timezone.utc), 6))
EOF
venv/bin/python plan.py
