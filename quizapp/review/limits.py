"""The limits of a learner's study day: the usual ones, those of the plan for an interview while there is one, and
others for one day alone. The queue keeps to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.accounts.models import PER_DAY_MAX, User
from quizapp.review import deeds, plan_simulation, queue
from quizapp.review.models import DayLimit, DayTally, DeedKind
from quizapp.study_day import StudyDay, study_day

MS_A_SECOND = 1_000


@dataclass(frozen=True, kw_only=True)
class UsualLimits:
    """The limits of a study day without others for it alone."""

    new_cards: int
    reviews: int | None
    """None: all that are due."""


@dataclass(frozen=True, kw_only=True)
class DayAndPace:
    """What a study day has of reviews, and how fast the learner is."""

    reviews: int
    """Those made and those that wait; more than `queue.COUNTED_MAX` that wait count as that many."""
    pace_s: float
    """Seconds for one answer."""
    done_s: float
    """Seconds of today's reviews so far."""


def has_plan(user: User, *, today: StudyDay) -> bool:
    """Whether the learner's interview is today or to come; one that is past leaves the usual limits in force."""
    return user.interview_minutes is not None and user.interview_day is not None and user.interview_day >= today


def usual(db: Session, *, user: User, now: datetime) -> UsualLimits:
    """The limits of the present study day unless there are others for it alone: the plan's while there is one."""
    today = study_day(now, user.zone, user.rollover_hour)
    if not has_plan(user, today=today):
        return UsualLimits(new_cards=user.new_per_day, reviews=user.reviews_per_day)
    assert user.interview_day is not None
    assert user.interview_minutes is not None
    found = day_and_pace(db, user=user, today=today)
    given = plan_simulation.allowance(
        minutes=user.interview_minutes,
        pace_s=found.pace_s,
        reviews=found.reviews,
        retention=user.desired_retention,
        days_left=user.interview_day - today,
    )
    return UsualLimits(new_cards=min(given.new_cards, PER_DAY_MAX), reviews=given.reviews)


def day_and_pace(db: Session, *, user: User, today: StudyDay) -> DayAndPace:
    """What the study day has of reviews, and the learner's pace of late."""
    due, done, pace_ms, spent_ms = db.execute(queue.reviews_of_the_day(), {"user_id": user.id, "today": today}).one()
    pace_s = float(queue.DEFAULT_TAKEN_MS if pace_ms is None else pace_ms) / MS_A_SECOND
    return DayAndPace(
        reviews=due + done, pace_s=max(pace_s, plan_simulation.PACE_MIN_S), done_s=float(spent_ms) / MS_A_SECOND
    )


def set_for_today(db: Session, *, user: User, new_cards: int | None, reviews: int | None, now: datetime) -> None:
    """Set the limits of the present study day alone; None: as usual. What was done today counts against them.

    Undo takes it back.
    """
    day = _of_day(db, user=user, day=study_day(now, user.zone, user.rollover_hour))
    _change(db, day, user=user, now=now, limits={DeedKind.LIMIT_NEW: new_cards, DeedKind.LIMIT_REVIEWS: reviews})


def allow_more_new(db: Session, *, user: User, more: int, now: datetime) -> None:
    """Let `more` further new cards begin today, however many were begun and whatever the limit of the day says.

    Undo takes it back.
    """
    today = study_day(now, user.zone, user.rollover_hour)
    day, tally = _of_day(db, user=user, day=today), db.get(DayTally, (user.id, today))
    limit = usual(db, user=user, now=now).new_cards if day.new_cards is None else day.new_cards
    begun = tally.introduced if tally is not None else 0
    wanted = min(max(limit, begun) + more, PER_DAY_MAX)
    _change(db, day, user=user, now=now, limits={DeedKind.LIMIT_NEW: wanted})


def put_back(db: Session, *, user: User, day: StudyDay, before: Mapping[DeedKind, int | None]) -> None:
    """Let limits of a study day be what they were before they were changed."""
    _set(_of_day(db, user=user, day=day), before)
    db.flush()


def _change(db: Session, day: DayLimit, *, user: User, now: datetime, limits: Mapping[DeedKind, int | None]) -> None:
    before = {DeedKind.LIMIT_NEW: day.new_cards, DeedKind.LIMIT_REVIEWS: day.reviews}
    changed = {kind: before[kind] for kind, limit in limits.items() if before[kind] != limit}
    _set(day, limits)
    db.flush()
    deeds.note_limits(db, user=user, day=day.day, before=changed, now=now)


def _set(day: DayLimit, limits: Mapping[DeedKind, int | None]) -> None:
    day.new_cards = limits.get(DeedKind.LIMIT_NEW, day.new_cards)
    day.reviews = limits.get(DeedKind.LIMIT_REVIEWS, day.reviews)


def _of_day(db: Session, *, user: User, day: StudyDay) -> DayLimit:
    found = db.get(DayLimit, (user.id, day))
    if found is None:
        found = DayLimit(user_id=user.id, day=day)
        db.add(found)
    return found
