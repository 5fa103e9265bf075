"""Queries for the review page and for figures about progress. Reads only; knows no question kind."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, Outcome, ReviewLog
from quizapp.review.scheduler import AGAIN_STEP
from quizapp.review.study_day import StudyDay, date_of, study_day
from quizapp.review.wording import days_words, minutes_text

NEW_PER_DAY = 20  # Anki's default; in the long run it makes about 150 reviews a day
WEEK_DAYS = 7
MINUTE_MS = 60_000
RETENTION_DAYS = 30  # long enough for some hundred reviews, short enough to show a change
DEFAULT_TAKEN_MS = 20_000  # for one card of this kind of material, until the learner's own mean is known
PACE_REVIEWS = 200  # the learner's time for a card is the mean of this many last reviews


class Knowledge(StrEnum):
    """How far a learner is with a question. NONE: the learner has no card of it."""

    NEW = "new"
    LEARNING = "learning"
    KNOWN = "known"
    DUE = "due"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The cards that are left to review on this study day."""

    new: int
    learning: int
    """Cards that come back within this study day, due or not."""
    due: int
    minutes: int
    """The time that all of them will take, at the learner's mean time for a card."""

    @property
    def total(self) -> int:
        """The cards of all three kinds."""
        return self.new + self.learning + self.due


@dataclass(frozen=True, kw_only=True)
class DayCount:
    """A number of cards or reviews on one study day."""

    day: date
    count: int

    @property
    def name(self) -> str:
        """The day of the week, such as "Mon"."""
        return f"{self.day:%a}"


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Reviews of REVIEW cards on a later study day than the review before."""

    passed: int
    """Those that were not rated Again."""
    total: int
    """All of them; at least one."""

    @property
    def percent(self) -> int:
        """The share passed, in whole percent."""
        return round(100 * self.passed / self.total)


class Scheduled(Protocol):
    """Anything that comes back on a study day: a Card, or a Rated."""

    @property
    def due_day(self) -> StudyDay | None:
        """The study day on which it comes back; None for a new card."""

    @property
    def due_at(self) -> datetime | None:
        """The time at which it comes back, if within the study day of its last review; else None."""


def counts(db: Session, *, user: User, now: datetime) -> Counts:
    """The cards that are left today. Cards that come back within the day count as learning, even if not due yet."""
    today = today_of(user, now=now)
    new, learning, due = db.execute(
        select(
            func.count().filter(Card.phase == Phase.NEW),
            func.count().filter(Card.due_at.is_not(None)),
            func.count().filter(_due_by(today)),
        )
        .join(Card.question)
        .where(*_mine(user), _not_buried(today))
    ).one()
    new = min(new, _new_left(db, user=user, today=today))
    total_ms = (new + learning + due) * _pace_ms(db, user=user)
    return Counts(new=new, learning=learning, due=due, minutes=math.ceil(total_ms / MINUTE_MS))


def next_card(
    db: Session, *, user: User, now: datetime, ahead: bool = False, without: Collection[UUID] = ()
) -> Card | None:
    """The card to show now: one whose `due_at` has come, else one due today, else a new one; None if there is none.

    With `ahead`, cards whose `due_at` comes within AGAIN_STEP follow after these. `without` has ids of cards to leave
    out.
    """
    today = today_of(user, now=now)
    new = Card.phase == Phase.NEW if _new_left(db, user=user, today=today) > 0 else false()
    soon = Card.due_at <= now + AGAIN_STEP if ahead else false()
    pile = case((Card.due_at <= now, 1), (_due_by(today), 2), (new, 3), (soon, 4))
    return db.scalar(
        select(Card)
        .join(Card.question)
        .where(*_mine(user), _not_buried(today), pile.is_not(None), Card.id.not_in(without))
        .order_by(pile, Card.due_at, Card.due_day, Card.last_review_at, Card.created_at, Card.question_id)
        .limit(1)
    )


def next_due(db: Session, *, user: User, now: datetime) -> Scheduled | None:
    """When the user's next card is due, if none is due now; None if the user has no card."""
    today = today_of(user, now=now)
    back = db.scalar(select(func.min(Card.due_at)).join(Card.question).where(*_mine(user), _not_buried(today)))
    if back is not None:
        return _Due(due_day=today, due_at=back)
    waiting = case((Card.phase == Phase.NEW, today + 1), else_=_shown_day())
    day = db.scalar(select(func.min(waiting)).join(Card.question).where(*_mine(user)))
    return None if day is None else _Due(due_day=max(day, today + 1), due_at=None)


def card_of(db: Session, *, user: User, card_id: UUID) -> Card | None:
    """The user's own card with this id; None if there is none, or if its question is retired or a draft."""
    return db.scalar(select(Card).join(Card.question).where(*_mine(user), Card.id == card_id))


def forecast(db: Session, *, user: User, now: datetime) -> Sequence[DayCount]:
    """Cards due on each of the next seven study days, from today. Overdue cards count for today."""
    today = today_of(user, now=now)
    shown = _shown_day()
    rows = (
        select(case((shown < today, today), else_=shown).label("day"), func.count())
        .join(Card.question)
        .where(*_mine(user), shown < today + WEEK_DAYS)
        .group_by("day")
    )
    return _by_day(db, rows, first=today)


