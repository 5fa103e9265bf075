"""Every instant falls in exactly one study day, whatever the clocks of the zone do."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.study_day import date_of, start_of, study_day

ZONES = sorted(zoneinfo.available_timezones() - {"localtime"})
FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2041, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HALF_HOUR = timedelta(minutes=30)

unhurried = settings(deadline=None)  # the changes of a zone are found once, and a busy machine is no fault
zones = st.sampled_from(ZONES)
hours = st.integers(0, 23)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@cache
def transitions(zone: str) -> list[datetime]:
    """The instants from 2020 to 2040, to the minute, at which the clocks of a zone were changed."""
    clock = zoneinfo.ZoneInfo(zone)
    found = []
    for week in range((LAST - FIRST).days // 7):
        before, after = FIRST + timedelta(weeks=week), FIRST + timedelta(weeks=week + 1)
        if before.astimezone(clock).utcoffset() == after.astimezone(clock).utcoffset():
            continue
        while after - before > MINUTE:
            middle = before + (after - before) / 2
            if before.astimezone(clock).utcoffset() == middle.astimezone(clock).utcoffset():
                before = middle
            else:
                after = middle
        found.append(after.replace(second=0, microsecond=0))
    return found


def around_changes(zone: str) -> list[datetime]:
    """Instants HALF_HOUR apart, from 26 hours before each change of the clocks to 26 hours after it."""
    return [change + step * HALF_HOUR for change in transitions(zone) for step in range(-52, 53)]


def test_counts_from_the_epoch_and_turns_at_the_rollover_hour() -> None:
    at = datetime(1970, 1, 2, 3, 59, 59, tzinfo=UTC)
    assert study_day(at, "UTC", 4) == 0
    assert study_day(at + timedelta(seconds=1), "UTC", 4) == 1
    assert date_of(1) == date(1970, 1, 2)


def test_midnight_in_berlin_still_belongs_to_the_evening() -> None:
    evening = datetime(2026, 11, 23, 21, tzinfo=UTC)  # 22:00 in Berlin
    night = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 03:30
    morning = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # 04:00
    assert study_day(evening, "Europe/Berlin", 4) == study_day(night, "Europe/Berlin", 4)
    assert study_day(morning, "Europe/Berlin", 4) == study_day(evening, "Europe/Berlin", 4) + 1


def test_a_day_whose_rollover_is_leapt_over_starts_with_the_leap() -> None:
    # On 29 March 2026 in Troll the clocks went from 01:00 to 03:00, so 02:00 was never shown.
    day = study_day(datetime(2026, 3, 29, 12, tzinfo=UTC), "Antarctica/Troll", 2)
    assert start_of(day, "Antarctica/Troll", 2) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_day_whose_rollover_is_shown_twice_starts_once() -> None:
    # On 25 October 2026 in Troll the clocks went from 03:00 back to 01:00: 02:00 was shown at 00:00 and at 02:00 UTC.
    first = datetime(2026, 10, 25, 0, tzinfo=UTC)
    day = study_day(first, "Antarctica/Troll", 2)
    assert start_of(day, "Antarctica/Troll", 2) == first
    back_before_the_rollover = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert study_day(back_before_the_rollover, "Antarctica/Troll", 2) == day


def test_a_date_that_a_zone_left_out_is_a_short_day_not_a_missing_one() -> None:
    # Samoa had no 30 December 2011: it went from the 29th to the 31st at midnight, 10:00 UTC.
    days = [
        study_day(datetime(2011, 12, 30, 10, tzinfo=UTC) + timedelta(hours=h), "Pacific/Apia", 4) for h in (-1, 1, 5)
    ]
    assert [day - days[0] for day in days] == [0, 1, 2]


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(zoneinfo.ZoneInfoNotFoundError):
        study_day(FIRST, "Middle/Earth", 4)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Antarctica/Troll", "Australia/Lord_Howe"])
def test_there_are_changes_to_test(zone: str) -> None:
    assert len(transitions(zone)) == 42


@unhurried
@given(zone=zones, hour=hours)
def test_no_day_comes_twice_or_is_left_out_around_any_change(zone: str, hour: int) -> None:
    for earlier, later in pairwise(around_changes(zone)):
        if later - earlier == HALF_HOUR:
            assert study_day(later, zone, hour) - study_day(earlier, zone, hour) in (0, 1)


@unhurried
@given(zone=zones, hour=hours, at=instants)
def test_a_moment_lies_between_the_start_of_its_day_and_of_the_next(zone: str, hour: int, at: datetime) -> None:
    day = study_day(at, zone, hour)
    start, end = start_of(day, zone, hour), start_of(day + 1, zone, hour)
    assert start <= at < end
    assert timedelta(hours=20) < end - start < timedelta(hours=28)


@unhurried
@given(zone=zones, hour=hours, at=instants)
def test_the_first_moment_of_a_day_is_in_it_and_the_one_before_is_not(zone: str, hour: int, at: datetime) -> None:
    day = study_day(at, zone, hour)
    start = start_of(day, zone, hour)
    assert study_day(start, zone, hour) == day
    assert study_day(start - timedelta(microseconds=1), zone, hour) == day - 1


@unhurried
@given(zone=zones, hour=hours, at=instants)
def test_away_from_changes_it_is_the_wall_clock_less_the_rollover(zone: str, hour: int, at: datetime) -> None:
    clock = zoneinfo.ZoneInfo(zone)
    near = [abs(change - at) < timedelta(days=1) for change in transitions(zone)]
    if not any(near):
        wall = at.astimezone(clock).replace(tzinfo=None) - timedelta(hours=hour)
        assert date_of(study_day(at, zone, hour)) == wall.date()
