"""Dates in words, the same on every page. Knows no clock and no zone."""

from datetime import date

WEEKDAY_DATE = "%a %d %b"


def date_text(on: date, pattern: str) -> str:
    """A date, or a date with its time, by a pattern of `strftime`, but a day of the month without a zero before it.

    `%d` makes "01", and what makes "1" is written otherwise on each system.
    """
    return on.strftime(pattern.replace("%d", str(on.day)))
