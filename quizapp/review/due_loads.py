"""How many cards come back on the days to come, and on which of several days another one does; see `balancing`.

The numbers are kept with whatever moves a card, so that a rating reads those of a few days and counts no cards.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, false, func, insert, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.dialects import insert_of
from quizapp.prepared_statements import AnyConnection, Prepared
from quizapp.review.balancing import LEAST_DAYS, USUAL_SHARE, WEEKDAYS, near, placed, span
from quizapp.review.models import Card, DayLoad
from quizapp.review.scheduler import MAX_INTERVAL_DAYS, Place, Reviewed
from quizapp.study_day import StudyDay

USUAL_SHARES: Sequence[int] = (USUAL_SHARE,) * WEEKDAYS

_LOADS: Any = DayLoad.__table__
_BETWEEN = Prepared(
    select(_LOADS.c.day, _LOADS.c.cards).where(
        _LOADS.c.user_id == bindparam("user_id"), _LOADS.c.day.between(bindparam("first"), bindparam("last"))
    )
)


def due_day(connection: AnyConnection, reviewed: Reviewed, *, user: User) -> StudyDay:
    """The day on which a card comes back after a rating: of those that would do the one with the fewest cards."""
    today, intervals = reviewed.memory.last_day, reviewed.intervals
    if not user.is_balanced or today is None or not intervals:
        return reviewed.due_day
    return today + _placed(connection, user, intervals, today)


def placing(connection: AnyConnection, *, user: User) -> Place | None:
    """What chooses the user's days, by one read for each card; None if each card is to come on its own day."""
    return partial(_placed, connection, user) if user.is_balanced else None


def _placed(connection: AnyConnection, user: User, intervals: Sequence[int], today: StudyDay) -> int:
    if intervals[-1] < LEAST_DAYS:
        return intervals[-1]
    some = near(intervals)
    first, last = span(some)
    loads = dict(_BETWEEN.all(connection, {"user_id": user.id, "first": today + first, "last": today + last}))
    found = placed(some, today=today, loads=loads, shares=user.easy_days or USUAL_SHARES)
    return min(found, MAX_INTERVAL_DAYS)


def move(connection: AnyConnection, *, user_id: UUID, cards: Iterable[tuple[StudyDay, int]]) -> None:
    """Add so many cards to study days, or take them away with a number below 0; in the order of the days."""
    add = _add(connection.dialect.name)
    for day, number in cards:
        add.change(connection, {"user_id": user_id, "day": day, "cards": number})


@contextmanager
def kept(db: Session, *, user: User, cards: Iterable[Card]) -> Iterator[None]:
    """Keep the numbers while these cards are changed."""
    some = list(cards)
    before = Counter(_counts_on(card) for card in some)
    yield
    after = Counter(_counts_on(card) for card in some)
    after.subtract(before)
    moved = sorted((day, number) for day, number in after.items() if day is not None and number)
    move(db.connection(), user_id=user.id, cards=moved)


def recount(db: Session, *, user_id: UUID) -> None:
    """Count all anew."""
    db.execute(delete(DayLoad).where(DayLoad.user_id == user_id))
    shown = Card.user_id == user_id, Card.hidden == false(), Card.suspended == false()
    due = Card.due_at.is_(None), Card.due_day.is_not(None)
    counted = select(Card.user_id, Card.due_day, func.count()).where(*shown, *due).group_by(Card.user_id, Card.due_day)
    db.execute(insert(DayLoad).from_select(["user_id", "day", "cards"], counted))


def _counts_on(card: Card) -> StudyDay | None:
    return None if card.suspended or card.due_at is not None else card.due_day


@cache
def _add(dialect: str) -> Prepared:
    number = bindparam("cards", type_=_LOADS.c.cards.type)
    added = insert_of(dialect)(_LOADS).values({name: bindparam(name) for name in ("user_id", "day", "cards")})
    return Prepared(
        added.on_conflict_do_update(index_elements=["user_id", "day"], set_={"cards": _LOADS.c.cards + number})
    )
