"""On which of several days a card comes back, so that no day has much more than another. Knows no database.

FSRS's interval is what the memory of an average learner comes to, so a day more or less in ten says nothing. Anki draws
the day by chance; here it is the day with the fewest cards for its share, so the same cards always have the same days.
"""

import math
from collections.abc import Mapping, Sequence

from quizapp.study_day import StudyDay

WEEKDAYS = 7
USUAL_SHARE = 100  # percent of the cards of a usual day
LIGHT_DAY = 10  # cards, some three minutes: below that a card stays on its day, since nobody would feel the difference
LEAST_DAYS = 3  # a day sooner or later than two is a third of the time until it is forgotten; Anki spares these too
REACH_MAX = 10  # days, so that a rating reads at most 21 figures; Anki's reach grows on
FURTHEST_DAYS = 200  # from there on it is REACH_MAX
# Days for each day of the interval between two of its lengths, beside one for all: Anki's, and py-fsrs's.
_REACHES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, float("inf"), 0.05))
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


def _reach(days: int) -> int:
    if days < LEAST_DAYS:
        return 0
    more = sum(factor * max(min(days, end) - start, 0.0) for start, end, factor in _REACHES)
    return min(round(1 + more), REACH_MAX)


_REACH = tuple(_reach(days) for days in range(FURTHEST_DAYS))


def reach(days: int) -> int:
    """How many days sooner or later than after so many a card may come back."""
    return _REACH[days] if days < len(_REACH) else REACH_MAX


def near(intervals: Sequence[int]) -> Sequence[int]:
    """The last of some growing intervals with those before it whose days it may take, so that none comes sooner."""
    start = len(intervals) - 1
    while start and intervals[start] - reach(intervals[start]) <= intervals[start - 1] + reach(intervals[start - 1]):
        start -= 1
    return intervals[start:]


def span(intervals: Sequence[int]) -> tuple[int, int]:
    """The first and the last of the days that `placed` chooses from."""
    return intervals[0] - reach(intervals[0]), intervals[-1] + reach(intervals[-1])


def placed(intervals: Sequence[int], *, today: StudyDay, loads: Mapping[StudyDay, float], shares: Sequence[int]) -> int:
    """After how many days a card comes back that FSRS has due after the last of these.

    The others are those of worse ratings, as `near` gives them: a better one still comes later, whatever days are
    taken. `loads` has the cards that are due on study days already, `shares` those of the weekdays in percent.
    """
    found, before = 0, 0
    for days in intervals:
        far, least = reach(days), found + (days > before)  # Good may be due on Hard's day: see `scheduler`
        before = days
        within = range(max(days - far, least), max(days + far, least) + 1)
        found = _chosen(min(max(days, within[0]), within[-1]), within, today=today, loads=loads, shares=shares)
    return found


def share_of(day: StudyDay, shares: Sequence[int]) -> int:
    """The share of a study day in percent; `shares` has those of the weekdays, Monday first."""
    return shares[(day + _EPOCH_WEEKDAY) % WEEKDAYS]


def _chosen(
    days: int, within: range, *, today: StudyDay, loads: Mapping[StudyDay, float], shares: Sequence[int]
) -> int:
    """The one of the intervals `within` that is taken for `days`. A day without a share is taken only if all are."""
    if len(within) == 1:
        return days
    if loads.get(today + days, 0) * USUAL_SHARE < LIGHT_DAY * share_of(today + days, shares):
        return days
    best, least, nearest = days, math.inf, 0
    for each in within:
        share = shares[(today + each + _EPOCH_WEEKDAY) % WEEKDAYS]  # `share_of`, whose call takes as long as all else
        if not share:
            continue
        # As Anki weighs them: the cards twice, and how far away it is once, as else the later days, which are emptier
        # from the start, would take so much that less is remembered.
        load = (loads.get(today + each, 0) + 1) / share
        burden = load * load * each
        if burden < least or (burden == least and abs(each - days) < nearest):
            best, least, nearest = each, burden, abs(each - days)
    if least == math.inf:  # none of them has a share
        return _chosen(days, within, today=today, loads=loads, shares=(USUAL_SHARE,) * WEEKDAYS)
    return best
