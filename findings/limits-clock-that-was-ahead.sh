#!/bin/sh
# limits: what its storage in memory counts while the machine's clock is ahead goes on counting once the clock is right,
# for as long as it was ahead: with a clock of next year, as of a machine that boots without the time, three hits of a
# limit of three an hour refuse everything for a year. Both of its strategies that look at a window's begin do it, and
# the window's own figures say that it opens in a year. The strategy of two counters, beside them, begins anew.
# Needs python3 and the Python package index. Exits with 1 once this has changed.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check limits==5.8.0 2> pip.log || { cat pip.log; exit 2; }
cat > clock.py <<'EOF'
import time
from importlib.metadata import version

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter, SlidingWindowCounterRateLimiter

DAY = 86_400
right = time.time
limit = parse("3/hour")
seen = {}
print("limits", version("limits"))
print("one would guess: of hits that are dated in a year, none is within the last hour, now or in two days")
for strategy in (MovingWindowRateLimiter, FixedWindowRateLimiter, SlidingWindowCounterRateLimiter):
    limiter = strategy(MemoryStorage())
    time.time = lambda: right() + 365 * DAY
    for _ in range(3):
        limiter.hit(limit, "ada")
    time.time = right
    now = limiter.test(limit, "ada")
    time.time = lambda: right() + 2 * DAY
    later = limiter.test(limit, "ada")
    days = (limiter.get_window_stats(limit, "ada").reset_time - time.time()) / DAY
    time.time = right
    seen[strategy.__name__] = (now, later)
    print(f"seen with {strategy.__name__}: allowed now {now}, in two days {later}; opens in {days:.0f} days")
refused = (False, False)
raise SystemExit(seen["MovingWindowRateLimiter"] != refused or seen["FixedWindowRateLimiter"] != refused)
EOF
venv/bin/python clock.py
