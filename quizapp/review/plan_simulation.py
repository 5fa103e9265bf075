"""A plan up to an interview: what minutes a day come to, simulated on a learner's own cards as they stand. Pure.

Each day the cards that are due come first, then as many new cards as the minutes allow; none on the last days. A card
comes back on the day that a rating would choose for it, easy days included; see `balancing`. The work is bounded: of
more cards or answers than the limits here, some are drawn by chance and the results scaled up.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from quizapp.review.balancing import near, placed
from quizapp.review.memory import Memory, Rating
from quizapp.review.scheduler import Reviewed, Scheduler
from quizapp.study_day import StudyDay

CARDS_MAX = 10_000  # simulated one by one; their state at the end takes a hundredth of a second
ANSWERS_MAX = 10_000  # in one simulation: a quarter of a second of work
ANSWERS_TO_FIND = 1_500  # in each of the at most eight simulations that find how many minutes would do
ANSWERS_A_CARD = 10  # at most about that many in a year, by the default weights
LAST_DAYS = 2  # without new cards: with the default weights a card comes back after two days at first
MINUTES_STEP = 5  # to which the minutes that would do are rounded up: the simulation knows them no better
PACE_MIN_S = 2.0  # for one answer; a shorter mean comes from cards clicked away
# How a first answer goes and how a passed one is rated: the means over Anki's users that fsrs-rs simulates with.
FIRST_CHANCES = (0.24, 0.094, 0.495, 0.171)
PASSED_CHANCES = (0.224, 0.631, 0.145)
NEW_ANSWERS = 1 + FIRST_CHANCES[0]  # that a new card takes on its first day, since Again shows it once more
_FIRST, _PASSED = tuple(Rating), (Rating.HARD, Rating.GOOD, Rating.EASY)


@dataclass(frozen=True, kw_only=True)
class PlannedCard:
    """A card that has been reviewed, as it stands."""

    memory: Memory
    due_day: StudyDay
    scheduler: Scheduler | None = None
    """Its own, if its note has a desired retention of its own; None: that of the plan."""


@dataclass(frozen=True, kw_only=True)
class OwnNew:
    """New cards of notes that have a desired retention of their own."""

    scheduler: Scheduler
    cards: int


@dataclass(frozen=True, kw_only=True)
class PlanStart:
    """What a plan begins with."""

    cards: Sequence[PlannedCard]
    """All cards with a memory, or as many of them, drawn by chance, as `share` says."""
    new: int
    """The new cards that wait, all of them."""
    own_new: Sequence[OwnNew] = ()
    """Those of `new` that have another scheduler than the plan's."""
    scheduler: Scheduler
    pace_s: float
    """Seconds that the learner takes for one answer."""
    today: StudyDay
    done_s: float = 0.0
    """Seconds that they have learnt today already."""
    share: float = 1.0
    """Of the cards with a memory, above 0 to 1."""
    shares: Sequence[int] | None = None
    """Those of the weekdays in percent, Monday first; None if each card comes on its own day."""

    @property
    def total(self) -> int:
        """All cards, the new ones included."""
        return round(len(self.cards) / self.share) + self.new


@dataclass(frozen=True, kw_only=True)
class PlanDay:
    """One study day of a plan."""

    day: StudyDay
    reviews: int
    new: int
    minutes: float


@dataclass(frozen=True, kw_only=True)
class InterviewPlan:
    """What minutes a day come to on the day of the interview."""

    days: Sequence[PlanDay]
    """From today to the day before the interview."""
    known: float
    """The cards that would be known on the day of the interview: the sum of their chances of recall."""
    left: int
    """New cards that were never begun."""
    late: int
    """Cards that were due before the interview and found no time."""
    share: float
    """Of the cards that were simulated, above 0 to 1; all numbers are scaled up to all cards."""

    @property
    def fits(self) -> bool:
        """Whether all new cards are begun and all reviews made."""
        return not self.left and not self.late


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """How much of a study day a plan gives to what."""

    new_cards: int
    reviews: int


def allowance(*, minutes: int, pace_s: float, reviews: int, retention: float, days_left: int) -> Allowance:
    """A day by the plan's rule: `reviews` of the day, done ones included, come first, then new cards as they fit."""
    seconds, of_review = 60 * minutes, pace_s * (2 - retention)  # a forgotten card is asked once more
    rest = max(seconds - reviews * of_review, 0)
    return Allowance(
        new_cards=int(rest / (pace_s * NEW_ANSWERS)) if days_left > LAST_DAYS else 0,
        reviews=math.ceil(seconds / of_review),
    )


def simulate(
    standing: PlanStart, *, minutes: int, interview: StudyDay, chance: Random, answers_max: int = ANSWERS_MAX
) -> InterviewPlan:
    """The plan with that many minutes a day. An interview that is today or past has no days before it."""
    days = max(interview - standing.today, 0)
    return _Simulation(standing, _share(standing, minutes, days, answers_max), chance).up_to(interview, minutes)


