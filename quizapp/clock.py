"""The current time. Only this module asks the system for it; every other function takes `now` as an argument."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

# How far a clock may be set back while something begins and is looked at, as when the machine hears the right time.
SET_BACK = timedelta(minutes=1)
UNEVEN = timedelta(seconds=1)  # a smaller difference is none: two readings of two clocks are never at one moment


def now() -> datetime:
    """The current time as an aware datetime in UTC."""
    return datetime.now(UTC)


class SteadyClock:
    """A clock for what lasts so and so long in one process: it runs on evenly while the machine's is set to and fro.

    It begins with the machine's time. `told` is for whoever compares its times with the machine's clock.
    """

    def __init__(self, *, wall: Callable[[], datetime] = now, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._elapsed = wall, elapsed
        self._began, self._began_at = wall(), elapsed()

    def __call__(self) -> datetime:
        """The time since it began, after the time at which it began."""
        return self._began + timedelta(seconds=self._elapsed() - self._began_at)

    def told(self, moment: datetime) -> datetime:
        """A moment of this clock as the machine's clock will have it, if nobody sets that again."""
        ahead = self._wall() - self()
        return moment + ahead if abs(ahead) > UNEVEN else moment
