"""The page Progress: how much one remembers, what comes, and how well one knows what one knows. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import schedulers
from quizapp.review.fitting import fits, refitting
from quizapp.review.log import statistics
from quizapp.review.log.review_selection import ReviewsOf, WhichReviews
from quizapp.review.log.statistics import CardStanding, DayFigures, RememberedOfLate
from quizapp.review.models import FittedWeights
from quizapp.review.queries import today_of
from quizapp.study import progress_charts as charts
from quizapp.study.charts import BarChart, Calendar
from quizapp.study.confidence_figures import Certainty, certainty
from quizapp.study.named_links import Named, concepts_named, notes_named

CONCEPTS_SHOWN = 12  # the ones that slip away most: as many as one could take up in a week
LAPSED_MIN = 2  # a concept with a single lapse is no pattern


@dataclass(frozen=True, kw_only=True)
class RetentionShare:
    """Reviews, and those of them that were passed."""

    passed: int
    total: int
    counted: WhichReviews

    @property
    def percent(self) -> int | None:
        """In whole percent; None of nothing."""
        return round(100 * self.passed / self.total) if self.total else None


@dataclass(frozen=True, kw_only=True)
class RetentionRow:
    """True retention over some days, for cards with short and with long intervals."""

    name: str
    young: RetentionShare
    mature: RetentionShare
    both: RetentionShare


@dataclass(frozen=True, kw_only=True)
class StandingRow:
    """How the cards of a note or a concept stand."""

    of: Named
    cards: int
    new: int
    mature: int
    suspended: int
    reviews: int
    lapses: int
    kept: RetentionShare
    """What was remembered of late, as true retention counts it."""


@dataclass(frozen=True, kw_only=True)
class Forgetting:
    """The learner's own weights, and the proof by which they are used or not."""

    last: FittedWeights | None
    is_used: bool
    can_fit: bool
    """Whether the package that fits is installed."""
    items_min: int = refitting.ITEMS_MIN


@dataclass(frozen=True, kw_only=True)
class ProgressPage:
    """The page Progress of one learner."""

    is_empty: bool
    """Whether there is neither a card nor a review yet."""
    desired: int
    """The desired retention, in percent."""
    retention: Sequence[RetentionRow]
    calendar: Calendar
    figures: Sequence[BarChart]
    notes: Sequence[StandingRow]
    kept_by_note: BarChart
    concepts: Sequence[StandingRow]
    kept_by_concept: BarChart
    certainty: Certainty
    sureness: BarChart
    forgetting: Forgetting


def progress_page(db: Session, *, user: User, now: datetime) -> ProgressPage:
    """The page Progress of one learner, as of `now`."""
    today = today_of(user, now=now)
    days = statistics.day_figures(db, user_id=user.id, today=today)
    scheduler = schedulers.in_force(db.connection(), user)
    cards = statistics.card_figures(db, user_id=user.id, today=today, scheduler=scheduler)
    standing = statistics.standings(db, user_id=user.id)
    said = certainty(db, user=user)
    late = _Late(statistics.kept(db, user_id=user.id, today=today, now=now), today)
    notes, concepts = _by_note(db, standing, late), _slipping(db, standing, late)
    return ProgressPage(
        is_empty=not days and not standing,
        desired=round(100 * user.desired_retention),
        retention=[_retention(days, name, today, span) for name, span in SPANS],
        calendar=charts.calendar(days, today=today),
        figures=[
            charts.forecast(statistics.forecast(db, user_id=user.id, today=today), today=today),
            charts.weeks(days, today=today),
            charts.minutes(days, today=today),
            charts.hours(statistics.hour_figures(db, user_id=user.id, today=today, now=now), today=today),
            charts.states(cards),
            charts.intervals(cards),
            charts.stabilities(cards),
            charts.chances(cards),
        ],
        notes=notes,
        kept_by_note=_remembered("kept-by-note", "Remembered by note", notes),
        concepts=concepts,
        kept_by_concept=_remembered("kept-by-concept", "Remembered by concept", concepts),
        certainty=said,
        sureness=charts.sureness(said.said),
        forgetting=_forgetting(db, user),
    )


