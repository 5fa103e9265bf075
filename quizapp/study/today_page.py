"""The page Today: the cards that are due, a quiz session to go on with, a lab, a weak concept, figures. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import Select, and_, bindparam, case, func, not_, or_, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.articles.lab_links import ADDRESS, LabSummary
from quizapp.catalogue.articles.queries import NoteSummary, first_note
from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.models import Concept, Lab, Note, Question, Section
from quizapp.classes.assigned_page import OwnItem, assigned_today
from quizapp.classes.queries import OwnClass, own_classes
from quizapp.column_types import CompactUuid
from quizapp.labs.runs.open_runs import BegunLab, begun_labs
from quizapp.quiz.pages.queries import OpenQuiz, attempts_made, open_quizzes
from quizapp.review import queries as review
from quizapp.review.labs_due import LabsDue, labs_due
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, Outcome, ReviewLog
from quizapp.review.queries import Counts, DayCount, Retention, ReviewedToday
from quizapp.review.studied_notes import CardsOffered, offered
from quizapp.study.own_reports_page import OwnReport, answers_to_tell, has_answers_to_tell
from quizapp.study.plan_page import PlanToday, plan_today

WEAK_REVIEWS = 200  # a day or two of them: what was weak long ago may be known by now
WEAK_ANSWERS = 3  # reviews of a concept; with fewer its share is chance
WEAK_SHARE = 0.7  # a concept with a smaller share of right reviews is called weak
MORNING_H, EVENING_H = 12, 18


@dataclass(frozen=True, kw_only=True)
class WeakSpot:
    """A concept that the learner often rates Again."""

    term_html: Markup
    concept: str
    """Its key."""
    right: int
    """Reviews of its cards that were not rated Again."""
    of: int
    """All reviews of its cards."""


@dataclass(frozen=True, kw_only=True)
class TodayPage:
    """The page Today of one learner."""

    greeting: str
    classes: Sequence[OwnClass]
    """The classes that the learner is in; those that they are invited into come first."""
    assigned: Sequence[OwnItem]
    """What is assigned and not done, what is due first at the top."""
    counts: Counts
    labs_due: LabsDue
    """The labs among these cards, which take longer than a card."""
    comes_back: str | None
    """When the next card is due; None if one is due now, or without cards."""
    plan: PlanToday | None
    """What there is to say of the plan for an interview; None without one."""
    unfinished: Sequence[OpenQuiz]
    """The quiz sessions that are not finished, the newest first."""
    begun: Sequence[BegunLab]
    """The labs that were begun and not ended, the newest run first."""
    lab: LabSummary | None
    """The easiest lab that is due or not known yet, unless it is among those; None if there is none."""
    weak_spot: WeakSpot | None
    """None if no concept is below WEAK_SHARE."""
    answered: Sequence[OwnReport]
    """The learner's reports of mistakes on which an editor has decided of late."""
    offered: Sequence[CardsOffered]
    """What an import has added to notes that the learner studies."""
    note: NoteSummary | None
    """The first note of the list, for a beginner to start with."""
    forecast: Sequence[DayCount]
    activity: Sequence[DayCount]
    retention: Retention | None
    reviewed: ReviewedToday | None
    """How much was done today; None for nothing."""
    suspended: int
    """Suspended cards, if there are no others."""
    beginner: bool
    """Whether the learner has no card and has answered no question."""

    @property
    def first(self) -> OwnItem | None:
        """What is assigned and comes before the reviews: late, due today, or when no card is due; None for nothing."""
        pressing = next(iter(self.assigned), None)
        return pressing if pressing is not None and (pressing.is_pressing or not self.counts.total) else None

    def is_assigned(self, kind: str, key: str) -> bool:
        """Whether a note, a quiz or a lab stands among what is assigned, by its key or what is in its address."""
        return any(one.item.kind.value == kind and one.item.key == key for one in self.assigned)