def minutes_that_do(standing: PlanStart, *, above: int, most: int, interview: StudyDay, chance: Random) -> int | None:
    """The fewest minutes a day, above those, with which all fits, in steps; None if `most` minutes do not either."""
    low, high = above // MINUTES_STEP, most // MINUTES_STEP
    seed = chance.random()  # the same chance for each, so that they differ by their minutes alone

    def fits(steps: int) -> bool:
        plan = simulate(
            standing,
            minutes=steps * MINUTES_STEP,
            interview=interview,
            chance=Random(seed),
            answers_max=ANSWERS_TO_FIND,
        )
        return plan.fits

    if high <= low or not fits(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high * MINUTES_STEP


def _share(standing: PlanStart, minutes: int, days: int, answers_max: int) -> float:
    """How much of the cards, as they are given, and of the new ones is simulated, so that the work stays bounded."""
    cards = len(standing.cards) / standing.share + standing.new
    answers = min(days * minutes * 60 / standing.pace_s, cards * ANSWERS_A_CARD)
    return min(standing.share, CARDS_MAX / max(cards, 1), answers_max / max(answers, 1))


class _Simulation:
    """A number of days lived through with a share of the cards."""

    def __init__(self, standing: PlanStart, share: float, chance: Random) -> None:
        self._pace, self._chance = standing.pace_s, chance
        self._today, self._done_s, self._share = standing.today, standing.done_s, share
        kept = round(len(standing.cards) * share / standing.share)
        cards = standing.cards if share == standing.share else chance.sample(standing.cards, kept)
        # The due day, a number that decides between equals, the memory, the card's scheduler.
        usual = standing.scheduler
        self._waiting = [(card.due_day, chance.random(), card.memory, card.scheduler or usual) for card in cards]
        heapq.heapify(self._waiting)
        self._shares = standing.shares
        self._loads: dict[StudyDay, float] = defaultdict(float)  # as `day_load` has them: of all cards
        for due_day, *_ in self._waiting:
            self._loads[due_day] += 1 / share
        self._all_new, self._new = standing.new, self._schedulers_of_new(standing)

    def up_to(self, interview: StudyDay, minutes: int) -> InterviewPlan:
        days = [self._live(day, minutes, interview - day) for day in range(self._today, interview)]
        return InterviewPlan(
            days=days,
            known=self._scaled(sum(_recall(its, memory, interview) for _, _, memory, its in self._waiting)),
            left=min(math.ceil(self._scaled(len(self._new))), self._all_new),
            late=math.ceil(self._scaled(sum(due < interview for due, *_ in self._waiting))) if days else 0,
            share=self._share,
        )

    def _live(self, day: StudyDay, minutes: int, days_left: int) -> PlanDay:
        """A study day; an answer begins only if there is time for it, so the last card may take one answer more."""
        budget = max(60 * minutes - (self._done_s if day == self._today else 0), 0)
        room = budget * self._share / self._pace  # answers
        answers = reviews = new = 0
        while self._waiting and self._waiting[0][0] <= day and answers + 1 <= room:
            _, _, memory, scheduler = heapq.heappop(self._waiting)
            answers += self._answer(scheduler, memory, day)
            reviews += 1
        while self._new and days_left > LAST_DAYS and answers + 1 <= room:
            answers += self._answer(self._new.pop(), Memory(), day)
            new += 1
        return PlanDay(
            day=day,
            reviews=round(self._scaled(reviews)),
            new=round(self._scaled(new)),
            minutes=min(self._scaled(answers) * self._pace, budget + self._pace) / 60,
        )

    def _answer(self, scheduler: Scheduler, memory: Memory, day: StudyDay) -> int:
        """Ask a card until it is known; how many answers that took."""
        on = _on(memory, day)
        reviewed = scheduler.review(memory, self._rating(scheduler.chance(memory, day=on)), day=on)
        answers = 1
        if reviewed.comes_back_in is not None:  # asked again the same day, when its chance is 1
            reviewed = scheduler.review(reviewed.memory, Rating.GOOD, day=on)
            answers = 2
        due_day = self._due_day(reviewed, on)
        self._loads[due_day] += 1 / self._share
        heapq.heappush(self._waiting, (due_day, self._chance.random(), reviewed.memory, scheduler))
        return answers

    def _due_day(self, reviewed: Reviewed, on: StudyDay) -> StudyDay:
        """The day on which a card comes back that was reviewed on another one, as `due_loads.due_day` chooses it."""
        if self._shares is None:
            return reviewed.due_day
        return on + placed(near(reviewed.intervals), today=on, loads=self._loads, shares=self._shares)

    def _rating(self, known: float | None) -> Rating:
        """A rating by chance; `known` is the chance of recall, None for a new card."""
        if known is None:
            return self._chance.choices(_FIRST, FIRST_CHANCES)[0]
        if self._chance.random() >= known:
            return Rating.AGAIN
        return self._chance.choices(_PASSED, PASSED_CHANCES)[0]

    def _schedulers_of_new(self, standing: PlanStart) -> list[Scheduler]:
        """The scheduler of each new card that is simulated, in an order by chance if they differ."""
        count = math.ceil(standing.new * self._share)
        own = [each.scheduler for each in standing.own_new for _ in range(round(each.cards * self._share))][:count]
        found = [*own, *[standing.scheduler] * (count - len(own))]
        if own:
            self._chance.shuffle(found)
        return found

    def _scaled(self, number: float) -> float:
        return number / self._share


def _recall(scheduler: Scheduler, memory: Memory, day: StudyDay) -> float:
    return scheduler.chance(memory, day=_on(memory, day)) or 0.0


def _on(memory: Memory, day: StudyDay) -> StudyDay:
    """The day, or the card's last one if that is later, as after a flight west."""
    return day if memory.last_day is None else max(day, memory.last_day)