SPANS = (("Today", 1), ("Last 7 days", 7), ("Last 30 days", 30), ("Last year", 365), ("All time", None))


def _retention(days: Sequence[DayFigures], name: str, today: int, span: int | None) -> RetentionRow:
    since = None if span is None else today - span + 1
    sums = statistics.totals(days, since=since)

    def share(of: ReviewsOf, *, passed: int, total: int) -> RetentionShare:
        return RetentionShare(passed=passed, total=total, counted=charts.reviewed(of, since, today))

    young_passed, young = sums["passed"] - sums["mature_passed"], sums["known"] - sums["mature"]
    return RetentionRow(
        name=name,
        young=share(ReviewsOf.YOUNG, passed=young_passed, total=young),
        mature=share(ReviewsOf.MATURE, passed=sums["mature_passed"], total=sums["mature"]),
        both=share(ReviewsOf.KNOWN, passed=sums["passed"], total=sums["known"]),
    )


class _Late:
    """What was remembered of late, by note or by concept."""

    def __init__(self, found: Sequence[RememberedOfLate], today: int) -> None:
        self._found = found
        self._these = charts.reviewed(ReviewsOf.KNOWN, today - statistics.HOURS_DAYS + 1, today)

    def of_note(self, note_id: int | None) -> RetentionShare:
        some = [one for one in self._found if one.note_id == note_id]
        return self._share(some, replace(self._these, note=note_id or 0))

    def of_concept(self, concept_id: int) -> RetentionShare:
        some = [one for one in self._found if one.concept_id == concept_id]
        return self._share(some, replace(self._these, concept=concept_id))

    def _share(self, some: Sequence[RememberedOfLate], counted: WhichReviews) -> RetentionShare:
        passed, total = sum(one.passed for one in some), sum(one.known for one in some)
        return RetentionShare(passed=passed, total=total, counted=counted)


def _remembered(id: str, title: str, rows: Sequence[StandingRow]) -> BarChart:
    return charts.remembered(id, title, [(row.of.name.striptags(), row.kept.percent, row.kept.total) for row in rows])


def _by_note(db: Session, standing: Iterable[CardStanding], late: _Late) -> Sequence[StandingRow]:
    """A row for each note with cards, in the order of the list of notes; last, the cards of none."""
    groups: dict[int | None, list[CardStanding]] = defaultdict(list)
    for each in standing:
        groups[each.note_id].append(each)
    named = notes_named(db, groups).items()
    return [_row(groups[note_id], of, late.of_note(note_id)) for note_id, of in named]


def _slipping(db: Session, standing: Iterable[CardStanding], late: _Late) -> Sequence[StandingRow]:
    """The concepts with most lapses for their reviews, the worst first."""
    groups: dict[int, list[CardStanding]] = defaultdict(list)
    for each in standing:
        if each.concept_id is not None:
            groups[each.concept_id].append(each)
    slipping = [(concept, rows) for concept, rows in groups.items() if _lapses(rows) >= LAPSED_MIN]
    slipping.sort(key=lambda item: (-_lapses(item[1]) / max(sum(row.reviews for row in item[1]), 1), item[0]))
    worst = dict(slipping[:CONCEPTS_SHOWN])
    named = concepts_named(db, worst).items()
    return [_row(worst[concept_id], of, late.of_concept(concept_id)) for concept_id, of in named]


def _row(rows: Sequence[CardStanding], of: Named, kept: RetentionShare) -> StandingRow:
    return StandingRow(
        of=of,
        cards=sum(row.cards for row in rows),
        new=sum(row.new for row in rows),
        mature=sum(row.mature for row in rows),
        suspended=sum(row.suspended for row in rows),
        reviews=sum(row.reviews for row in rows),
        lapses=_lapses(rows),
        kept=kept,
    )


def _lapses(rows: Sequence[CardStanding]) -> int:
    return sum(row.lapses for row in rows)


def _forgetting(db: Session, user: User) -> Forgetting:
    last = refitting.latest(db, user_id=user.id)
    return Forgetting(last=last, is_used=bool(user.weights_number), can_fit=fits.is_available())
