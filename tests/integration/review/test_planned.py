"""The plan for an interview on a learner's own cards, and the limits of the day that follow it; on both databases."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts import interview
from quizapp.accounts.models import User
from quizapp.review import interview_plan, limits, queries
from quizapp.review.memory import Rating
from quizapp.review.models import Card
from quizapp.review.plan_simulation import PlanStart, simulate

from .conftest import NOON

TODAY = date(2026, 11, 23)
MakeCard = Callable[[], Card]
Rate = Callable[..., None]


def plan_for(learner: User, *, days: int, minutes: int = 30) -> None:
    interview.set_interview(learner, on=TODAY + timedelta(days=days), minutes=minutes, now=NOON)


@pytest.mark.parametrize(("days", "said"), [(0, "not to come"), (-1, "not to come"), (366, "more than a year away")])
def test_a_date_that_cannot_be_planned_for_is_told(learner: User, days: int, said: str) -> None:
    with pytest.raises(interview.BadInterviewDate, match=said):
        plan_for(learner, days=days)
    assert learner.interview_day is None


def test_without_an_interview_there_is_no_plan(db: Session, learner: User) -> None:
    assert interview_plan.planned(db, user=learner, now=NOON) is None


def test_the_plan_is_of_the_cards_as_they_stand(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    cards = [make_card() for _ in range(4)]
    rate(cards[0], Rating.GOOD, at=NOON - timedelta(days=9))
    cards[3].suspended = True
    plan_for(learner, days=10)
    found = interview_plan.planned(db, user=learner, now=NOON)
    assert found is not None
    assert found.cards == 3
    assert (found.plan.days[0].reviews, sum(day.new for day in found.plan.days)) == (1, 2)
    assert found.plan.fits
    assert 2 < found.plan.known <= 3


def test_without_cards_the_plan_is_empty(db: Session, learner: User) -> None:
    plan_for(learner, days=10)
    found = interview_plan.planned(db, user=learner, now=NOON)
    assert found is not None
    assert (found.cards, found.plan.known, found.plan.fits) == (0, 0, True)


def test_what_does_not_fit_comes_with_the_minutes_that_would_do(
    db: Session, learner: User, make_card: MakeCard
) -> None:
    for _ in range(30):
        make_card()
    plan_for(learner, days=3, minutes=5)
    found = interview_plan.planned(db, user=learner, now=NOON)
    assert found is not None
    assert found.plan.left > 10
    assert found.enough is not None
    assert 10 <= found.enough <= 25  # 30 cards of 20 s, a quarter of them shown twice, all on the one day with new ones


@pytest.mark.parametrize(
    ("is_balanced", "easy", "shares"),
    [
        (True, None, (100,) * 7),
        (True, [100, 100, 100, 100, 100, 50, 0], (100, 100, 100, 100, 100, 50, 0)),
        (False, [100, 100, 100, 100, 100, 50, 0], None),
    ],
)
def test_the_plan_chooses_days_as_a_rating_does(
    db: Session,
    learner: User,
    monkeypatch: pytest.MonkeyPatch,
    is_balanced: bool,
    easy: list[int] | None,
    shares: tuple[int, ...] | None,
) -> None:
    learner.is_balanced, learner.easy_days = is_balanced, easy
    plan_for(learner, days=3)
    begun: list[PlanStart] = []
    monkeypatch.setattr(interview_plan, "simulate", lambda start, **_: begun.append(start) or simulate(start, **_))
    interview_plan.planned(db, user=learner, now=NOON)
    assert [start.shares and tuple(start.shares) for start in begun] == [shares]


def test_the_new_cards_of_the_day_follow_the_plan(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    cards = [make_card() for _ in range(30)]
    assert queries.counts(db, user=learner, now=NOON).new == 20
    plan_for(learner, days=10, minutes=5)
    assert queries.counts(db, user=learner, now=NOON).new == 12  # 300 s by 20 s, a quarter of them shown twice
    rate(cards[0], Rating.GOOD)
    assert queries.counts(db, user=learner, now=NOON).new == 11
    interview.drop_interview(learner)
    assert queries.counts(db, user=learner, now=NOON).new == 19


def test_due_cards_take_their_time_first(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    cards = [make_card() for _ in range(25)]
    for card in cards[:6]:
        rate(card, Rating.HARD, at=NOON - timedelta(days=5))
    plan_for(learner, days=10, minutes=5)
    counts = queries.counts(db, user=learner, now=NOON)
    assert (counts.due, counts.new) == (6, 6)
    assert counts.minutes <= 5


def test_a_limit_for_today_alone_goes_before_the_plan(db: Session, learner: User, make_card: MakeCard) -> None:
    for _ in range(30):
        make_card()
    plan_for(learner, days=10, minutes=5)
    limits.allow_more_new(db, user=learner, more=3, now=NOON)
    db.flush()
    assert queries.counts(db, user=learner, now=NOON).new == 15


def test_before_and_on_the_day_nothing_new_begins_and_after_it_the_usual_limits_count(
    db: Session, learner: User, make_card: MakeCard
) -> None:
    make_card()
    plan_for(learner, days=5)
    left = [queries.counts(db, user=learner, now=NOON + timedelta(days=ahead)).new for ahead in (2, 3, 5, 6)]
    assert left == [1, 0, 0, 1]
