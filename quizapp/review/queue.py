"""The queue of a learner's cards in SQL: which card is next, how many are left, when the next one comes.

Each pile is one range of its own index on `card`, read from its front, and no count goes beyond COUNTED_MAX. So no
query takes longer with more cards. Each statement is made once: making it takes longer than running it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, assert_never

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased, undefer

from quizapp.accounts.models import NewOrder, ReviewOrder
from quizapp.column_types import CompactUuid, UtcDateTime
from quizapp.review import due_order
from quizapp.review.due_order import TODAY, USER
from quizapp.review.mixing import MIXED_MAX, is_turn_of_new
from quizapp.review.models import Card, CardDeed, DayLimit, DayTally, ReviewLog
from quizapp.review.scheduler import AGAIN_STEP
from quizapp.shown_progress import SHOWN_MAX

COUNTED_MAX = SHOWN_MAX + 1  # one more than is shown, so that 999 and more than 999 can be told apart
DEFAULT_TAKEN_MS = 20_000  # for one card of this kind of material, until the learner's own mean is known
PACE_DAYS = 7  # the learner's time for a card is the mean of this many last days with reviews
WEEK_DAYS = 7
MISDATED_AFTER = timedelta(minutes=1)  # a review later than this from now was dated by a clock that was ahead

NOW = bindparam("now", type_=UtcDateTime())
SOON = bindparam("soon", type_=UtcDateTime())
LONGEST = bindparam("longest", type_=UtcDateTime())
NEW_PER_DAY = bindparam("new_per_day", type_=Integer())
REVIEWS_PER_DAY = bindparam("reviews_per_day", type_=Integer())
MOST = bindparam("most", type_=Integer())
WITHOUT = bindparam("without", type_=CompactUuid(), expanding=True)

Condition = ColumnElement[bool]

_queued = aliased(Card, name="queued")
_SHOWN = (_queued.user_id == USER, _queued.hidden == false(), _queued.suspended == false())
# The conditions of the partial indexes, word for word: SQLite sees only then that it can use them.
_LEARNING = (*_SHOWN, _queued.due_at.is_not(None))
_REVIEW = (*_SHOWN, _queued.due_at.is_(None), _queued.due_day.is_not(None))
_MISJUDGED = (*_REVIEW, _queued.misjudged_day >= _queued.last_day)
_NEW = (*_SHOWN, _queued.due_day.is_(None))
_BURIED = (*_SHOWN, _queued.buried_until_day.is_not(None))
# The order of each pile, as its index begins. The last columns only decide between equals.
_BY_TIME = (_queued.due_at, _queued.due_day, _queued.last_review_at, _queued.created_at, _queued.question_id)
_BY_DAY = (_queued.due_day, _queued.last_review_at, _queued.created_at, _queued.question_id)
_BY_AGE = (_queued.created_at, _queued.question_id)


def shown_day(card: type[Card]) -> ColumnElement[int | None]:
    """The study day on which a card comes: its due day, or the later one that it is buried until; NULL of a new one."""
    return case((card.buried_until_day > card.due_day, card.buried_until_day), else_=card.due_day)


def longest_wait(now: datetime) -> datetime:
    """The time until which a card may wait within the day. One that is to wait longer was rated by a clock ahead."""
    return now + AGAIN_STEP + MISDATED_AFTER


def has_come_back(due_at: datetime | None, *, now: datetime) -> bool:
    """Whether a card that comes back within the day, at this time, can be answered now."""
    return due_at is not None and (due_at <= now or due_at > longest_wait(now))


def in_turn(card: type[Card], *, now: datetime, today: Any) -> Condition:
    """Whether a card that is not new can be answered now, as the piles below have it, but for the limits of the day.

    Anki's `is:due` has what comes later in the day too.
    """
    is_due = or_(
        card.due_at <= now, card.due_at > longest_wait(now), and_(card.due_at.is_(None), card.due_day <= today)
    )
    return and_(is_due, card.suspended == false(), func.coalesce(card.buried_until_day, 0) <= today)


def _unburied(day: ColumnElement[int] = TODAY) -> Condition:
    return or_(_queued.buried_until_day.is_(None), _queued.buried_until_day <= day)


@cache
def next_card(*, ahead: bool, without: bool, new_order: NewOrder, review_order: ReviewOrder) -> Select[Card]:
    """The first card of the first pile that has one: learning, misjudged, due, new, and those that would wait until
    after LONGEST; with `ahead` those coming soon.

    Which of due and new comes first says `new_order`. Takes USER, NOW, LONGEST, TODAY, NEW_PER_DAY and REVIEWS_PER_DAY,
    with `ahead` SOON, with `without` WITHOUT, the ids of cards to leave out, and what `due_order` takes.
    """
    piles = _piles(ahead=ahead, without=without)
    learning, misjudged, due, new, *soon = [_first(_queued.id, *where, order=order) for where, order in piles]
    if review_order is not ReviewOrder.DUE:
        due = due_order.first(_queued, piles[2][0], by_day=_BY_DAY, order=review_order)
    main: list[ColumnElement[Any]]
    match new_order:
        case NewOrder.AFTER:
            main = [due, new]
        case NewOrder.BEFORE:
            main = [new, due]
        case NewOrder.MIXED:
            main = [case((_is_turn_of_new(), new)), due, new]
        case _:
            assert_never(new_order)
    # Which reads no pile after one that has a card, and counts nothing while a learning card waits.
    found = select(Card).where(Card.id == func.coalesce(learning, misjudged, *main, *soon))
    return found.options(undefer(Card.note_retention))


@cache
def coming(*, ahead: bool, without: bool, review_order: ReviewOrder) -> Sequence[Select[Card]]:
    """The piles of `next_card`, one statement each, the cards in their order; takes MOST beside the values of that.

    Learning, misjudged (which are among the due ones too), due, new, and the others as there. The due
    ones are as `due_order.window` gives them if they are in another order than by the day.
    """
    piles = _piles(ahead=ahead, without=without)
    found = [select(_queued).where(*where).order_by(*order).limit(MOST) for where, order in piles]
    if review_order is not ReviewOrder.DUE:
        found[2] = due_order.window(_queued, piles[2][0], by_day=_BY_DAY, order=review_order)
    return [cards.options(undefer(_queued.note_retention)) for cards in found]


@cache
def done_today() -> Select[*tuple[Any, ...]]:
    """The new cards begun and the due ones reviewed. Takes USER and TODAY."""
    return select(_done(DayTally.introduced), _done(DayTally.known))


def _is_turn_of_new() -> ScalarSelect[bool]:
    """`mixing.is_turn_of_new` for the present day; of each pile no more than MIXED_MAX count.

    Each figure is computed once: SQLite would do it wherever a subquery's column is used, were that not materialized.
    """
    figures = select(
        _done(DayTally.introduced).label("begun"),
        _done(DayTally.known).label("reviewed"),
        _new_limit().label("new_limit"),
        _review_limit().label("review_limit"),
        _count(*_NEW, _unburied(), order=_BY_AGE, most=MIXED_MAX).label("new"),
        _count(*_REVIEW, _unburied(), _queued.due_day <= TODAY, order=_BY_DAY[:1], most=MIXED_MAX).label("due"),
    )
    day = figures.cte("day").prefix_with("MATERIALIZED")
    new, due = (
        _lesser(day.c.new, day.c.new_limit - day.c.begun),
        _lesser(day.c.due, day.c.review_limit - day.c.reviewed),
    )
    turn = is_turn_of_new(begun=day.c.begun, reviewed=day.c.reviewed, new=new, due=due)
    return select(turn).select_from(day).scalar_subquery()


def _lesser(one: ColumnElement[int], other: ColumnElement[int]) -> ColumnElement[int]:
    """The lesser of two numbers, and at least 0; the databases have other names for it."""
    return case((other < 0, 0), (one < other, one), else_=other)


def _piles(*, ahead: bool, without: bool) -> Sequence[tuple[Sequence[Condition], Sequence[Any]]]:
    """The conditions and the order of each pile of cards that can be answered now, in the order in which they come.

    The misjudged cards are among the due ones too, and come before the others of these.
    """
    left = (_unburied(), _queued.id.not_in(WITHOUT)) if without else (_unburied(),)
    may_begin, may_review = _done(DayTally.introduced) < _new_limit(), _done(DayTally.known) < _review_limit()
    piles = [
        ((*_LEARNING, *left, _queued.due_at <= NOW), _BY_TIME),
        ((*_MISJUDGED, *left, _queued.due_day <= TODAY, may_review), _BY_DAY),
        ((*_REVIEW, *left, _queued.due_day <= TODAY, may_review), _BY_DAY),
        ((*_NEW, *left, may_begin), _BY_AGE),
    ]
    piles.append(((*_LEARNING, *left, _queued.due_at > LONGEST), _BY_TIME))
    return [*piles, ((*_LEARNING, *left, _queued.due_at > NOW, _queued.due_at <= SOON), _BY_TIME)] if ahead else piles


@cache
def counts() -> Select[*tuple[Any, ...]]:
    """The new cards, the learning ones whose time has come, all learning ones of today and the due ones; then how many
    new cards may be begun yet and how many due ones reviewed, the mean time for a card in ms, misdated reviews, and
    whether anything was ever done with a card.

    The mean time is NULL if there were no reviews. Takes USER, NOW, LONGEST, TODAY, NEW_PER_DAY, REVIEWS_PER_DAY and
    SOON, from which on a review is misdated.
    """
    return select(
        _count(*_NEW, _unburied(), order=_BY_AGE),
        _count(*_LEARNING, _unburied(), _queued.due_at <= NOW, order=_BY_TIME[:1])
        + _count(*_LEARNING, _unburied(), _queued.due_at > LONGEST, order=_BY_TIME[:1]),
        *_left_on_day(),
        _new_limit() - _done(DayTally.introduced),
        _review_limit() - _done(DayTally.known),
        _pace(),
        _misdated(),
        _has_done_any(),
    )


@cache
def reviews_of_the_day() -> Select[*tuple[Any, ...]]:
    """The due cards of the day, those reviewed on it, the mean time for a card in ms (NULL without reviews), and the
    ms spent on the day so far. Takes USER and TODAY.
    """
    due = _left_on_day()[1]
    return select(due, _done(DayTally.known), _pace(), _done(DayTally.taken_ms))


@cache
def waiting() -> Select[*tuple[Any, ...]]:
    """When cards come that are not due: the first time, whether any card is new, the first due day of the others.

    The last column is the first day on which a buried card is shown again. Takes USER and TODAY.
    """
    buried = (*_BURIED, _queued.due_day.is_not(None), _queued.buried_until_day > TODAY)
    return select(
        _first(_queued.due_at, *_LEARNING, _unburied(), order=_BY_TIME[:1]),
        _first(literal_column("1", Integer()), *_NEW, order=_BY_AGE),
        _first(_queued.due_day, *_REVIEW, _unburied(), order=_BY_DAY[:1]),
        select(func.min(shown_day(_queued))).where(*buried).scalar_subquery(),
    )


@cache
def forecast() -> Select[*tuple[Any, ...]]:
    """The cards shown on each of WEEK_DAYS study days, two columns a day. Takes USER and TODAY.

    Overdue ones count for today, and so does a card that comes back within the day. The columns of a day are to be
    added up: those in their turn and, today, learning ones; later, buried ones that come back on it.
    """
    columns = list(_left_on_day())
    for later in range(1, WEEK_DAYS):
        day = TODAY + later
        back = (*_BURIED, _queued.buried_until_day == day, _queued.due_day < day)
        columns.append(_count(*_REVIEW, _queued.due_day == day, _unburied(day), order=_BY_DAY[:1]))
        columns.append(_count(*back, order=(_queued.buried_until_day,)))
    return select(*columns)


def _pace() -> ScalarSelect[Any]:
    paced = (
        select(DayTally.taken_ms, DayTally.timed)
        .where(DayTally.user_id == USER, DayTally.timed > 0)
        .order_by(DayTally.day.desc())
        .limit(PACE_DAYS)
        .subquery()
    )
    return select(func.sum(paced.c.taken_ms) * 1.0 / func.sum(paced.c.timed)).scalar_subquery()


def _left_on_day() -> Sequence[ScalarSelect[int]]:
    """The learning and the due cards of today."""
    return (
        _count(*_LEARNING, _unburied(), order=_BY_TIME[:1]),
        _count(*_REVIEW, _unburied(), _queued.due_day <= TODAY, order=_BY_DAY[:1]),
    )


def _misdated() -> ScalarSelect[int]:
    """The reviews after SOON, at most COUNTED_MAX."""
    late = select(ReviewLog.id).where(ReviewLog.user_id == USER, ReviewLog.reviewed_at > SOON)
    some = late.order_by(ReviewLog.reviewed_at).limit(COUNTED_MAX).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _has_done_any() -> Condition:
    """Whether the learner has ever rated a card or done anything else with one."""
    rated, done = exists().where(DayTally.user_id == USER), exists().where(CardDeed.user_id == USER)
    return or_(rated, done)


def _done(figure: Any) -> Any:
    """What was done of a figure of the study day; of the next one too, if the learner has gone west meanwhile.

    Their zone has made yesterday of today then, and a limit is to hold over a flight.
    """
    mine = (DayTally.user_id == USER, DayTally.day >= TODAY, DayTally.day <= TODAY + 1)
    return func.coalesce(select(func.sum(figure)).where(*mine).scalar_subquery(), 0)


def _new_limit() -> Any:
    return func.coalesce(_of_day_alone(DayLimit.new_cards), NEW_PER_DAY)


def _review_limit() -> Any:
    return func.coalesce(_of_day_alone(DayLimit.reviews), REVIEWS_PER_DAY)


def _of_day_alone(limit: Any) -> ScalarSelect[int]:
    return select(limit).where(DayLimit.user_id == USER, DayLimit.day == TODAY).scalar_subquery()


def _first(column: Any, *where: Condition, order: Sequence[Any]) -> ScalarSelect[Any]:
    return select(column).select_from(_queued).where(*where).order_by(*order).limit(1).scalar_subquery()


def _count(*where: Condition, order: Sequence[Any], most: int = COUNTED_MAX) -> ScalarSelect[int]:
    """How many, up to `most`. The order leads SQLite, which keeps no statistics, to the pile's index."""
    one: Select[int] = select(literal_column("1", Integer()).label("one")).select_from(_queued)
    some = one.where(*where).order_by(*order).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
