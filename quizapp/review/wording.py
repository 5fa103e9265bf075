"""Waits as text: short for a button, in words for a sentence. Knows no card."""

from datetime import timedelta

_DAYS_A_MONTH = 30.4375
_DAYS_A_YEAR = 365.25
_SHORT = {"day": "d", "month": "mo", "year": "y"}


def days_text(days: int) -> str:
    """A number of days in the largest unit that keeps it readable: "4 d", "1.2 mo", "2 y"."""
    number, unit = _in_largest_unit(days)
    return f"{number} {_SHORT[unit]}"


def days_words(days: int) -> str:
    """A number of days in the same unit, in words: "4 days", "1.2 months", "1 year"."""
    number, unit = _in_largest_unit(days)
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"


def minutes_text(wait: timedelta) -> str:
    """A wait within the day, rounded up to minutes: "10 min"."""
    return f"{-(-wait // timedelta(minutes=1))} min"


def _in_largest_unit(days: int) -> tuple[str, str]:
    if days < _DAYS_A_MONTH:
        return str(days), "day"
    if days < _DAYS_A_YEAR:
        return _rounded(days / _DAYS_A_MONTH), "month"
    return _rounded(days / _DAYS_A_YEAR), "year"


def _rounded(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
