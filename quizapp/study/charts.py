"""Figures that a template draws as bars or squares, each with all that its table says and what it counts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from quizapp.review.log.review_selection import WhichReviews

Counted: TypeAlias = str | WhichReviews
"""What a figure counts: the cards that a query finds, or reviews."""

HEIGHT = 100  # of a chart, in its own units; a bar's least height is 1, so that few differ from none
LEVELS = 4  # of shade in a calendar, beside none
WEEK_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar, and one row of the table."""

    label: str
    """What it counts, such as "21 to 29 d"."""
    value: float
    """Its height; 0 or more."""
    said: str
    """The value in words, such as "12 cards"."""
    counted: Counted | None = None
    """What it counts; None where that cannot be listed."""


@dataclass(frozen=True, kw_only=True)
class BarChart:
    """Bars of one kind, from left to right."""

    id: str
    title: str
    lead: str
    """What is to be seen in it, in a sentence."""
    first: str
    """The heading of the table's first column."""
    second: str
    bars: Sequence[Bar]
    top: float | None = None
    """The value of a bar as high as the chart, such as 100 of a share in percent; None for the highest bar's."""

    @property
    def heights(self) -> Sequence[float]:
        """The height of each bar, at most HEIGHT."""
        most = self.top or max((bar.value for bar in self.bars), default=0)
        return [0 if not bar.value else max(round(HEIGHT * bar.value / most, 1), 1) for bar in self.bars]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted."""
        return not any(bar.value for bar in self.bars)


@dataclass(frozen=True, kw_only=True)
class Square:
    """One day of a calendar."""

    week: int
    """Its column, from 0."""
    weekday: int
    """Its row, 0 for Monday."""
    level: int
    """How much was done, 0 for nothing to LEVELS."""
    said: str


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A year of days in columns of weeks, and a table of its months."""

    squares: Sequence[Square]
    weeks: int
    months: Sequence[Bar]
    lead: str
    counted: WhichReviews
    """All reviews in it."""


def level(count: int, most: int) -> int:
    """The shade of a day: 0 for nothing, else by fourths of the day with most."""
    return 0 if not count else 1 + min(LEVELS * count // (most + 1), LEVELS - 1)
