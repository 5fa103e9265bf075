"""How long the labs among the cards that are due will take: their authors say, since minutes on a host are no pace."""

import math
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from quizapp.accounts.models import User
from quizapp.catalogue.models import Lab
from quizapp.review import queue
from quizapp.review.models import Card
from quizapp.review.queries import Counts, today_of


@dataclass(frozen=True, kw_only=True)
class LabsDue:
    """The labs among some cards: those that can be answered now, or all."""

    count: int
    minutes: int
    """What their authors say that they take."""

    def minutes_in_all(self, counts: Counts) -> int:
        """The minutes of all cards of `counts`: these labs as their authors say, the others at the learner's pace."""
        others = max(counts.total - self.count, 0)
        return self.minutes + (math.ceil(counts.minutes * others / counts.total) if counts.total else 0)


def labs_due(*, user: User, counts: Counts, now: datetime) -> Select[int, int]:
    """A row with the fields of LabsDue: the labs that are due, and those among the new cards that `counts` has.

    Reads a card for each lab of the catalogue and those new cards, however many others there are.
    """
    today = today_of(user, now=now)
    in_turn = queue.in_turn(Card, now=now, today=today)
    if counts.new:
        new = aliased(Card)
        unburied = or_(new.buried_until_day.is_(None), new.buried_until_day <= today)
        is_new = *_usable(new, user), new.due_day.is_(None), unburied
        first = select(new.question_id).where(*is_new).order_by(new.created_at, new.question_id).limit(counts.new)
        in_turn = or_(in_turn, Card.question_id.in_(select(first.subquery().c.question_id)))
    return _counted(*_usable(Card, user), in_turn)


def labs_in_reviews(db: Session, *, user: User) -> LabsDue:
    """The labs among all of a learner's cards, new and scheduled ones, but those that are suspended."""
    count, minutes = db.execute(_counted(*_usable(Card, user))).one()
    return LabsDue(count=count, minutes=minutes)


def _usable(card: type[Card], user: User) -> tuple[ColumnElement[bool], ...]:
    """In the words of the indexes of the piles, as SQLite compares words to see whether it may use one."""
    return card.user_id == user.id, card.suspended == false(), card.hidden == false()


def _counted(*conditions: ColumnElement[bool]) -> Select[int, int]:
    """The labs with such a card, looked for at each lab, of which there are few: joined, all cards may be read."""
    has_card = select(Card.id).where(Card.question_id == Lab.question_id, *conditions).exists()
    found = select(func.count().label("count"), func.coalesce(func.sum(Lab.minutes), 0).label("minutes"))
    return found.select_from(Lab).where(has_card)
