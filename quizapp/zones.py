"""The time zones that the product knows, by their IANA names, and whose rules it goes by.

The package tzdata is required beside the system's files for two reasons. Names: Debian 13 and Ubuntu 24.04 moved those
that are links, such as Asia/Calcutta, out of their tzdata into tzdata-legacy, and small images have none. Chromium and
Node report a system's Asia/Kolkata as Asia/Calcutta, since Unicode's list of names (CLDR) never changes a name; so the
zone of each learner in India would be unknown there. Rules: they change several times a year, and zoneinfo asks the
system first, however old it is. With Debian's 2025b the clocks of Vancouver go back in November 2026, which tzdata
2026f knows they do not: a study day there would begin an hour off.
"""

import os
import zoneinfo
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

# Names that are none of a place: the server's own zone, and the zone of a system that nobody has set up yet.
_OF_A_MACHINE = frozenset({"localtime", "Factory"})


@cache
def zones() -> frozenset[str]:
    """The names of all zones. Takes about 30 ms of CPU the first time, for which no start of a process should wait."""
    return frozenset(available_timezones()) - _OF_A_MACHINE


def use_newest_rules() -> None:
    """Let zoneinfo read the package tzdata before the system's files where its edition is the newer one.

    Leaves it as it is if PYTHONTZPATH says where to look, or if the system does not say which edition it has.
    """
    system = next((folder for name in zoneinfo.TZPATH if (folder := Path(name)).is_dir()), None)
    package = find_spec("tzdata")
    if "PYTHONTZPATH" in os.environ or system is None or package is None or package.origin is None:
        return
    required = Path(package.origin).with_name("zoneinfo")
    theirs, ours = _edition(system), _edition(required)
    if theirs is not None and ours is not None and theirs < ours:
        # Its folder, and not no folder at all: zoneinfo opens a file of a package in several times as long.
        zoneinfo.reset_tzpath(to=[str(required), *zoneinfo.TZPATH])
        ZoneInfo.clear_cache()


def _edition(folder: Path) -> str | None:
    """The edition of a folder of zones, such as 2026f, of which a later one sorts higher; None if it does not say."""
    for name, before in (("tzdata.zi", "# version "), ("+VERSION", "")):  # Linux; BSD and macOS
        try:
            with (folder / name).open(encoding="ascii") as file:
                line = file.readline(80)
        except (OSError, UnicodeDecodeError):
            continue
        if line.startswith(before) and (edition := line.removeprefix(before).strip()):
            return edition
    return None
