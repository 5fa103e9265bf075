"""Computes all cards of a learner anew from the log, a batch in a transaction. The caller commits after each batch."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, false, select, update
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import note_retentions, schedulers
from quizapp.review.log.replay import TURNS, CardState, replayed
from quizapp.review.models import COUNTED, CardDeed, ReviewLog
from quizapp.review.scheduler import Scheduler
from quizapp.review.statements import CARDS

CARDS_AT_ONCE = 500  # in one transaction: a tenth of a second, for which nobody else can write on SQLite
STATE = tuple(field.name for field in fields(CardState))
_REVIEW = ("card_id", "sequence", "rating", "outcome", "reviewed_at", "day", "weights_number", "phase_before",
           "stability_before", "difficulty_before", "stability_after", "difficulty_after", "due_day_after",
           "due_at_after")  # fmt: skip
_REVIEWS = select(*(getattr(ReviewLog, name) for name in _REVIEW)).order_by(ReviewLog.card_id, ReviewLog.sequence)
_TURNS = (
    select(CardDeed.card_id, CardDeed.kind, CardDeed.after, CardDeed.after_sequence)
    .where(CardDeed.kind.in_(TURNS), CardDeed.undone == false())
    .order_by(CardDeed.id)
)
_CHANGE = update(CARDS).where(CARDS.c.id == bindparam("the_id"))
_CHANGE = _CHANGE.values({name: bindparam(name) for name in (*STATE, "logged", "version")})


@dataclass(frozen=True, kw_only=True)
class RebuiltCards:
    """What came of a batch."""

    reviews: int
    """The reviews in the log of these cards."""
    changed: int
    """The cards that were not what their log says, and are now."""


def cards_of(db: Session, *, user: User) -> Sequence[UUID]:
    """The ids of all the user's cards, hidden ones included, in an order that stays."""
    return db.scalars(select(CARDS.c.id).where(CARDS.c.user_id == user.id).order_by(CARDS.c.id)).all()


def rebuild_cards(db: Session, *, user: User, card_ids: Sequence[UUID]) -> RebuiltCards:
    """Compute these of the user's cards anew; cards that were deleted meanwhile are left out.

    A card that changes gets another version, so that a page that was shown before cannot rate it as it was.
    """
    columns = (CARDS.c.id, CARDS.c.version, CARDS.c.logged, *(CARDS.c[name] for name in STATE))
    cards = db.execute(select(*columns).where(CARDS.c.id.in_(card_ids)).with_for_update()).all()
    reviews = _by_card(db.execute(_REVIEWS.where(ReviewLog.card_id.in_(card_ids))).all())
    turns = _by_card(db.execute(_TURNS.where(CardDeed.card_id.in_(card_ids))).all())
    own = note_retentions.of_cards(db, user=user, card_ids=card_ids)
    connection = db.connection()

    @cache
    def used_for(number: int | None, retention: float | None) -> Scheduler:
        return schedulers.used_for(connection, user, number=number, retention=retention)

    changes = []
    for card in cards:
        log = reviews.get(card.id, ())
        applied = (review for review in log if review.outcome in COUNTED)
        of_card = partial(used_for, retention=own.get(card.id))
        wanted = {**vars(replayed(applied, turns.get(card.id, ()), used_for=of_card)), "logged": _last(log)}
        if any(getattr(card, name) != value for name, value in wanted.items()):
            changes.append({"the_id": card.id, **wanted, "version": card.version + 1})
    if changes:
        connection.execute(_CHANGE, changes)
    db.expire_all()
    return RebuiltCards(reviews=sum(map(len, reviews.values())), changed=len(changes))


def _by_card(rows: Sequence[Row[*tuple[Any, ...]]]) -> Mapping[UUID, Sequence[Row[*tuple[Any, ...]]]]:
    found: dict[UUID, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in rows:
        found[row.card_id].append(row)
    return found


def _last(log: Sequence[Row[*tuple[Any, ...]]]) -> int:
    """The number of the last review, 0 without one."""
    return log[-1].sequence if log else 0
