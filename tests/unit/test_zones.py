"""Which time zones the product knows, whatever the system has."""

import os
import subprocess
import sys

import pytest

from quizapp.zones import zones

# Names that Unicode's CLDR, and so the Intl of Chromium 140 and Node 22, reports in place of Asia/Kolkata and the like.
CLDR_NAMES = {
    "Asia/Calcutta", "Asia/Katmandu", "Asia/Rangoon", "Asia/Saigon", "Europe/Kiev", "Atlantic/Faeroe",
    "America/Buenos_Aires", "America/Godthab", "America/Indianapolis", "Africa/Asmera", "Pacific/Truk",
    "Pacific/Ponape",
}  # fmt: skip


def test_a_system_without_zones_or_without_the_old_names_loses_no_learner_theirs() -> None:
    # PYTHONTZPATH="" is such a system to zoneinfo: only the package tzdata is left.
    script = "import zoneinfo, quizapp.zones; print(*(zoneinfo.ZoneInfo(name).key for name in quizapp.zones.zones()))"
    environment = {**os.environ, "PYTHONTZPATH": ""}
    told = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    known = set(told.stdout.split())
    assert known >= CLDR_NAMES | {"UTC", "Europe/Berlin"}


@pytest.mark.parametrize("name", ["localtime", "Factory"])
def test_a_zone_of_a_machine_is_none_to_choose(name: str) -> None:
    assert name not in zones()
