"""Takes up what a learner has learnt in another program: its reviews go into the log, and cards are computed from them.

So the log stays the truth about a card: `replay` gives the same state at any time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import days, deeds, replay
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, Outcome, ReviewLog, ReviewSource
from quizapp.review.rating import TAKEN_MAX_MS
from quizapp.review.service import add_cards
from quizapp.review.study_day import study_day

CARDS_AT_ONCE = 100  # taken up in one transaction: half a second, for which nobody else can write on SQLite
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MadeElsewhere(Protocol):
    """A review that was made in another program."""

    @property
    def at_ms(self) -> int: ...

    @property
    def rating(self) -> int: ...

    @property
    def taken_ms(self) -> int: ...


class Learnt(Protocol):
    """What was learnt of a question in another program."""

    @property
    def reviews(self) -> Sequence[MadeElsewhere]: ...

    @property
    def suspended(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class TakenUp:
    """What came of it."""

    cards: int
    """Cards with reviews that were taken up now."""
    reviews: int


def take_up(
    db: Session, *, user: User, learnt: Mapping[int, Learnt], now: datetime, settle: Callable[[], None]
) -> TakenUp:
    """Make a card of each question, given by its id, and add the reviews that are later than any that the card has.

    So a second time adds nothing, and what was reviewed here stays. Cards that were put away there are suspended, if
    they were not seen here. Calls `settle`, which may commit, after each CARDS_AT_ONCE cards.
    """
    add_cards(db, user=user, question_ids=learnt, now=now)
    settle()
    cards = reviews = 0
    ordered = sorted(learnt)
    for ids in (ordered[start : start + CARDS_AT_ONCE] for start in range(0, len(ordered), CARDS_AT_ONCE)):
        away = []
        mine = select(Card).where(Card.user_id == user.id, Card.question_id.in_(ids)).order_by(Card.id)
        for card in db.scalars(mine.with_for_update()).all():
            of_card = learnt[card.question_id]
            if of_card.suspended and not card.suspended and not card.logged:
                away.append(card.id)
            added = _add(db, card, of_card, user=user, now=now)
            cards, reviews = cards + (added > 0), reviews + added
        deeds.suspend(db, user=user, card_ids=away, now=now)
        settle()
    days.recount(db, user_id=user.id)
    settle()
    return TakenUp(cards=cards, reviews=reviews)


def _add(db: Session, card: Card, learnt: Learnt, *, user: User, now: datetime) -> int:
    """Add the reviews of one card that it has not; returns how many."""
    made = list(_later(card, learnt, user=user, now=now))
    for entry in made:
        card.logged += 1
        entry.sequence = card.logged
    if made:
        db.add_all(made)
        replay.rebuild(db, card, anew={entry.id for entry in made})
        card.version += 1
    return len(made)


def _later(card: Card, learnt: Learnt, *, user: User, now: datetime) -> Iterator[ReviewLog]:
    """The reviews later than the card's last one and not after now, in the order of time."""
    last_at, last_day = card.last_review_at, card.last_day
    for review in sorted(learnt.reviews, key=lambda one: one.at_ms):
        at = _EPOCH + timedelta(milliseconds=review.at_ms)
        day = study_day(at, user.zone, user.rollover_hour)
        if at > now or (last_at is not None and at <= last_at) or (last_day is not None and day < last_day):
            continue
        last_at, last_day = at, day
        yield ReviewLog(
            id=_id(card.id, review.at_ms),
            user_id=user.id,
            card_id=card.id,
            rating=Rating(review.rating),
            source=ReviewSource.IMPORTED,
            outcome=Outcome.APPLIED,
            reviewed_at=at,
            day=day,
            zone=user.zone,
            taken_ms=min(review.taken_ms, TAKEN_MAX_MS) if review.taken_ms > 0 else None,
            phase_before=Phase.NEW,  # `replay.rebuild` writes this, and the states before and after
        )


def _id(card_id: UUID, at_ms: int) -> UUID:
    """The same for the same review of the same card."""
    return uuid5(card_id, str(at_ms))
