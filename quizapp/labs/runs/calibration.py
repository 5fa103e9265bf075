"""How many of a learner's predictions came true: in all, by confidence, and by month. Knows no database."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from markupsafe import Markup

from quizapp.catalogue.html.rendering import render_inline
from quizapp.confidence import Confidence

NEWEST = 10  # predictions: few enough to show a change, enough that one of them changes the share by 10 % at most
LISTED = 50  # predictions on the page; nobody would read more, and the months sum up the others
MONTHS = 12  # a year: longer than anybody prepares for an interview
Key = TypeVar("Key")

CONFIDENCES: tuple[Confidence | None, ...] = (*Confidence, None)


@dataclass(frozen=True, kw_only=True)
class Foretold:
    """A prediction in a run that was passed, with what happened."""

    run_id: UUID
    lab: str
    """The lab's title."""
    question_id: int
    """The lab's question."""
    day: date
    """The day on which the run ended, in the learner's zone."""
    label: str
    """The question that the prediction answers, in Markdown."""
    predicted: str
    happened: str
    """The value that the host showed; empty if it showed none."""
    came_true: bool
    confidence: Confidence | None
    """How sure the learner was of the run's predictions; None if they did not say."""

    @property
    def subject(self) -> Markup:
        """The label as HTML."""
        return render_inline(self.label)


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many of a number of predictions came true."""

    made: int
    right: int
    """Those that came true."""

    @property
    def percent(self) -> int:
        """The share that came true, in percent. There must be at least one prediction."""
        return round(100 * self.right / self.made)


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """A learner's predictions and the shares of them that came true."""

    foretold: Sequence[Foretold]
    """All predictions, the newest first."""
    whole: Share
    newest: Share
    """Of the NEWEST newest predictions."""
    by_confidence: Sequence[tuple[Confidence | None, Share]]
    """For each confidence with a prediction, in order; None, if the learner did not say, is the last."""
    by_month: Sequence[tuple[date, Share]]
    """For each of the last MONTHS months with a prediction, by the month's first day, the newest first."""

    @property
    def listed(self) -> Sequence[Foretold]:
        """The predictions that the page lists: the LISTED newest."""
        return self.foretold[:LISTED]


def calibration(foretold: Sequence[Foretold]) -> Calibration:
    """The calibration of the predictions, which must be given newest first."""
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
