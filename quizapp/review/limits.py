"""The limits of a learner's study day: the usual ones, and others for one day alone. The queue keeps to them."""

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.accounts.models import PER_DAY_MAX, User
from quizapp.review.models import DayLimit
from quizapp.review.study_day import StudyDay, study_day


def set_for_today(db: Session, *, user: User, new_cards: int | None, reviews: int | None, now: datetime) -> None:
    """Set the limits of the present study day alone; None: as usual. What was done today counts against them."""
    day = _of_day(db, user=user, day=study_day(now, user.zone, user.rollover_hour))
    day.new_cards, day.reviews = new_cards, reviews


def allow_more_new(db: Session, *, user: User, more: int, now: datetime) -> None:
    """Let `more` further new cards begin today than the limit of the day says, however many were begun."""
    day = _of_day(db, user=user, day=study_day(now, user.zone, user.rollover_hour))
    usual = user.new_per_day if day.new_cards is None else day.new_cards
    day.new_cards = min(usual + more, PER_DAY_MAX)


def _of_day(db: Session, *, user: User, day: StudyDay) -> DayLimit:
    found = db.get(DayLimit, (user.id, day))
    if found is None:
        found = DayLimit(user_id=user.id, day=day)
        db.add(found)
    return found
