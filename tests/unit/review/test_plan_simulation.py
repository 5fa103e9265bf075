"""The plan for an interview: within its minutes, more minutes never worse, honest where it does not fit, bounded."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.accounts.interview import MINUTES_MAX
from quizapp.review.balancing import share_of
from quizapp.review.memory import Memory, Phase
from quizapp.review.plan_simulation import (
    ANSWERS_MAX,
    LAST_DAYS,
    InterviewPlan,
    PlannedCard,
    PlanStart,
    allowance,
    minutes_that_do,
    simulate,
)
from quizapp.review.scheduler import USUAL

TODAY = 20_000
PACE_S = 20.0
unhurried = settings(deadline=None, max_examples=25)  # a busy machine is no fault


def a_card(stability: float, ago: int) -> PlannedCard:
    memory = Memory(phase=Phase.REVIEW, stability=stability, difficulty=5.0, last_day=TODAY - ago)
    return PlannedCard(memory=memory, due_day=TODAY - ago + max(round(stability), 1))


def standing(cards: int = 0, new: int = 0, *, done_s: float = 0.0) -> PlanStart:
    chance = Random(5)
    some = [a_card(chance.uniform(1, 60), chance.randrange(30)) for _ in range(cards)]
    return PlanStart(cards=some, new=new, scheduler=USUAL, pace_s=PACE_S, today=TODAY, done_s=done_s)


def planned(start: PlanStart, minutes: int, days: int, *, seed: int = 1) -> InterviewPlan:
    return simulate(start, minutes=minutes, interview=TODAY + days, chance=Random(seed))


@unhurried
@given(st.integers(0, 60), st.integers(0, 60), st.integers(5, 60), st.integers(0, 30), st.integers(0, 99))
def test_no_day_takes_more_than_its_minutes_and_one_card(
    cards: int, new: int, minutes: int, days: int, seed: int
) -> None:
    plan = planned(standing(cards, new), minutes, days, seed=seed)
    assert len(plan.days) == days
    assert all(day.minutes <= minutes + PACE_S / 60 for day in plan.days)
    assert sum(day.new for day in plan.days) + plan.left == new
    assert 0 <= plan.known <= cards + new


@unhurried
@given(st.integers(0, 150), st.integers(0, 150), st.integers(5, 40), st.integers(5, 60), st.integers(1, 40))
def test_more_minutes_never_know_fewer_cards_within_noise(
    cards: int, new: int, minutes: int, more: int, days: int
) -> None:
    start = standing(cards, new)
    fewer, most = planned(start, minutes, days), planned(start, minutes + more, days)
    assert most.known >= fewer.known - 0.04 * (cards + new) - 2


def test_learning_knows_more_than_leaving_it() -> None:
    start = standing(100, 50)
    left = sum(USUAL.chance(card.memory, day=TODAY + 30) or 0 for card in start.cards)
    assert planned(start, 30, 30).known > left + 50


def test_without_cards_every_day_is_empty_and_all_fits() -> None:
    plan = planned(standing(), 30, 10)
    assert (plan.known, plan.left, plan.late, plan.fits) == (0, 0, 0, True)
    assert all(day.minutes == 0 for day in plan.days)


def test_an_interview_of_today_or_past_has_no_days() -> None:
    assert planned(standing(10, 5), 30, 0).days == planned(standing(10, 5), 30, -3).days == []


def on_saturday(plan: InterviewPlan) -> int:
    """The reviews of all Saturdays."""
    return sum(day.reviews for day in plan.days if share_of(day.day, SHARES) == 0)


def reviews_of(plan: InterviewPlan) -> int:
    return sum(day.reviews for day in plan.days)


SHARES = (100, 100, 100, 100, 100, 0, 100)


def test_an_easy_day_has_fewer_cards_in_the_plan_as_it_will_have() -> None:
    """What waits already, and what comes after one or two days, stays on its day, as after a rating."""
    start = standing(new=400)
    usual = planned(replace(start, shares=(100,) * 7), 60, 60)
    easy = planned(replace(start, shares=SHARES), 60, 60)
    assert on_saturday(easy) < 0.4 * on_saturday(usual)
    assert abs(reviews_of(easy) - reviews_of(usual)) < 0.1 * reviews_of(usual)


def fullest(shares: Sequence[int] | None) -> int:
    """The most reviews that a day of the second week has, of 200 cards that are all due today."""
    cards = [replace(a_card(8.0, 8), due_day=TODAY) for _ in range(200)]
    start = PlanStart(cards=cards, new=0, scheduler=USUAL, pace_s=PACE_S, today=TODAY, shares=shares)
    return max(day.reviews for day in planned(start, 600, 40).days[1:])


def test_days_are_evened_out_in_the_plan_as_they_will_be() -> None:
    assert fullest((100,) * 7) < 0.6 * fullest(None)


def test_reviews_come_before_new_cards() -> None:
    first = planned(standing(500, 100), 10, 30).days[0]
    assert first.reviews > 0
    assert first.new == 0


def test_the_last_days_have_no_new_cards() -> None:
    plan = planned(standing(new=1_000), 30, 10)
    assert all(day.new > 0 for day in plan.days[:3])
    assert [day.new for day in plan.days[-LAST_DAYS:]] == [0] * LAST_DAYS


def test_what_was_learnt_today_is_not_given_again() -> None:
    plan = planned(standing(new=500, done_s=1_800), 30, 10)
    assert plan.days[0].new == 0
    assert plan.days[1].new > 0


def test_minutes_that_do_make_it_fit_and_the_step_below_does_not() -> None:
    start = standing(new=300)
    assert not planned(start, 10, 20).fits
    enough = minutes_that_do(start, above=10, most=MINUTES_MAX, interview=TODAY + 20, chance=Random(1))
    assert enough is not None
    assert 10 < enough < 60
    assert planned(start, enough + 5, 20).fits


def test_where_no_minutes_would_do_it_says_none() -> None:
    start = standing(new=5_000)
    assert minutes_that_do(start, above=30, most=MINUTES_MAX, interview=TODAY + 3, chance=Random(1)) is None
    assert minutes_that_do(start, above=MINUTES_MAX, most=MINUTES_MAX, interview=TODAY + 3, chance=Random(1)) is None


def test_of_many_cards_some_are_drawn_and_scaled_up() -> None:
    start = standing(2_000, 9_000)
    plan = planned(start, 120, 90)
    done = sum(day.reviews + day.new for day in plan.days)
    assert plan.share < 1
    assert done * plan.share <= ANSWERS_MAX
    assert abs(sum(day.new for day in plan.days) + plan.left - 9_000) <= len(plan.days) + 2 / plan.share
    assert plan.known <= 11_100


def test_no_more_new_cards_are_left_than_there_are() -> None:
    plan = planned(standing(7_000, 2_001), 40, 90)
    assert plan.share < 1
    assert plan.left == 2_001


def test_a_card_reviewed_on_a_later_day_than_today_is_no_error() -> None:
    """As after a flight west: the card's last study day is tomorrow here."""
    start = PlanStart(cards=[a_card(3.0, -1)], new=0, scheduler=USUAL, pace_s=PACE_S, today=TODAY)
    assert planned(start, 30, 1).known > 0.9


def test_the_same_chance_makes_the_same_plan() -> None:
    assert planned(standing(50, 50), 20, 20) == planned(standing(50, 50), 20, 20)


def test_a_day_by_the_rule_gives_what_the_simulation_gives() -> None:
    plan = planned(standing(new=500), 30, 20)
    given_today = allowance(minutes=30, pace_s=PACE_S, reviews=0, retention=0.9, days_left=20)
    assert abs(given_today.new_cards - plan.days[0].new) <= 10
    assert given_today.reviews == 82  # of 20 s and a tenth asked twice


def test_a_day_full_of_reviews_or_near_the_interview_has_no_new_cards() -> None:
    full = allowance(minutes=30, pace_s=PACE_S, reviews=200, retention=0.9, days_left=20)
    last = allowance(minutes=30, pace_s=PACE_S, reviews=0, retention=0.9, days_left=LAST_DAYS)
    assert full.new_cards == last.new_cards == 0
