"""The cards that somebody has chosen to study one after the other, due or not: kept in the browser's signed cookie.

Each is left until it is rated after they were chosen, and once more when it comes back within the day. A sitting over
them may leave the schedule alone: then its answers change no card, and what was rated Again is asked again at its end.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, undefer

from quizapp.accounts.models import User
from quizapp.catalogue.models import Lab
from quizapp.review.memory import Rating
from quizapp.review.models import Card, Outcome, ReviewLog
from quizapp.review.queue import has_come_back
from quizapp.study_day import study_day

CHOSEN_MAX = 50  # their ids take 1.1 kB, and a cookie has 4 at most
CUT = f"A sitting has {CHOSEN_MAX} cards; the first ones were taken. Begin another one for the others."
_KEY = "chosen"
_ID_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Cards in the order in which they are shown."""

    ids: Sequence[UUID]
    at: datetime
    """When they were chosen."""
    first_number: int | None = None
    """The `deed_number` of what was done next, so that the clock may be set meanwhile; None in a cookie without it."""
    is_apart: bool = False
    """Whether the answers leave the schedule alone."""


@dataclass(frozen=True, kw_only=True)
class SittingDone:
    """What was done in a sitting over chosen cards. Undone answers do not count."""

    cards: int
    answers: int
    missed: int
    """Cards that were rated Again at least once."""
    is_apart: bool


def keep(
    cookie: MutableMapping[str, Any],
    ids: Sequence[UUID],
    *,
    now: datetime,
    first_number: int | None = None,
    is_apart: bool = False,
) -> None:
    """Keep the first CHOSEN_MAX of these cards as the chosen ones. What the user does next has `first_number`."""
    packed = urlsafe_b64encode(b"".join(id.bytes for id in ids[:CHOSEN_MAX])).decode()
    cookie[_KEY] = {"ids": packed, "at": now.timestamp(), "apart": is_apart, "number": first_number}


def kept(cookie: MutableMapping[str, Any]) -> Chosen | None:
    """The chosen cards; None if none were chosen."""
    said = cookie.get(_KEY)
    if said is None:
        return None
    packed = urlsafe_b64decode(said["ids"])
    ids = [UUID(bytes=packed[start : start + _ID_BYTES]) for start in range(0, len(packed), _ID_BYTES)]
    return Chosen(
        ids=ids,
        at=datetime.fromtimestamp(said["at"], UTC),
        first_number=said.get("number"),
        is_apart=said.get("apart", False),
    )


def answerable(user: User, *, now: datetime, is_apart: bool) -> Sequence[ColumnElement[bool]]:
    """Conditions for the cards that a sitting takes: the user's, due or not, but none that was put away.

    One that leaves the schedule alone takes no lab either: what happens on a host is a review like any other.
    """
    today = study_day(now, user.zone, user.rollover_hour)
    unburied = or_(Card.buried_until_day.is_(None), Card.buried_until_day <= today)
    there = (Card.user_id == user.id, Card.hidden == false(), Card.suspended == false(), unburied)
    return (*there, Card.question_id.not_in(select(Lab.question_id))) if is_apart else there


def left(db: Session, chosen: Chosen, *, user: User, now: datetime, without: Collection[UUID] = ()) -> Sequence[Card]:
    """The chosen cards that are left: first those not yet rated, in their order, then those that have come back.

    None that is suspended or buried.
    """
    conditions = answerable(user, now=now, is_apart=chosen.is_apart)
    mine = select(Card).where(Card.id.in_(chosen.ids), *conditions)
    there = db.scalars(mine.options(undefer(Card.note_retention)))
    cards = {card.id: card for card in there if card.id not in without}
    in_order = [cards[id] for id in chosen.ids if id in cards]
    last = _last_ratings(db, chosen, user=user)
    if chosen.is_apart:
        again = [cards[id] for id, rating in last.items() if rating is Rating.AGAIN and id in cards]
        return [*(card for card in in_order if card.id not in last), *again]
    unrated = [card for card in in_order if card.last_review_at is None or card.id not in last]
    back = [card for card in in_order if card not in unrated and has_come_back(card.due_at, now=now)]
    return [*unrated, *back]


def left_of_today(db: Session, cookie: MutableMapping[str, Any], *, user: User, now: datetime) -> int:
    """How many cards are left of a sitting that was begun on this study day, to lead back to it; 0 for none."""
    if (chosen := kept(cookie)) is None:
        return 0
    begun, today = (study_day(moment, user.zone, user.rollover_hour) for moment in (chosen.at, now))
    return len(left(db, chosen, user=user, now=now)) if begun == today else 0


def done(db: Session, chosen: Chosen, *, user: User) -> SittingDone:
    """What was done in the sitting so far."""
    missed = func.count(case((ReviewLog.rating == Rating.AGAIN, ReviewLog.card_id)).distinct())
    figures = func.count(ReviewLog.card_id.distinct()), func.count(), missed
    cards, answers, again = db.execute(_answers(chosen, user=user).with_only_columns(*figures)).one()
    return SittingDone(cards=cards, answers=answers, missed=again, is_apart=chosen.is_apart)


def _last_ratings(db: Session, chosen: Chosen, *, user: User) -> dict[UUID, Rating]:
    """How each card of the sitting was rated last, in the order in which they were, the longest ago first."""
    answers = _answers(chosen, user=user).with_only_columns(ReviewLog.card_id, ReviewLog.rating)
    last: dict[UUID, Rating] = {}
    in_order = ReviewLog.deed_number.asc().nulls_first(), ReviewLog.reviewed_at, ReviewLog.sequence
    for card_id, rating in db.execute(answers.order_by(*in_order)):
        last.pop(card_id, None)
        last[card_id] = rating
    return last


def _answers(chosen: Chosen, *, user: User) -> Select[ReviewLog]:
    """The answers of the sitting that were not undone. Those of quizzes and labs have no number: the time tells."""
    since = ReviewLog.reviewed_at >= chosen.at
    if chosen.first_number is not None:
        is_without = and_(ReviewLog.deed_number.is_(None), since)
        since = or_(ReviewLog.deed_number >= chosen.first_number, is_without)
    of_sitting = ReviewLog.user_id == user.id, ReviewLog.card_id.in_(chosen.ids), since
    outcomes = (Outcome.APART,) if chosen.is_apart else (Outcome.APPLIED, Outcome.STALE)
    return select(ReviewLog).where(*of_sitting, ReviewLog.outcome.in_(outcomes))
