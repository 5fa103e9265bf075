"""The time zones that the product knows, by their IANA names.

Their rules come from the system where it has them, and else from the package tzdata, which is required for this: Debian
13 and Ubuntu 24.04 moved names that are links, such as Asia/Calcutta, out of their tzdata into tzdata-legacy, and small
images have none. Chromium and Node report a system's Asia/Kolkata as Asia/Calcutta, since Unicode's list of names
(CLDR) never changes a name; so the zone of each learner in India would be unknown there.
"""

from functools import cache
from zoneinfo import available_timezones

# Names that are none of a place: the server's own zone, and the zone of a system that nobody has set up yet.
_OF_A_MACHINE = frozenset({"localtime", "Factory"})


@cache
def zones() -> frozenset[str]:
    """The names of all zones. Takes about 30 ms of CPU the first time, for which no start of a process should wait."""
    return frozenset(available_timezones()) - _OF_A_MACHINE
