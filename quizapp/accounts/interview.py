"""The day of a learner's interview and the minutes a day until then, as settings. Knows no card and no plan."""

from datetime import date, datetime

from quizapp.accounts.models import User
from quizapp.dates import date_text
from quizapp.errors import Invalid
from quizapp.study_day import day_of, study_day

MINUTES_MIN, MINUTES_MAX = 5, 600  # a day: below are a handful of cards, above nobody learns
MINUTES_USUAL = 30  # the daily half hour, until the learner says otherwise
DAYS_MAX = 365  # to an interview; whoever has longer needs no plan yet


class BadInterviewDate(Invalid):
    """The date of an interview is not to come, or too far away."""


def set_interview(user: User, *, on: date, minutes: int, now: datetime) -> None:
    """Plan for an interview on that date. Raises BadInterviewDate."""
    ahead = day_of(on) - study_day(now, user.zone, user.rollover_hour)
    if ahead < 1:
        raise BadInterviewDate(f"{date_text(on, '%d %B %Y')} is not to come. Choose a day after today.")
    if ahead > DAYS_MAX:
        raise BadInterviewDate(f"{date_text(on, '%d %B %Y')} is more than a year away. Choose an earlier day.")
    user.interview_day, user.interview_minutes = day_of(on), minutes


def is_over(user: User, *, now: datetime) -> bool:
    """Whether the day of the learner's interview is past."""
    return user.interview_day is not None and user.interview_day < study_day(now, user.zone, user.rollover_hour)


def drop_interview(user: User) -> None:
    """Go back to the usual limits."""
    user.interview_day = user.interview_minutes = None
