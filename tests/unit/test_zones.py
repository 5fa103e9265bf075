"""Which time zones the product knows, whatever the system has."""

import os
import subprocess
import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from quizapp.zones import use_newest_rules, zones

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


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A system's zones, in which Vancouver has the time of Greenwich, so that one sees whose rules are used."""
    before = zoneinfo.TZPATH
    monkeypatch.delenv("PYTHONTZPATH", raising=False)
    zoneinfo.reset_tzpath(to=())  # the package alone
    utc = next(path for path in map(Path, sys.path) if (path / "tzdata" / "zoneinfo" / "UTC").is_file())
    (tmp_path / "America").mkdir()
    (tmp_path / "America" / "Vancouver").write_bytes((utc / "tzdata" / "zoneinfo" / "UTC").read_bytes())
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    ZoneInfo.clear_cache()
    yield tmp_path
    zoneinfo.reset_tzpath(to=before)
    ZoneInfo.clear_cache()


def _vancouver() -> timedelta | None:
    return datetime(2026, 12, 1, tzinfo=UTC).astimezone(ZoneInfo("America/Vancouver")).utcoffset()


@pytest.mark.parametrize(("file", "line"), [("tzdata.zi", "# version 2025b\n"), ("+VERSION", "2025b\n")])
def test_the_package_is_asked_before_a_system_of_an_older_edition(system: Path, file: str, line: str) -> None:
    # zoneinfo asks the system first (PEP 615), so a pinned tzdata of 2026 changes nothing on a Debian with 2025b.
    (system / file).write_text(line, encoding="ascii")
    assert _vancouver() == timedelta(0)
    use_newest_rules()
    assert _vancouver() == timedelta(hours=-7)  # the whole year, from tzdata 2026 on


@pytest.mark.parametrize("line", ["# version 2999a\n", "# nothing of an edition\n", "", "\xe9"])
def test_a_system_of_a_newer_edition_or_of_an_unknown_one_is_asked_first(system: Path, line: str) -> None:
    (system / "tzdata.zi").write_text(line, encoding="utf-8")
    use_newest_rules()
    assert _vancouver() == timedelta(0)


def test_folders_that_the_operator_names_are_asked_first(system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (system / "tzdata.zi").write_text("# version 2025b\n", encoding="ascii")
    monkeypatch.setenv("PYTHONTZPATH", str(system))
    use_newest_rules()
    assert _vancouver() == timedelta(0)
