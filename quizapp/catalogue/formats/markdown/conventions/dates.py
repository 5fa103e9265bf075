"""Reads dates as people write them: a note's own, and when a source was last checked. Pure."""

import re
from datetime import date

from quizapp.catalogue.formats.parsed import ParsedDate

AS_OF_MAX_CHARS = 16  # the width of the column
LEAP_YEAR = 2000  # it has every day that any year has

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = tuple(
    (re.compile(pattern, re.ASCII), order)
    for pattern, order in (
        (r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b", "ymd"),
        (r"^\s*(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\s*$", "dmy"),
        (r"\b(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?(?:\s+(\d{4}))?", "dmy"),
        (r"\b([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(\d{4}))?", "mdy"),
    )
)
_YEARS_AND_MONTHS = tuple(
    (re.compile(pattern, re.ASCII), order)
    for pattern, order in (
        (r"(\d{4})", "y"),
        (r"(\d{4})[-/.](\d{1,2})", "ym"),
        (r"(\d{1,2})[-/.](\d{4})", "my"),
        (r"([A-Za-z]{3,9})\.?,?\s+(\d{4})", "my"),
    )
)


def find_date(text: str) -> ParsedDate | None:
    """The first date in a text, such as "21st November" or "2026-11-21"; None without one, or for 31 February."""
    for pattern, order in _DAYS:
        if found := pattern.search(text):
            read = _read(found, order)
            if read is not None:
                return read
    return None


def iso_date(text: str) -> str | None:
    """The year, month or day that a text is, as YYYY, YYYY-MM or YYYY-MM-DD; None for a text that is anything else."""
    text = text.strip().removesuffix(".")
    for pattern, order in (*_DAYS, *_YEARS_AND_MONTHS):
        if (found := pattern.fullmatch(text)) and (read := _read(found, order)) and read.year is not None:
            return f"{read.year:04}-{read.month:02}-{read.day:02}"[: {"y": 4, "ym": 7, "my": 7}.get(order, 10)]
    return None


def fitting(text: str) -> str:
    """When a source was last checked, as it is written; a date that is too long for the column as `iso_date` has it."""
    return text if len(text) <= AS_OF_MAX_CHARS else iso_date(text) or text


def _read(found: re.Match[str], order: str) -> ParsedDate | None:
    """The date whose parts a pattern has found in this order; None for a day that there is not.

    A month or a day that the pattern does not have is 1.
    """
    parts = dict(zip(order, found.groups(), strict=True))
    month, day = _month(parts.get("m", "1")), int(parts.get("d", 1))
    year = int(parts["y"]) if parts["y"] else None
    try:
        date(LEAP_YEAR if year is None else year, month, day)
    except ValueError:
        return None
    return ParsedDate(month=month, day=day, year=year)


def _month(text: str) -> int:
    """The number of a month that is given by its number or its name, however that goes on; 0 for any other word."""
    if text.isdigit():
        return int(text)
    name = text[:3].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else 0
