"""The cards that somebody has chosen to study one after the other, due or not: kept in the browser's signed cookie.

Each is left until it is rated after they were chosen, and once more when it comes back within the day.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review.models import Card
from quizapp.review.study_day import study_day

CHOSEN_MAX = 50  # their ids take 1.1 kB, and a cookie has 4 at most
_KEY = "chosen"
_ID_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Cards in the order in which they are shown."""

    ids: Sequence[UUID]
    at: datetime
    """When they were chosen."""


def keep(cookie: MutableMapping[str, Any], ids: Sequence[UUID], *, now: datetime) -> None:
    """Keep the first CHOSEN_MAX of these cards as the chosen ones."""
    packed = b"".join(id.bytes for id in ids[:CHOSEN_MAX])
    cookie[_KEY] = {"ids": urlsafe_b64encode(packed).decode(), "at": now.timestamp()}


def kept(cookie: MutableMapping[str, Any]) -> Chosen | None:
    """The chosen cards; None if none were chosen."""
    said = cookie.get(_KEY)
    if said is None:
        return None
    packed = urlsafe_b64decode(said["ids"])
    ids = [UUID(bytes=packed[start : start + _ID_BYTES]) for start in range(0, len(packed), _ID_BYTES)]
    return Chosen(ids=ids, at=datetime.fromtimestamp(said["at"], UTC))


def left(db: Session, chosen: Chosen, *, user: User, now: datetime, without: Collection[UUID] = ()) -> Sequence[Card]:
    """The chosen cards that are left: first those not yet rated, in their order, then those that have come back.

    None that is suspended or buried.
    """
    today = study_day(now, user.zone, user.rollover_hour)
    mine = select(Card).where(Card.id.in_(chosen.ids), Card.user_id == user.id)
    there = mine.where(Card.hidden == false(), Card.suspended == false())
    cards = {
        card.id: card
        for card in db.scalars(there)
        if card.id not in without and (card.buried_until_day or today) <= today
    }
    in_order = [cards[id] for id in chosen.ids if id in cards]
    unrated = [card for card in in_order if card.last_review_at is None or card.last_review_at < chosen.at]
    back = [card for card in in_order if card not in unrated and card.due_at is not None and card.due_at <= now]
    return [*unrated, *back]