def today_page(db: Session, *, user: User, now: datetime) -> TodayPage:
    """The page Today of one learner, as of `now`."""
    counts = review.counts(db, user=user, now=now)
    waiting = review.next_due(db, user=user, now=now) if not counts.total else None
    past = review.past(db, user=user, now=now)
    has_none = not counts.total and waiting is None
    suspended = review.suspended(db, user=user) if has_none else 0
    begun, lab = begun_labs(db, user_id=user.id), _lab_to_do(db, user=user, now=now)
    classes = own_classes(db, user=user)
    beginner = has_none and not suspended and not attempts_made(db, user=user)
    labs, has_answers = _labs_and_answers(db, user=user, counts=counts, now=now)
    return TodayPage(
        greeting=_greeting(now.astimezone(ZoneInfo(user.zone)).hour),
        classes=classes,
        assigned=assigned_today(db, learner=user, now=now) if classes else (),
        counts=counts,
        labs_due=labs,
        comes_back=review.comes_back(waiting, user=user, now=now) if waiting is not None else None,
        plan=plan_today(user, now=now),
        unfinished=open_quizzes(db, user=user, now=now),
        begun=begun,
        lab=None if lab is None or lab.slug in {one.slug for one in begun} else lab,
        weak_spot=_weak_spot(db, user=user),
        answered=answers_to_tell(db, user=user, now=now) if has_answers else (),
        offered=offered(db, user=user),
        note=first_note(db, user=user),
        forecast=review.forecast(db, user=user, now=now),
        activity=past.activity,
        retention=past.retention,
        reviewed=past.today,
        suspended=suspended,
        beginner=beginner,
    )


def _labs_and_answers(db: Session, *, user: User, counts: Counts, now: datetime) -> tuple[LabsDue, bool]:
    """The labs that are due, and whether an editor has answered a report of late: in one statement, for most days."""
    labs = labs_due(user=user, counts=counts, now=now).subquery()
    row = db.execute(select(labs.c.count, labs.c.minutes, has_answers_to_tell(user=user, now=now))).one()
    return LabsDue(count=row[0], minutes=row[1]), row[2]


def _greeting(hour: int) -> str:
    if hour < MORNING_H:
        return "Good morning."
    return "Good afternoon." if hour < EVENING_H else "Good evening."


def _lab_to_do(db: Session, *, user: User, now: datetime) -> LabSummary | None:
    """The easiest lab that is due or not known yet; None if there is none."""
    row = db.execute(_to_do(), {"user_id": user.id, "today": review.today_of(user, now=now)}).one_or_none()
    return None if row is None else LabSummary(**row._mapping)


@cache
def _to_do() -> Select[*tuple[Any, ...]]:
    """The columns of the first lab that is not Knowledge.KNOWN. Takes `user_id` and `today`."""
    own = and_(Card.question_id == Lab.question_id, Card.user_id == bindparam("user_id", type_=CompactUuid()))
    is_known = and_(Card.phase == Phase.REVIEW, Card.due_day > bindparam("today"))
    columns = Lab.slug, ADDRESS.label("address"), Lab.title, Lab.summary, Lab.minutes, Question.level, Lab.question_id
    return (
        select(*columns)
        .join(Lab.question)
        .outerjoin(Card, own)
        .where(Lab.retired_at.is_(None), or_(Card.id.is_(None), not_(is_known)))
        .order_by(Question.level, Lab.title, Lab.id)
        .limit(1)
    )


def _weak_spot(db: Session, *, user: User) -> WeakSpot | None:
    """The concept with the smallest share of reviews not rated Again; None if none is below WEAK_SHARE.

    Only the learner's WEAK_REVIEWS newest reviews count: all that were ever made would take longer with each.
    """
    row = db.execute(_weakest(), {"user_id": user.id}).one_or_none()
    if row is None:
        return None
    return WeakSpot(term_html=render_inline(row.term), concept=row.concept, right=int(row.right), of=int(row.of))


@cache
def _weakest() -> Select[Any]:
    """The row of the weak spot. Takes `user_id`."""
    newest = (
        select(ReviewLog.card_id, ReviewLog.rating, ReviewLog.outcome)
        .where(ReviewLog.user_id == bindparam("user_id", type_=CompactUuid()))
        .order_by(ReviewLog.reviewed_at.desc(), ReviewLog.id)
        .limit(WEAK_REVIEWS)
        .subquery()
    )
    right, total = func.sum(case((newest.c.rating != Rating.AGAIN, 1), else_=0)), func.count()
    weakest = (
        select(Question.concept_id, right.label("right"), total.label("of"))
        .select_from(newest)
        .join(Card, Card.id == newest.c.card_id)
        .join(Question, Question.id == Card.question_id)
        .where(newest.c.outcome == Outcome.APPLIED, Question.concept_id.is_not(None), Question.hidden.is_(False))
        .group_by(Question.concept_id)
        .having(total >= WEAK_ANSWERS, right < WEAK_SHARE * total)
        .order_by(right * 1.0 / total, Question.concept_id)
        .limit(1)
        .subquery()
    )
    return (
        select(Concept.term, Concept.key.label("concept"), weakest.c.right, weakest.c.of)
        .select_from(weakest)
        .join(Concept, Concept.id == weakest.c.concept_id)
        .join(Section, Section.id == Concept.section_id)
        .join(Note, Note.id == Section.note_id)
        .where(Concept.retired_at.is_(None), Note.retired_at.is_(None))
    )
