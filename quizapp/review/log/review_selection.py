"""Which reviews are meant, as a figure says it. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ReviewsOf(StrEnum):
    """Which reviews of some days are meant."""

    ALL = "all"  # that are not undone, those that changed no card included
    APPLIED = "applied"
    KNOWN = "known"  # what true retention counts: of cards with an interval of a day or more, on a later day
    YOUNG = "young"  # the known ones with an interval below `models.MATURE_DAYS`
    MATURE = "mature"


@dataclass(frozen=True, kw_only=True)
class WhichReviews:
    """Reviews of study days, each day called by the date on which it began."""

    of: ReviewsOf
    first: date | None
    """None for the day of the very first review."""
    last: date
    hour: int | None = None
    """0 to 23, on the wall clock where they were made; None for any."""
    note: int | None = None
    """The id of the note whose cards they are of; 0 for those of no note; None for any."""
    concept: int | None = None
    """The id of their cards' concept; None for any."""
