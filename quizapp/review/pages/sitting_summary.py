"""What a learner did today, for the end of a sitting: how much, what was missed, what comes. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.models import Question
from quizapp.durations import duration
from quizapp.review import queries
from quizapp.review.memory import Rating
from quizapp.review.models import Card, Outcome, ReviewLog
from quizapp.study_day import DAY_SPAN

MISSED_SHOWN = 5  # named; a sitting with more is told by their number


@dataclass(frozen=True, kw_only=True)
class MissedCard:
    """A card that was rated Again today."""

    card_id: UUID
    prompt: Markup


@dataclass(frozen=True, kw_only=True)
class DoneToday:
    """What was done on this study day, by the log."""

    cards: int
    """Different ones, each counted once however often it was rated."""
    time: str
    """How long their reviews took, in words: "about 5 minutes"."""
    missed: Sequence[MissedCard]
    """The first MISSED_SHOWN cards, the newest first."""
    missed_in_all: int
    tomorrow: int
    """Cards that are due on the next study day."""


def done_today(db: Session, *, user: User, now: datetime) -> DoneToday | None:
    """What the learner did today; None for nothing."""
    of_today = _of_today(user, now=now)
    figures = select(func.count(ReviewLog.card_id.distinct()), func.sum(ReviewLog.taken_ms))
    answered, taken_ms = db.execute(figures.where(*of_today)).one()
    if not answered:
        return None
    missed = (
        select(ReviewLog.card_id, func.max(ReviewLog.reviewed_at).label("at"))
        .where(*of_today, ReviewLog.rating == Rating.AGAIN)
        .group_by(ReviewLog.card_id)
        .subquery()
    )
    cards = select(Card.id, Question.prompt).join(missed, missed.c.card_id == Card.id).join(Card.question)
    shown = db.execute(cards.order_by(missed.c.at.desc(), Card.id).limit(MISSED_SHOWN))
    return DoneToday(
        cards=answered,
        time=duration((taken_ms or 0) / queries.SECOND_MS, "about"),
        missed=[MissedCard(card_id=card_id, prompt=render_inline(prompt)) for card_id, prompt in shown],
        missed_in_all=db.scalar(select(func.count()).select_from(missed)) or 0,
        tomorrow=queries.forecast(db, user=user, now=now)[1].count,
    )


def _of_today(user: User, *, now: datetime) -> Sequence[ColumnElement[bool]]:
    """Conditions for the learner's reviews of this study day."""
    return (
        ReviewLog.user_id == user.id,
        ReviewLog.reviewed_at > now - DAY_SPAN,
        ReviewLog.day == queries.today_of(user, now=now),
        ReviewLog.outcome.in_((Outcome.APPLIED, Outcome.APART)),  # of a stale one, another answer stands
    )
