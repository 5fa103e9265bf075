"""What Today shows: what is due, and what else is worth doing. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Concept, Question
from quizapp.catalogue.queries import LabSummary, NoteSummary, labs, list_notes
from quizapp.catalogue.rendering import render_inline
from quizapp.quiz.queries import OpenQuiz, attempts_made, open_quiz
from quizapp.review import queries as review
from quizapp.review.memory import Rating
from quizapp.review.models import Card, Outcome, ReviewLog
from quizapp.review.queries import Counts, DayCount, Knowledge, Retention

WEAK_ANSWERS = 3  # with fewer answers a share says nothing
WEAK_SHARE = 0.7  # a concept below this share of right answers is worth another look
MORNING_H, EVENING_H = 12, 18


@dataclass(frozen=True, kw_only=True)
class WeakSpot:
    """A concept that is often missed."""

    term_html: Markup
    note_key: str
    anchor: str
    right: int
    of: int


@dataclass(frozen=True, kw_only=True)
class TodayPage:
    """The first page of a day. `note` is one to begin with, for a learner who has no cards yet."""

    greeting: str
    counts: Counts
    comes_back: str | None
    unfinished: OpenQuiz | None
    lab: LabSummary | None
    weak_spot: WeakSpot | None
    note: NoteSummary | None
    forecast: Sequence[DayCount]
    activity: Sequence[DayCount]
    retention: Retention | None
    beginner: bool


def today_page(db: Session, *, user: User, now: datetime) -> TodayPage:
    """What is worth doing now, for one learner."""
    counts = review.counts(db, user=user, now=now)
    waiting = review.next_due(db, user=user, now=now) if not counts.total else None
    notes = list_notes(db)
    beginner = not counts.total and waiting is None and not attempts_made(db, user=user)
    return TodayPage(
        greeting=_greeting(now.astimezone(ZoneInfo(user.zone)).hour),
        counts=counts,
        comes_back=review.comes_back(waiting, user=user, now=now) if waiting is not None else None,
        unfinished=open_quiz(db, user=user),
        lab=_lab_to_do(db, user=user, now=now),
        weak_spot=_weak_spot(db, user=user),
        note=notes[0] if notes else None,
        forecast=review.forecast(db, user=user, now=now),
        activity=review.activity(db, user=user, now=now),
        retention=review.true_retention(db, user=user, now=now),
        beginner=beginner,
    )


def _greeting(hour: int) -> str:
    if hour < MORNING_H:
        return "Good morning."
    return "Good afternoon." if hour < EVENING_H else "Good evening."


def _lab_to_do(db: Session, *, user: User, now: datetime) -> LabSummary | None:
    """The first lab that is due or has never been done, easiest first."""
    offered = labs(db)
    known = review.knowledge(
        db,
        user_id=user.id,
        question_ids=[lab.question_id for lab in offered],
        today=review.today_of(user, now=now),
    )
    return next((lab for lab in offered if known[lab.question_id] is not Knowledge.KNOWN), None)


def _weak_spot(db: Session, *, user: User) -> WeakSpot | None:
    """The concept whose cards the user has most often forgotten, if any is below WEAK_SHARE."""
    right = func.sum(case((ReviewLog.rating != Rating.AGAIN, 1), else_=0))
    total = func.count(ReviewLog.id)
    row = db.execute(
        select(Question.concept_id, right, total)
        .select_from(ReviewLog)
        .join(Card, Card.id == ReviewLog.card_id)
        .join(Question, Question.id == Card.question_id)
        .where(
            ReviewLog.user_id == user.id,
            ReviewLog.outcome == Outcome.APPLIED,
            Question.concept_id.is_not(None),
            Question.retired_at.is_(None),
        )
        .group_by(Question.concept_id)
        .having(total >= WEAK_ANSWERS, right < WEAK_SHARE * total)
        .order_by(right * 1.0 / total, Question.concept_id)
        .limit(1)
    ).one_or_none()
    concept = db.get(Concept, row[0]) if row is not None else None
    if row is None or concept is None or concept.section is None:
        return None
    return WeakSpot(
        term_html=render_inline(concept.term),
        note_key=concept.section.note.key,
        anchor=concept.section.anchor,
        right=int(row[1]),
        of=int(row[2]),
    )