def activity(db: Session, *, user: User, now: datetime) -> Sequence[DayCount]:
    """Reviews made on each of the last seven study days, up to today, from any source. Undone ones do not count."""
    first = today_of(user, now=now) - WEEK_DAYS + 1
    rows = (
        select(ReviewLog.day, func.count())
        .where(ReviewLog.user_id == user.id, ReviewLog.day >= first, ReviewLog.outcome != Outcome.UNDONE)
        .group_by(ReviewLog.day)
    )
    return _by_day(db, rows, first=first)


def true_retention(db: Session, *, user: User, now: datetime) -> Retention | None:
    """How many REVIEW cards were remembered over the last RETENTION_DAYS; None if none was reviewed."""
    since = today_of(user, now=now) - RETENTION_DAYS
    passed, total = db.execute(
        select(func.count().filter(ReviewLog.rating != Rating.AGAIN), func.count()).where(
            ReviewLog.user_id == user.id,
            ReviewLog.day > since,
            ReviewLog.outcome == Outcome.APPLIED,
            ReviewLog.phase_before == Phase.REVIEW,
            ReviewLog.retrievability_before < 1,  # it is 1 for a repeat on the same study day
        )
    ).one()
    return Retention(passed=passed, total=total) if total else None


def knowledge(db: Session, *, user_id: UUID, question_ids: Collection[int], today: StudyDay) -> Mapping[int, Knowledge]:
    """How far the user is with each of the questions, by question id."""
    cards = select(Card.question_id, Card.phase, Card.due_day).where(
        Card.user_id == user_id, Card.question_id.in_(question_ids)
    )
    known = {question_id: _knowledge(phase, due_day, today) for question_id, phase, due_day in db.execute(cards)}
    return {question_id: known.get(question_id, Knowledge.NONE) for question_id in question_ids}


def today_of(user: User, *, now: datetime) -> StudyDay:
    """The user's present study day."""
    return study_day(now, user.zone, user.rollover_hour)


def comes_back(card: Scheduled, *, user: User, now: datetime) -> str:
    """When a card comes back, in words: "in 10 min", "now", "tomorrow", "in 4 days", "today" (due or overdue)."""
    if card.due_at is not None:
        return f"in {minutes_text(card.due_at - now)}" if card.due_at > now else "now"
    if card.due_day is None:
        return "when you start it"
    days = card.due_day - today_of(user, now=now)
    if days <= 0:
        return "today"
    return "tomorrow" if days == 1 else f"in {days_words(days)}"


def question_comes_back(db: Session, *, user: User, question_id: int, now: datetime) -> str | None:
    """When a question comes back, in the words of `comes_back`.

    None if the user has no card of it or a new one, or if the question is retired or a draft.
    """
    card = db.scalar(select(Card).join(Card.question).where(*_mine(user), Card.question_id == question_id))
    return None if card is None or card.phase is Phase.NEW else comes_back(card, user=user, now=now)


@dataclass(frozen=True, kw_only=True)
class _Due:
    """A Scheduled that is not a card: when the next card is due."""

    due_day: StudyDay | None
    due_at: datetime | None


def _knowledge(phase: Phase, due_day: StudyDay | None, today: StudyDay) -> Knowledge:
    if phase is Phase.NEW:
        return Knowledge.NEW
    if phase is not Phase.REVIEW:
        return Knowledge.LEARNING
    return Knowledge.DUE if due_day is not None and due_day <= today else Knowledge.KNOWN


def _mine(user: User) -> tuple[ColumnElement[bool], ...]:
    """Conditions for the user's cards whose question, which must be joined, is neither retired nor a draft."""
    return Card.user_id == user.id, Question.retired_at.is_(None), Question.draft.is_(False)


def _not_buried(today: StudyDay) -> ColumnElement[bool]:
    return or_(Card.buried_until_day.is_(None), Card.buried_until_day <= today)


def _shown_day() -> ColumnElement[int | None]:
    """The study day on which a card is next shown: its due day, or a later day it is buried until; NULL if new."""
    return case((Card.buried_until_day > Card.due_day, Card.buried_until_day), else_=Card.due_day)


def _due_by(today: StudyDay) -> ColumnElement[bool]:
    return and_(Card.phase == Phase.REVIEW, Card.due_day <= today)


def _new_left(db: Session, *, user: User, today: StudyDay) -> int:
    """How many new cards may still be shown today, of NEW_PER_DAY."""
    introduced = db.scalar(
        select(func.count()).where(
            ReviewLog.user_id == user.id,
            ReviewLog.day == today,
            ReviewLog.phase_before == Phase.NEW,
            ReviewLog.outcome == Outcome.APPLIED,
        )
    )
    return max(NEW_PER_DAY - (introduced or 0), 0)


def _pace_ms(db: Session, *, user: User) -> float:
    """The user's mean time for a card, in milliseconds."""
    last = (
        select(ReviewLog.taken_ms)
        .where(ReviewLog.user_id == user.id, ReviewLog.taken_ms.is_not(None))
        .order_by(ReviewLog.day.desc(), ReviewLog.reviewed_at.desc(), ReviewLog.id)
        .limit(PACE_REVIEWS)
        .subquery()
    )
    mean = db.scalar(select(func.avg(last.c.taken_ms)))
    return DEFAULT_TAKEN_MS if mean is None else float(mean)


def _by_day(db: Session, rows: Select[int, int], *, first: StudyDay) -> Sequence[DayCount]:
    """A week of counts from study day `first`, zeros included."""
    found = dict(db.execute(rows).all())
    return [DayCount(day=date_of(day), count=found.get(day, 0)) for day in range(first, first + WEEK_DAYS)]
