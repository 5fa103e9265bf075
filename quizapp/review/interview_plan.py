"""The plan for a learner's interview, computed from their cards as they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session

from quizapp.accounts.interview import MINUTES_MAX
from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.review import due_loads, limits, note_retentions, schedulers
from quizapp.review.memory import Memory, Phase
from quizapp.review.models import Card
from quizapp.review.plan_simulation import (
    CARDS_MAX,
    InterviewPlan,
    OwnNew,
    PlannedCard,
    PlanStart,
    minutes_that_do,
    simulate,
)
from quizapp.review.scheduler import Scheduler
from quizapp.study_day import StudyDay, study_day


@dataclass(frozen=True, kw_only=True)
class Planned:
    """The plan for a learner's interview, computed today."""

    plan: InterviewPlan
    minutes: int
    """A day."""
    cards: int
    """All that the learner has, new ones included, without suspended ones."""
    enough: int | None
    """The minutes a day with which all would fit; None if it fits, and if no minutes would do."""


def planned(db: Session, *, user: User, now: datetime) -> Planned | None:
    """The plan for the user's interview; None without one to come. The same on each call of a day if nothing is done.

    Simulates up to nine times, within about a second.
    """
    today = study_day(now, user.zone, user.rollover_hour)
    if not limits.has_plan(user, today=today):
        return None
    assert user.interview_day is not None
    assert user.interview_minutes is not None
    standing = _standing(db, user, today)
    interview, minutes = user.interview_day, user.interview_minutes
    chance = Random(f"{user.id} {today}")
    plan = simulate(standing, minutes=minutes, interview=interview, chance=chance)
    enough = None
    if not plan.fits:
        enough = minutes_that_do(standing, above=minutes, most=MINUTES_MAX, interview=interview, chance=chance)
    return Planned(plan=plan, minutes=minutes, cards=standing.total, enough=enough)


def _standing(db: Session, user: User, today: StudyDay) -> PlanStart:
    mine = (Card.user_id == user.id, Card.hidden == false(), Card.suspended == false())
    seen = (*mine, Card.stability.is_not(None), Card.due_day.is_not(None))
    count = db.execute(select(func.count()).select_from(Card).where(*seen)).scalar_one()
    own = _own_schedulers(db, user)
    rows = db.execute((_some_with_notes() if own else _some()).where(*seen))
    cards = [_card(*row, *[None] * (not own), own=own) for row in rows]
    found = limits.day_and_pace(db, user=user, today=today)
    return PlanStart(
        cards=cards,
        new=db.execute(select(func.count()).select_from(Card).where(*mine, Card.due_day.is_(None))).scalar_one(),
        own_new=_own_new(db, mine, own) if own else (),
        scheduler=schedulers.in_force(db.connection(), user),
        pace_s=found.pace_s,
        today=today,
        done_s=found.done_s,
        share=len(cards) / count if count else 1.0,
        shares=(user.easy_days or due_loads.USUAL_SHARES) if user.is_balanced else None,
    )


def _own_schedulers(db: Session, user: User) -> Mapping[int, Scheduler]:
    """Those of the notes that have a desired retention of their own, by the note's id."""
    own, connection = note_retentions.of_notes(db, user=user), db.connection()
    return {note: schedulers.in_force(connection, user, retention=retention) for note, retention in own.items()}


def _own_new(db: Session, mine: Sequence[ColumnElement[bool]], own: Mapping[int, Scheduler]) -> Sequence[OwnNew]:
    """The new cards of these notes."""
    counted = select(Question.note_id, func.count()).select_from(Card).join(Card.question)
    new = counted.where(*mine, Card.due_day.is_(None), Question.note_id.in_(own)).group_by(Question.note_id)
    ordered = db.execute(new.order_by(Question.note_id))
    return [OwnNew(scheduler=own[note_id], cards=count) for note_id, count in ordered if note_id is not None]


def _some() -> Select[*tuple[Any, ...]]:
    """At most CARDS_MAX cards. Ids are drawn by chance, so the first ones in their order are as all are."""
    columns = (Card.phase, Card.stability, Card.difficulty, Card.last_day, Card.due_day)
    return select(*columns).order_by(Card.id).limit(CARDS_MAX)


def _some_with_notes() -> Select[*tuple[Any, ...]]:
    """The same, each with its note."""
    return _some().add_columns(Question.note_id).join(Card.question)


def _card(
    phase: Phase,
    stability: float | None,
    difficulty: float | None,
    last_day: StudyDay | None,
    due_day: StudyDay,
    note_id: int | None,
    *,
    own: Mapping[int, Scheduler],
) -> PlannedCard:
    memory = Memory(phase=phase, stability=stability, difficulty=difficulty, last_day=last_day)
    return PlannedCard(memory=memory, due_day=due_day, scheduler=None if note_id is None else own.get(note_id))
