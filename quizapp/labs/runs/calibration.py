"""How well a learner's predictions hold, in all, by how sure they were, and over time. Knows no database."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from markupsafe import Markup

from quizapp.catalogue.rendering import render_inline
from quizapp.confidence import Confidence

NEWEST = 10  # predictions: few enough to show a change, enough not to jump
LISTED = 50  # about what a page can have that somebody reads; the months say the rest
MONTHS = 12  # a year: longer than anybody prepares for an interview
Key = TypeVar("Key")

CONFIDENCES: tuple[Confidence | None, ...] = (*Confidence, None)


@dataclass(frozen=True, kw_only=True)
class Foretold:
    """A prediction that was put to the test in a run, on a day of the learner's zone. `label` is what asked for it."""

    run_id: UUID
    lab: str
    day: date
    label: str
    predicted: str
    happened: str
    came_true: bool
    confidence: Confidence | None

    @property
    def subject(self) -> Markup:
        """What it was about, for a page."""
        return render_inline(self.label)


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many of so many predictions came true."""

    made: int
    right: int

    @property
    def percent(self) -> int:
        """The share in percent, of the one or more that were made."""
        return round(100 * self.right / self.made)


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """All of it. Of months and confidences only those with a prediction are there; newest months come first.

    `foretold` is newest first.
    """

    foretold: Sequence[Foretold]
    whole: Share
    newest: Share
    by_confidence: Sequence[tuple[Confidence | None, Share]]
    by_month: Sequence[tuple[date, Share]]
    """By the first day of the month."""

    @property
    def listed(self) -> Sequence[Foretold]:
        """Those that a page shows one by one."""
        return self.foretold[:LISTED]


def calibration(foretold: Sequence[Foretold]) -> Calibration:
    """What the predictions, newest first, come to."""
    months = sorted({_month(each) for each in foretold}, reverse=True)[:MONTHS]
    return Calibration(
        foretold=foretold,
        whole=_share(foretold),
        newest=_share(foretold[:NEWEST]),
        by_confidence=_shares(foretold, CONFIDENCES, lambda each: each.confidence),
        by_month=_shares(foretold, months, _month),
    )


def _shares(
    foretold: Sequence[Foretold], keys: Iterable[Key], key_of: Callable[[Foretold], Key]
) -> tuple[tuple[Key, Share], ...]:
    shares = ((key, _share([each for each in foretold if key_of(each) == key])) for key in keys)
    return tuple((key, share) for key, share in shares if share.made)


def _share(foretold: Sequence[Foretold]) -> Share:
    return Share(made=len(foretold), right=sum(each.came_true for each in foretold))


def _month(foretold: Foretold) -> date:
    return foretold.day.replace(day=1)
