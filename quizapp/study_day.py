"""Study days: the study day of a datetime, and when a study day starts. Knows no card and no database.

A study day runs from the learner's rollover hour to the next, on the wall clock of the learner's zone. Two reviews with
one rollover between them are one day apart, whether 2 hours or 40 hours apart. FSRS was fitted on days counted so.
Only what is asked again within the hour is a repeat (`review.scheduler.as_found`).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

StudyDay: TypeAlias = int
"""Days since 1970-01-01 on the learner's calendar, each beginning at the rollover hour."""

DAY_SPAN = timedelta(days=4)  # all reviews of the present study day, in whatever zones, are younger than this
STARTS_KEPT = 512  # tomorrow's, of each zone and hour in which somebody learns

_EPOCH = date(1970, 1, 1)
_EPOCH_ORDINAL = _EPOCH.toordinal()
_SECOND = timedelta(seconds=1)


def study_day(at: datetime, zone: str, rollover_hour: int) -> StudyDay:
    """The study day that the instant `at` (aware) falls in.

    A later instant never has an earlier day: where the clock goes back past the rollover hour, the new day goes on.
    Raises ZoneInfoNotFoundError for a zone that is no IANA name.
    """
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(hours=rollover_hour)
    day = wall.toordinal() - _EPOCH_ORDINAL
    while start_of(day + 1, zone, rollover_hour) <= at:
        day += 1
    return day


@lru_cache(maxsize=STARTS_KEPT)
def start_of(day: StudyDay, zone: str, rollover_hour: int) -> datetime:
    """The first instant (UTC) of a study day: when the wall clock first shows the rollover hour or has skipped it.

    The day ends where the next one starts.
    """
    clock = ZoneInfo(zone)
    wall = datetime.combine(date_of(day), time(rollover_hour), tzinfo=clock)
    first, second = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    # Shown once: both are the same. Shown twice (clocks go back): `first` is earlier. Never shown: `first` is later.
    return first if first <= second else _leap_between(second, first, clock)


def date_of(day: StudyDay) -> date:
    """The calendar date on which a study day starts."""
    return _EPOCH + timedelta(days=day)


def day_of(on: date) -> StudyDay:
    """The study day that starts on a calendar date."""
    return on.toordinal() - _EPOCH_ORDINAL


def _leap_between(before: datetime, after: datetime, clock: ZoneInfo) -> datetime:
    """The instant, a whole second, at which `clock` was put forward: after `before` and not after `after`."""
    old = before.astimezone(clock).utcoffset()
    while after - before > _SECOND:
        middle = before + ((after - before) / 2 // _SECOND) * _SECOND
        if middle.astimezone(clock).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
