"""The current time. Only this module asks the system for it; every other function takes `now` as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current time as an aware datetime in UTC."""
    return datetime.now(UTC)
