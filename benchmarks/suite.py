"""`make test` by the clock, beside the same of the revision that the set-up is measured against, everything set up."""

import subprocess
import time

from benchmarks.rows import Row, beside
from benchmarks.set_up import Copy, copies

NOTE = "one run each"


def run() -> list[Row]:
    """One run each, since each takes a quarter of an hour or more; both sides have an engine of their own."""
    with copies() as (ours, baseline):
        for copy in (ours, baseline):
            _make(copy, "setup")
            _make(copy, "check")  # brings the test packages; what it finds, the run below finds again
        value, beside_it = (_seconds_of_tests(copy) for copy in (ours, baseline))
    return [beside("suite", value=value, baseline=beside_it, unit="s", note=NOTE)]


def _seconds_of_tests(copy: Copy) -> float:
    began = time.monotonic()
    _make(copy, "test")
    return time.monotonic() - began


def _make(copy: Copy, target: str) -> None:
    subprocess.run(["make", target], cwd=copy.checkout, env=copy.env(), stdin=subprocess.DEVNULL, check=False)
