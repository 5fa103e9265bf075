"""The page of the plan for an interview: what it comes to, in sentences and in two figures. Reads only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from quizapp.accounts.interview import MINUTES_MAX
from quizapp.accounts.models import User
from quizapp.dates import WEEKDAY_DATE, date_text
from quizapp.durations import MINUTE_S, duration
from quizapp.review.interview_plan import Planned, planned
from quizapp.review.labs_due import LabsDue, labs_in_reviews
from quizapp.review.plan_simulation import LAST_DAYS, InterviewPlan, PlanDay
from quizapp.review.queries import today_of
from quizapp.review.studied_notes import count_not_added
from quizapp.study.charts import Bar, BarChart
from quizapp.study_day import date_of
from quizapp.web.templating import plural


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    """The plan for an interview, or that there is none to come."""

    interview: date | None
    """None without one."""
    minutes: int | None
    days_left: int
    """0 today, below 0 once it is past."""
    said: Sequence[str]
    """What the plan comes to; empty without a plan, and once the interview is past."""
    not_added: int
    """Questions of the learner's notes that are no cards yet, so that the plan does not count them."""
    labs: LabsDue
    """The labs among the learner's cards, each of which the plan gives the time of a card."""
    fits: bool
    figures: Sequence[BarChart]


@dataclass(frozen=True, kw_only=True)
class PlanToday:
    """What the page Today says of the plan."""

    days_left: int
    """0 today, below 0 once it is past."""
    minutes: int
    """A day."""
    begins_new: bool
    """Whether it has new cards today; not on its last days."""


def plan_page(db: Session, *, user: User, now: datetime) -> PlanPage:
    """The page of the learner's plan, as of `now`."""
    found = planned(db, user=user, now=now)
    day = user.interview_day
    return PlanPage(
        interview=None if day is None else date_of(day),
        minutes=user.interview_minutes,
        days_left=0 if day is None else day - today_of(user, now=now),
        said=[] if found is None else list(_said(found)),
        not_added=0 if found is None else count_not_added(db, user=user),
        labs=LabsDue(count=0, minutes=0) if found is None else labs_in_reviews(db, user=user),
        fits=found is not None and found.plan.fits,
        figures=[] if found is None else [_minutes(found), _cards(found)],
    )


def plan_today(user: User, *, now: datetime) -> PlanToday | None:
    """What Today says of the learner's plan; None without one."""
    if user.interview_day is None or user.interview_minutes is None:
        return None
    left = user.interview_day - today_of(user, now=now)
    return PlanToday(days_left=left, minutes=user.interview_minutes, begins_new=left > LAST_DAYS)


def _said(found: Planned) -> Sequence[str]:
    plan = found.plan
    if not plan.days:
        return [f"You would know about {round(plan.known)} of your {plural(found.cards, 'card')} now."]
    known = f"You would know about {round(plan.known)} of your {plural(found.cards, 'card')} on the day."
    said = [known, _fits(found)]
    if plan.share < 1:
        drawn = max(round(100 * plan.share), 1)
        said.append(f"Computed on {drawn} % of the cards, drawn by chance, and scaled up.")
    return said


def _fits(found: Planned) -> str:
    plan = found.plan
    if not found.cards:
        return "There are no cards yet. What you miss in a quiz becomes one."
    if plan.fits and len(plan.days) <= LAST_DAYS:
        return "All fits: no card is new, and until the day there are reviews alone."
    if plan.fits:
        return f"All fits: every new card is begun and comes back; the last {LAST_DAYS} days are for reviews alone."
    if plan.left and len(plan.days) <= LAST_DAYS:
        return _near(plan)
    missing = [plural(count, name) for count, name in ((plan.left, "new card"), (plan.late, "review")) if count]
    not_fit = f"It does not all fit: about {' and '.join(missing)} would find no time."
    if found.enough is None:
        return f"{not_fit} Not even {MINUTES_MAX} minutes a day would do, so suspend what matters least."
    return f"{not_fit} About {found.enough} minutes a day would do."


def _near(plan: InterviewPlan) -> str:
    """What is said where no day is left for new cards, however many minutes it has."""
    late = f" About {plural(plan.late, 'review')} would find no time either." if plan.late else ""
    return f"The last {LAST_DAYS} days are for reviews alone, so {plural(plan.left, 'new card')} would not begin.{late}"


def _minutes(found: Planned) -> BarChart:
    days = found.plan.days
    top = max((found.minutes, *(day.minutes for day in days)))
    lead = f"At your own pace. A bar as high as the chart is {round(top)} minutes."
    return _by_day("plan-minutes", "Minutes a day", lead, "Time", days, lambda day: day.minutes, _day_said, top=top)


def _cards(found: Planned) -> BarChart:
    days = found.plan.days
    most = max((day.new for day in days), default=0)
    highest = f" The highest bar is {plural(most, 'card')}." if most else ""
    lead = f"{plural(sum(day.new for day in days), 'new card')} in all; reviews come first each day.{highest}"
    return _by_day(
        "plan-new", "New cards a day", lead, "Begun", days, lambda day: day.new, lambda day: plural(day.new, "card")
    )


def _day_said(day: PlanDay) -> str:
    if not (day.reviews or day.new):
        return "nothing"
    spent = duration(day.minutes * MINUTE_S, short=True)
    return f"{spent}: {plural(day.reviews, 'review')}, {plural(day.new, 'new card')}"


def _by_day(
    id: str,
    title: str,
    lead: str,
    second: str,
    days: Sequence[PlanDay],
    value: Callable[[PlanDay], float],
    said: Callable[[PlanDay], str],
    *,
    top: float | None = None,
) -> BarChart:
    bars = [Bar(label=date_text(date_of(day.day), WEEKDAY_DATE), value=value(day), said=said(day)) for day in days]
    return BarChart(id=id, title=title, lead=lead, first="Day", second=second, bars=bars, top=top)
