"""Days that are alike: on which of several days a card comes back, and what that does to the load of half a year."""

from collections import Counter, defaultdict
from itertools import pairwise
from random import Random
from statistics import fmean, pstdev

from hypothesis import given
from hypothesis import strategies as st

from quizapp.accounts import models as accounts
from quizapp.review import balancing
from quizapp.review.memory import Memory, Rating
from quizapp.review.plan_simulation import FIRST_CHANCES, PASSED_CHANCES
from quizapp.review.scheduler import PASSING, USUAL

MONDAY = 20_003
USUALLY = (100,) * 7
FREE_SUNDAY = (100,) * 6 + (0,)


def placed(*intervals: int, today: int = MONDAY, shares: tuple[int, ...] = USUALLY, **loads: int) -> int:
    """Where the last of some intervals is placed; loads by their day, such as `on_9=20`."""
    on = {today + int(name.removeprefix("on_")): cards for name, cards in loads.items()}
    return balancing.placed(balancing.near(intervals), today=today, loads=on, shares=shares)


def test_a_card_goes_to_the_day_with_the_fewest() -> None:
    assert placed(10, on_8=30, on_9=31, on_10=40, on_11=12, on_12=30) == 11
    assert placed(10, on_8=30, on_9=30, on_10=30, on_11=30, on_12=30) == 8  # of equal ones the first, as Anki weighs


def test_nothing_is_moved_where_nobody_would_feel_it() -> None:
    assert placed(10, on_10=balancing.LIGHT_DAY - 1) == 10
    assert placed(2, on_2=500) == 2


def test_a_day_without_a_share_gets_no_card_that_has_another_day() -> None:
    """In Anki 26.9.3 it is a weight, and one card in a hundred lands there."""
    sunday = MONDAY + 6
    assert balancing.share_of(sunday, FREE_SUNDAY) == 0
    days = {placed(days, shares=FREE_SUNDAY) for days in range(3, 40)}
    assert [day for day in days if (MONDAY + day - sunday) % 7 == 0] == []


def test_days_that_have_all_no_share_are_alike() -> None:
    """As in Anki: all at 0 is all at 1."""
    assert placed(10, shares=(0,) * 7, on_10=40) == placed(10, on_10=40)


@given(st.lists(st.integers(1, 400), min_size=3, max_size=3, unique=True), st.integers(0, 6), st.randoms())
def test_a_better_rating_still_comes_later(intervals: list[int], today: int, chance: Random) -> None:
    intervals.sort()
    loads = {today + day: chance.randrange(60) for day in range(1, 420)}
    shares = [chance.choice((0, 50, 100)) for _ in range(7)]
    found = [
        balancing.placed(balancing.near(intervals[: n + 1]), today=today, loads=loads, shares=shares) for n in range(3)
    ]
    assert all(one < other for one, other in pairwise(found))
    assert all(abs(day - days) <= balancing.REACH_MAX + 2 for day, days in zip(found, intervals, strict=True))


def test_both_rooms_mean_the_same_by_a_usual_day() -> None:
    assert accounts.USUAL_SHARE == balancing.USUAL_SHARE


def test_half_a_year_has_more_even_days_and_is_remembered_as_well() -> None:
    """1,500 cards, 20 new ones on weekdays, 180 days; without balancing the coefficient of variation is .39."""
    plain, even = ([half_a_year(Random(seed), is_balanced=is_balanced) for seed in range(3)] for is_balanced in (0, 1))
    assert fmean(variation(one.days) for one in even) <= 0.375
    assert fmean(variation(one.days) for one in plain) >= 0.385
    assert fmean(max(one.days) / fmean(one.days) for one in even) <= 1.83
    assert fmean(one.recalled for one in even) >= fmean(one.recalled for one in plain) - 0.002


def variation(days: list[int]) -> float:
    return pstdev(days) / fmean(days)


class Lived:
    """What came of some days: the cards of each, new ones included, and the share of reviews that were recalled."""

    def __init__(self, days: list[int], recalled: float) -> None:
        self.days, self.recalled = days, recalled


def half_a_year(chance: Random, *, is_balanced: int, cards: int = 1500, new_a_day: int = 20) -> Lived:
    due: dict[int, list[Memory]] = defaultdict(list)
    loads: Counter[int] = Counter()
    days, reviews, recalled = [], 0, 0
    for day in range(MONDAY, MONDAY + 180):
        of_day = due.pop(day, [])
        for memory in of_day:
            known = chance.random() < (USUAL.chance(memory, day=day) or 0)
            reviews, recalled = reviews + 1, recalled + known
            rating = chance.choices(PASSING, PASSED_CHANCES)[0] if known else Rating.AGAIN
            answer(memory, rating, day, due, loads, is_balanced=is_balanced)
        new = min(new_a_day, cards) if (day - MONDAY) % 7 < 5 else 0
        cards -= new
        for _ in range(new):
            rating = chance.choices(tuple(Rating), FIRST_CHANCES)[0]
            answer(Memory(), rating, day, due, loads, is_balanced=is_balanced)
        days.append(len(of_day) + new)
    return Lived(days, recalled / reviews)


def answer(
    memory: Memory, rating: Rating, day: int, due: dict[int, list[Memory]], loads: Counter[int], *, is_balanced: int
) -> None:
    """Rate a card, once more on the same day after Again, and put it to the day that it comes back on."""
    reviewed = USUAL.review(memory, rating, day=day)
    if rating is Rating.AGAIN:
        reviewed = USUAL.review(reviewed.memory, Rating.GOOD, day=day)
    days = reviewed.intervals[-1]
    if is_balanced:
        days = balancing.placed(balancing.near(reviewed.intervals), today=day, loads=loads, shares=USUALLY)
    loads[day + days] += 1
    due[day + days].append(reviewed.memory)
