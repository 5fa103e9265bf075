"""The page Today: the cards that are due, a quiz session to go on with, a lab, a weak concept, figures. Reads only."""

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

WEAK_ANSWERS = 3  # reviews of a concept; with fewer its share is chance
WEAK_SHARE = 0.7  # a concept with a smaller share of right reviews is called weak
MORNING_H, EVENING_H = 12, 18


@dataclass(frozen=True, kw_only=True)
class WeakSpot:
    """A concept that the learner often rates Again."""

    term_html: Markup
    note_key: str
    anchor: str
    """The id of its section's element on the note's page."""
    right: int
    """Reviews of its cards that were not rated Again."""
    of: int
    """All reviews of its cards."""


@dataclass(frozen=True, kw_only=True)
class TodayPage:
    """The page Today of one learner."""

    greeting: str
    counts: Counts
    comes_back: str | None
    """When the next card is due; None if one is due now, or without cards."""
    unfinished: OpenQuiz | None
    """The newest quiz session that is not finished."""
    lab: LabSummary | None
    """The easiest lab that is due or not known yet; None if there is none."""
    weak_spot: WeakSpot | None
    """None if no concept is below WEAK_SHARE."""
    note: NoteSummary | None
    """The first note of the list, for a beginner to start with."""
    forecast: Sequence[DayCount]
    activity: Sequence[DayCount]
    retention: Retention | None
    beginner: bool
    """Whether the learner has no card and has answered no question."""


def today_page(db: Session, *, user: User, now: datetime) -> TodayPage:
    """The page Today of one learner, as of `now`."""
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
    """The easiest lab that is due or not known yet; None if there is none."""
    offered = labs(db)
    known = review.knowledge(
        db,
        user_id=user.id,
        question_ids=[lab.question_id for lab in offered],
        today=review.today_of(user, now=now),
    )
    return next((lab for lab in offered if known[lab.question_id] is not Knowledge.KNOWN), None)


def _weak_spot(db: Session, *, user: User) -> WeakSpot | None:
    """The concept with the smallest share of reviews not rated Again; None if none is below WEAK_SHARE."""
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
