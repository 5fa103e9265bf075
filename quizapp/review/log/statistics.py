"""The figures of the page Progress: what was remembered, when, how long it took, and how the cards stand. Reads only.

What is of whole days comes from the tallies that are kept with each review, so no page reads the whole log: only the
hours are read from its last HOURS_DAYS days. What is of cards is counted in two passes over the learner's cards, one by
what kind they are of and one by concept; the forecast reads the piles of the queue, of which it is a range.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    Integer,
    Select,
    bindparam,
    case,
    cast,
    extract,
    false,
    func,
    literal_column,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Question
from quizapp.column_types import CompactUuid
from quizapp.review.log.counted_log import APPLIED, KNOWN, PASSED
from quizapp.review.memory import Phase
from quizapp.review.models import MATURE_DAYS, Card, DayTally, ReviewLog
from quizapp.review.queue import shown_day
from quizapp.review.scheduler import Scheduler
from quizapp.study_day import StudyDay

HOURS_DAYS = 30  # of the log: a month shows at which hours one learns, and is read in a few hundredths of a second
FORECAST_DAYS = 30
# Where a bar begins, in days; the last one has no end. The same for intervals and stabilities, so that they compare.
DAYS_FROM = (0, 1, 3, 7, 14, MATURE_DAYS, 30, 60, 90, 180, 365)
CHANCES_FROM = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # where a bar of chances of recall begins; the last one ends at 1
QUARTER_S = 900  # every zone's offset is a multiple of a quarter of an hour

_USER = bindparam("user_id", type_=CompactUuid())
_TODAY = bindparam("today", type_=Integer())
_MINE = (Card.user_id == _USER, Card.hidden == false())
_DUE = (*_MINE, Card.suspended == false(), Card.due_day.is_not(None))
# A card's place in CardFigures as one number, by which a database groups faster than by four.
_STATES = ("new", "learning", "young", "mature", "suspended")
_STEP = 100  # more than there are states or steps of one kind


@dataclass(frozen=True, kw_only=True)
class DayFigures:
    """What is kept of one study day."""

    day: StudyDay
    reviews: int
    """All that are not undone."""
    known: int
    """Reviews of cards with an interval of a day or more, on a later day: what true retention counts."""
    passed: int
    mature: int
    mature_passed: int
    taken_ms: int


@dataclass(frozen=True, kw_only=True)
class HourFigures:
    """The reviews of one hour of the day, on the wall clock where they were made."""

    reviews: int
    passed: int
    """Those rated above Again."""


@dataclass(frozen=True, kw_only=True)
class CardFigures:
    """How many cards there are of each kind; retired ones count nowhere. Each card is one of the first five."""

    new: int
    learning: int
    """In their first steps or relearnt."""
    young: int
    """With an interval below MATURE_DAYS."""
    mature: int
    suspended: int
    intervals: Sequence[int]
    """Cards with a memory by their interval, one number for each of DAYS_FROM; suspended ones are in, as in Anki."""
    stabilities: Sequence[int]
    chances: Sequence[int]
    """The same by their chance of recall today, one number for each of CHANCES_FROM."""


@dataclass(frozen=True, kw_only=True)
class CardStanding:
    """How the cards of one concept stand, or those of a note that are of no concept."""

    note_id: int | None
    concept_id: int | None
    cards: int
    new: int
    mature: int
    suspended: int
    """Those of `cards`, new, mature or neither, that are out of the reviews until they are brought back."""
    reviews: int
    """All that were ever made of them and count."""
    lapses: int


def day_figures(db: Session, *, user_id: UUID, today: StudyDay) -> Sequence[DayFigures]:
    """All study days up to today with a review, in order."""
    columns = ("day", "reviews", "known", "passed", "mature", "mature_passed", "taken_ms")
    rows = db.execute(_days(columns), {"user_id": user_id, "today": today})
    return [DayFigures(**dict(zip(columns, row, strict=True))) for row in rows]


def forecast(db: Session, *, user_id: UUID, today: StudyDay) -> Sequence[int]:
    """Cards due on each of FORECAST_DAYS days from today, which also has all that are overdue or come back within it.

    New, suspended and retired cards are not in it; a card that is buried counts on the day on which it is back.
    """
    found: Counter[int] = Counter()
    asked = {"user_id": user_id, "last": today + FORECAST_DAYS - 1}
    for within_day in (False, True):
        for due_day, count in db.execute(_due(within_day=within_day), asked):
            found[max(due_day - today, 0)] += count
    return [found[after] for after in range(FORECAST_DAYS)]


def hour_figures(db: Session, *, user_id: UUID, today: StudyDay, now: datetime) -> Sequence[HourFigures]:
    """The reviews of the last HOURS_DAYS days by the hour of the day, 0 to 23, where the learner was."""
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    asked = {"user_id": user_id, "after": today - HOURS_DAYS}
    made: Counter[int] = Counter()
    passed: Counter[int] = Counter()
    for quarter, zone, reviews, of_them in db.execute(_quarters(is_sqlite=is_sqlite, since=_since(now)), asked):
        hour = datetime.fromtimestamp(int(quarter) * QUARTER_S, UTC).astimezone(ZoneInfo(zone)).hour
        made[hour] += reviews
        passed[hour] += of_them
    return [HourFigures(reviews=made[hour], passed=passed[hour]) for hour in range(24)]


def card_figures(db: Session, *, user_id: UUID, today: StudyDay, scheduler: Scheduler) -> CardFigures:
    """How the learner's cards stand today."""
    ratios = [scheduler.stabilities_to(chance) for chance in CHANCES_FROM[1:]]
    asked = {"user_id": user_id, "today": today, **{f"ratio{n}": ratio for n, ratio in enumerate(ratios)}}
    states: Counter[int] = Counter()
    steps: Sequence[Counter[int]] = (Counter(), Counter(), Counter())
    for place, has_memory, count in db.execute(_places(), asked):
        states[place % _STEP] += count
        for kind, some in enumerate(steps if has_memory else (), start=1):
            some[place // _STEP**kind % _STEP] += count
    intervals, stabilities, chances = steps
    return CardFigures(
        **{name: states[number] for number, name in enumerate(_STATES)},
        intervals=[intervals[step] for step in range(len(DAYS_FROM))],
        stabilities=[stabilities[step] for step in range(len(DAYS_FROM))],
        chances=[chances[step] for step in range(len(CHANCES_FROM))],
    )


def standings(db: Session, *, user_id: UUID) -> Sequence[CardStanding]:
    """How the cards stand by note and concept."""
    return [CardStanding(**row._mapping) for row in db.execute(_by_concept(), {"user_id": user_id})]


@dataclass(frozen=True, kw_only=True)
class RememberedOfLate:
    """Reviews that true retention counts, of the cards of one concept, or of those of a note that are of no concept."""

    note_id: int | None
    concept_id: int | None
    known: int
    passed: int


def kept(db: Session, *, user_id: UUID, today: StudyDay, now: datetime) -> Sequence[RememberedOfLate]:
    """What was remembered in the last HOURS_DAYS days, by note and concept."""
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    # A card's place in its table: brought into that order by its index alone, cards and questions are read in a row.
    place: ColumnElement[Any] = literal_column("card.rowid", Integer()) if is_sqlite else Card.__table__.c.id
    of_cards = (
        select(place.label("place"), func.count().label("known"), _count(PASSED).label("passed"))
        .select_from(ReviewLog)
        .join(Card, Card.id == ReviewLog.card_id)
        .where(ReviewLog.user_id == user_id, ReviewLog.reviewed_at > _since(now))
        .where(ReviewLog.day > today - HOURS_DAYS, ReviewLog.day <= today, KNOWN)
        .group_by(place)
        .subquery()
    )
    rows = (
        select(Question.note_id, Question.concept_id, func.sum(of_cards.c.known), func.sum(of_cards.c.passed))
        .select_from(of_cards)
        .join(Card, place == of_cards.c.place)
        .join(Question, Question.id == Card.question_id)
        .group_by(Question.note_id, Question.concept_id)
    )
    return [
        RememberedOfLate(note_id=note_id, concept_id=concept_id, known=int(known), passed=int(passed))
        for note_id, concept_id, known, passed in db.execute(rows)
    ]


def _since(now: datetime) -> datetime:
    """Before any review of those days, whatever zone it was made in."""
    return now - timedelta(days=HOURS_DAYS + 3)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


@cache
def _days(columns: Sequence[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(*(getattr(DayTally, name) for name in columns))
        .where(DayTally.user_id == _USER, DayTally.day <= _TODAY)
        .order_by(DayTally.day)
    )


@cache
def _due(*, within_day: bool) -> Select[int, int]:
    """The cards of a pile by the day on which they come; as the queue has it, so that it is a range of its index."""
    last = bindparam("last", type_=Integer())
    pile = Card.due_at.is_not(None) if within_day else Card.due_at.is_(None)
    day = shown_day(Card)
    due = select(day, func.count()).where(*_DUE, pile, Card.due_day <= last)
    return due.group_by(day)  # type: ignore[return-value]


def _quarters(*, is_sqlite: bool, since: datetime) -> Select[*tuple[Any, ...]]:
    """Applied reviews by the quarter of an hour since 1970, and by zone."""
    if is_sqlite:
        quarter: Any = type_coerce(ReviewLog.reviewed_at, BigInteger).op("/")(QUARTER_S * 1_000_000)
    else:
        quarter = cast(func.floor(extract("epoch", ReviewLog.reviewed_at) / QUARTER_S), BigInteger)
    after = bindparam("after", type_=Integer())
    return (
        select(quarter, ReviewLog.zone, func.count(), _count(PASSED))
        .where(
            ReviewLog.user_id == _USER,
            ReviewLog.reviewed_at > since,
            ReviewLog.day > after,
            APPLIED,
        )
        .group_by(quarter, ReviewLog.zone)
    )


@cache
def _places() -> Select[*tuple[Any, ...]]:
    """How many cards are in each place, with whether these have a memory: _STATES, DAYS_FROM twice and CHANCES_FROM.

    A chance of recall depends on the days since the last review in stabilities alone, so that no power is computed. A
    place takes a few comparisons, where a sum for each step takes them all.
    """
    interval, elapsed = Card.due_day - Card.last_day, _TODAY - Card.last_day
    ratios: list[Any] = [bindparam(f"ratio{n}", type_=Double()) for n in range(len(CHANCES_FROM) - 1)]
    state = case(
        (Card.suspended, _STATES.index("suspended")),
        (Card.phase == Phase.NEW, _STATES.index("new")),
        (Card.phase != Phase.REVIEW, _STATES.index("learning")),
        (interval >= MATURE_DAYS, _STATES.index("mature")),
        else_=_STATES.index("young"),
    )
    steps = (
        _step([interval >= days for days in DAYS_FROM[1:]]),
        _step([Card.stability >= days for days in DAYS_FROM[1:]]),
        _step([elapsed <= ratio * Card.stability for ratio in ratios]),
    )
    place = state + sum(step * _STEP**kind for kind, step in enumerate(steps, start=1))
    has_memory = Card.stability.is_not(None)
    placed = select(place.label("place"), has_memory.label("has_memory")).where(*_MINE).subquery()
    return select(placed.c.place, placed.c.has_memory, func.count()).group_by(placed.c.place, placed.c.has_memory)


def _step(reached: Sequence[ColumnElement[bool]]) -> Any:
    """How many of these hold, of which each holds only if all before it do; found by halving."""

    def between(low: int, high: int) -> Any:
        middle = (low + high) // 2
        return low if low == high else case((reached[middle], between(middle + 1, high)), else_=between(low, middle))

    return between(0, len(reached))


@cache
def _by_concept() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Question.note_id,
            Question.concept_id,
            func.count().label("cards"),
            _count(Card.phase == Phase.NEW).label("new"),
            _count((Card.phase == Phase.REVIEW) & (Card.due_day - Card.last_day >= MATURE_DAYS)).label("mature"),
            _count(Card.suspended == true()).label("suspended"),
            func.sum(Card.reps).label("reviews"),
            func.sum(Card.lapses).label("lapses"),
        )
        .join(Question, Question.id == Card.question_id)
        .where(*_MINE)
        .group_by(Question.note_id, Question.concept_id)
        .order_by(Question.note_id, Question.concept_id)
    )


def totals(days: Sequence[DayFigures], *, since: StudyDay | None = None) -> Mapping[str, int]:
    """The sums of all figures of these days, from study day `since` on."""
    some = [day for day in days if since is None or day.day >= since]
    names = ("reviews", "known", "passed", "mature", "mature_passed", "taken_ms")
    return {name: sum(getattr(day, name) for day in some) for name in names}
