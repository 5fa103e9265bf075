"""The order of the cards that are due, where it is not that of their days: in SQL, on the first ORDERED_MAX of them.

How well a card is remembered changes from day to day, and not alike for two cards, so no index can have that order. It
is computed for the cards that have been due longest, which are one range of an index: so it takes as long for a million
cards as for some hundred. Who has more due at once sees the others as soon as there is room.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar, assert_never
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Integer, ScalarSelect, Select, Subquery, bindparam, cast, func, select
from sqlalchemy.orm import Session, aliased

from quizapp.accounts.models import ReviewOrder
from quizapp.catalogue.models import Question
from quizapp.column_types import CompactUuid
from quizapp.review.models import Card, Outcome, ReviewLog
from quizapp.study_day import StudyDay

ORDERED_MAX = 100  # cards, a full day of reviews: to read and order them takes a sixth of a millisecond
MIXED_MAX = 50  # cards that are mixed over concepts, each of which is read too: as many take as long
RECENT_MAX = 10  # reviews in which a concept counts as asked lately: some three minutes
SHUFFLED_UP_TO = 2**31 - 1  # a prime whose square fits into 64 bits

USER = bindparam("user_id", type_=CompactUuid())
TODAY = bindparam("today", type_=Integer())
SHUFFLE = bindparam("shuffle", type_=BigInteger())

T = TypeVar("T")


def first(queued: Any, where: Sequence[Any], *, by_day: Sequence[Any], order: ReviewOrder) -> ScalarSelect[UUID]:
    """The id of the first card in that order; takes USER, TODAY and SHUFFLE beside the values of `where`."""
    some = _longest_due(queued, where, by_day, order)
    keys, joined = _keys(some, order), select(some.c.id)
    if order is ReviewOrder.CONCEPTS:
        joined = _with_concepts(joined, some)
    return joined.order_by(*keys, *_as(some, by_day)).limit(1).scalar_subquery()


def window(queued: Any, where: Sequence[Any], *, by_day: Sequence[Any], order: ReviewOrder) -> Select[Card]:
    """The first cards in that order, at most ORDERED_MAX; for CONCEPTS MIXED_MAX by the day, as `interleaved` takes."""
    some = _longest_due(queued, where, by_day, order)
    keys = () if order is ReviewOrder.CONCEPTS else _keys(some, order)
    return select(queued).join(some, some.c.id == queued.id).order_by(*keys, *_as(some, by_day))


def asked_lately(db: Session, *, user_id: UUID) -> Sequence[int]:
    """The concepts of the last RECENT_MAX reviews, the one that was asked longest ago first."""
    lately = select(_RECENT.c.concept_id).order_by(_RECENT.c.at, _RECENT.c.concept_id)
    return db.scalars(lately, {"user_id": user_id}).all()


def interleaved(cards: Sequence[tuple[T, int | None]], *, asked: Sequence[int]) -> list[T]:
    """The cards, given with their concepts, so that each is of the concept that was asked longest ago when it comes.

    `asked` has the concepts that were asked lately, the last one at its end.
    """
    last: dict[int | None, int] = {concept: place for place, concept in enumerate(asked, start=1)}
    left, found = list(cards), list[T]()
    while left:
        place = min(range(len(left)), key=lambda n: (last.get(left[n][1], 0), n))
        card, concept = left.pop(place)
        found.append(card)
        if concept is not None:
            last[concept] = len(asked) + len(found)
    return found


def shuffle_of(user_id: UUID, *, today: StudyDay) -> Mapping[str, int]:
    """The value of SHUFFLE, from which the order of RANDOM follows: the same all day, whatever is done meanwhile."""
    made = int.from_bytes(sha256(f"{user_id} {today}".encode()).digest()[:8])
    return {"shuffle": made % (SHUFFLED_UP_TO - 1) + 1}


def _longest_due(queued: Any, where: Sequence[Any], by_day: Sequence[Any], order: ReviewOrder) -> Subquery:
    columns = (queued.id, queued.last_day, queued.stability, *by_day)
    most = MIXED_MAX if order is ReviewOrder.CONCEPTS else ORDERED_MAX
    return select(*columns).where(*where).order_by(*by_day).limit(most).subquery("longest_due")


def _as(some: Subquery, by_day: Sequence[Any]) -> Sequence[Any]:
    return [some.c[column.key] for column in by_day]


def _keys(some: Subquery, order: ReviewOrder) -> Sequence[Any]:
    """What to order by before the day."""
    # The chance of recall falls with the days since the last review in stabilities alone.
    forgotten = (TODAY - some.c.last_day) / some.c.stability
    match order:
        case ReviewOrder.DUE:
            return ()
        case ReviewOrder.LEAST_RECALL:
            return (forgotten.desc(),)
        case ReviewOrder.MOST_RECALL:
            return (forgotten.asc(),)
        case ReviewOrder.RANDOM:
            return (_shuffled(cast(some.c.question_id, BigInteger)),)
        case ReviewOrder.CONCEPTS:
            return _RECENT.c.at.asc().nulls_first(), _RECENT.c.concept_id
        case _:
            assert_never(order)


def _shuffled(number: ColumnElement[int]) -> ColumnElement[int]:
    """Another number for each below SHUFFLED_UP_TO: the fifth power, by which numbers in a row get into no pattern.

    No two get the same, since the prime less one is no multiple of 5.
    """
    moved = (number + SHUFFLE) % SHUFFLED_UP_TO
    square = moved * moved % SHUFFLED_UP_TO
    return square * square % SHUFFLED_UP_TO * moved % SHUFFLED_UP_TO


def _with_concepts(shown: Select[Any], some: Subquery) -> Select[Any]:
    joined = shown.join(Question, Question.id == some.c.question_id)
    return joined.outerjoin(_RECENT, _RECENT.c.concept_id == Question.concept_id)


def _make_recent() -> Subquery:
    """The concepts of the last RECENT_MAX reviews, each with the time of its last one."""
    last = (
        select(ReviewLog.card_id, ReviewLog.reviewed_at)
        .where(ReviewLog.user_id == USER, ReviewLog.outcome != Outcome.UNDONE)
        .order_by(ReviewLog.reviewed_at.desc())
        .limit(RECENT_MAX)
        .subquery("last")
    )
    asked, card = aliased(Question), aliased(Card)
    return (
        select(asked.concept_id, func.max(last.c.reviewed_at).label("at"))
        .join(card, card.question_id == asked.id)
        .join(last, last.c.card_id == card.id)
        .where(asked.concept_id.is_not(None))
        .group_by(asked.concept_id)
        .subquery("recent")
    )


_RECENT = _make_recent()
