"""How long the labs among the cards that are due will take: their authors say, since minutes on a host are no pace."""

import math
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

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


def labs_due(db: Session, *, user: User, counts: Counts, now: datetime) -> LabsDue:
    """The labs that are due, and those among the new cards of today's limit, which `counts` has.

    Reads a card for each lab of the catalogue, however many cards there are.
    """
    today = today_of(user, now=now)
    mine = Card.user_id == user.id, Card.hidden.is_(False), Card.suspended.is_(False)
    unburied = or_(Card.buried_until_day.is_(None), Card.buried_until_day <= today)
    is_new = and_(*mine, Card.due_day.is_(None), unburied)
    in_turn = queue.in_turn(Card, now=now, today=today)
    if counts.new:
        by_age = Card.created_at, Card.question_id
        last = db.execute(select(*by_age).where(is_new).order_by(*by_age).offset(counts.new - 1).limit(1)).one_or_none()
        if last is not None:
            same_age = and_(Card.created_at == last.created_at, Card.question_id <= last.question_id)
            in_turn = or_(in_turn, and_(is_new, or_(Card.created_at < last.created_at, same_age)))
    return _counted(db, *mine, in_turn)


def labs_in_reviews(db: Session, *, user: User) -> LabsDue:
    """The labs among all of a learner's cards, new and scheduled ones, but those that are suspended."""
    return _counted(db, Card.user_id == user.id, Card.hidden.is_(False), Card.suspended.is_(False))


def _counted(db: Session, *conditions: ColumnElement[bool]) -> LabsDue:
    found = select(func.count(), func.coalesce(func.sum(Lab.minutes), 0)).select_from(Lab)
    count, minutes = db.execute(found.join(Card, Card.question_id == Lab.question_id).where(*conditions)).one()
    return LabsDue(count=count, minutes=minutes)
