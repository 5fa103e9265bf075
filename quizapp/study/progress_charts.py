"""The charts of the page Progress, from the figures of `review.log.statistics`. Asks no database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from quizapp.dates import WEEKDAY_DATE, date_text
from quizapp.durations import MINUTE_S, duration
from quizapp.review.log.review_selection import ReviewsOf, WhichReviews
from quizapp.review.log.statistics import (
    CHANCES_FROM,
    DAYS_FROM,
    FORECAST_DAYS,
    HOURS_DAYS,
    CardFigures,
    DayFigures,
    HourFigures,
)
from quizapp.study.charts import WEEK_DAYS, Bar, BarChart, Calendar, Square, level
from quizapp.study.confidence_figures import Said
from quizapp.study_day import StudyDay, date_of, day_of
from quizapp.web.templating import plural

CALENDAR_WEEKS = 53  # a year, and the week that has begun
RETENTION_WEEKS = 12  # a quarter of a year: long enough to see a change
TIME_DAYS = 30
MINUTE_MS = 60_000


def forecast(counts: Sequence[int], *, today: StudyDay) -> BarChart:
    """What is due on the next days."""
    bars = [
        Bar(
            label="Today" if not after else _day(today + after),
            value=count,
            said=plural(count, "card"),
            counted=f"prop:comes={after}" if after else "prop:comes<=0",
        )
        for after, count in enumerate(counts)
    ]
    week = plural(sum(counts[:WEEK_DAYS]), "card")
    lead = f"{week} in the next {WEEK_DAYS} days, {sum(counts)} in {FORECAST_DAYS}. Overdue ones are in today's."
    return BarChart(id="forecast", title="Forecast", lead=lead, first="Day", second="Due", bars=bars)


def weeks(days: Iterable[DayFigures], *, today: StudyDay) -> BarChart:
    """True retention week by week, the week of today last."""
    known: Counter[int] = Counter()
    passed: Counter[int] = Counter()
    for each in days:
        ago = (today - each.day) // WEEK_DAYS
        known[ago] += each.known
        passed[ago] += each.passed
    bars = []
    for ago in reversed(range(RETENTION_WEEKS)):
        share = 100 * passed[ago] / known[ago] if known[ago] else 0
        said = f"{share:.0f} % of {plural(known[ago], 'review')}" if known[ago] else "no reviews"
        until = "to today" if not ago else f"to {_day(today - ago * WEEK_DAYS)}"
        counted = reviewed(ReviewsOf.KNOWN, today - (ago + 1) * WEEK_DAYS + 1, today - ago * WEEK_DAYS)
        bars.append(Bar(label=f"7 days {until}", value=share, said=said, counted=counted))
    lead = "The share of known cards that you still knew when they came back, week by week."
    return BarChart(
        id="weeks", title="Retention by week", lead=lead, first="Week", second="Remembered", bars=bars, top=100
    )


def minutes(days: Iterable[DayFigures], *, today: StudyDay) -> BarChart:
    """The time that reviews took, day by day."""
    taken = {each.day: each for each in days}
    bars = []
    for day in range(today - TIME_DAYS + 1, today + 1):
        figures = taken.get(day)
        spent = 0.0 if figures is None else figures.taken_ms / MINUTE_MS
        reviews = 0 if figures is None else figures.reviews
        said = f"{duration(spent * MINUTE_S, short=True)} for {plural(reviews, 'review')}" if reviews else "no reviews"
        bars.append(Bar(label=_day(day), value=spent, said=said, counted=reviewed(ReviewsOf.ALL, day, day)))
    whole = sum(bar.value for bar in bars)
    lead = f"{duration(whole * MINUTE_S, short=True).capitalize()} in {TIME_DAYS} days, at most a minute a card counts."
    return BarChart(id="time", title="Time", lead=lead, first="Day", second="Time", bars=bars)


def hours(figures: Sequence[HourFigures], *, today: StudyDay) -> BarChart:
    """When reviews are made, and how well they go at each hour."""
    these = reviewed(ReviewsOf.APPLIED, today - HOURS_DAYS + 1, today)
    bars = [
        Bar(label=f"{hour}:00", value=each.reviews, said=_hour(each), counted=replace(these, hour=hour))
        for hour, each in enumerate(figures)
    ]
    lead = f"The last {HOURS_DAYS} days by the hour where you were, with how much was right at each."
    return BarChart(id="hours", title="Hours", lead=lead, first="Hour", second="Reviews", bars=bars)


def states(cards: CardFigures) -> BarChart:
    """How many cards there are of each kind."""
    kinds = (
        ("New", cards.new, "is:new -is:suspended"),
        ("Learning", cards.learning, "is:learn -is:suspended"),
        ("Young", cards.young, "is:review -is:learn prop:ivl<21 -is:suspended"),
        ("Mature", cards.mature, "is:review -is:learn prop:ivl>=21 -is:suspended"),
        ("Suspended", cards.suspended, "is:suspended"),
    )
    bars = [Bar(label=name, value=count, said=plural(count, "card"), counted=query) for name, count, query in kinds]
    lead = f"{plural(sum(count for _, count, _ in kinds), 'card')}. From an interval of 21 days on a card is mature."
    return BarChart(id="states", title="Cards", lead=lead, first="Kind", second="Cards", bars=bars)


def intervals(cards: CardFigures) -> BarChart:
    """Cards by the days between their last review and the next."""
    lead = "How long your cards rest between two reviews."
    return _by_days("intervals", "Intervals", lead, cards.intervals, "ivl")


def stabilities(cards: CardFigures) -> BarChart:
    """Cards by how long they are remembered."""
    lead = "For how many days you remember a card until the chance falls to 9 in 10."
    return _by_days("stability", "Stability", lead, cards.stabilities, "s")


def chances(cards: CardFigures) -> BarChart:
    """Cards by the chance that they would be remembered now."""
    edges = [round(100 * chance) for chance in CHANCES_FROM]
    bars = []
    for (low, high), count in zip(pairwise([*edges, 100]), cards.chances, strict=True):
        below = f" prop:r<{high / 100:g}" if high < 100 else ""
        query = f"prop:r>={low / 100:g}{below}"
        bars.append(Bar(label=f"{low} to {high} %", value=count, said=plural(count, "card"), counted=query))
    middle = sum((low + high) / 2 * n for (low, high), n in zip(pairwise([*edges, 100]), cards.chances, strict=True))
    total = sum(cards.chances)
    lead = f"Asked now, you would know about {round(middle / total)} in 100." if total else "No card has a memory yet."
    return BarChart(id="chances", title="Retrievability", lead=lead, first="Chance", second="Cards", bars=bars)


def sureness(said: Sequence[Said]) -> BarChart:
    """How much was right of what one was how sure of."""
    bars = [
        Bar(label=each.word, value=each.percent, said=f"{each.percent} % of {plural(each.made, 'answer')}")
        for each in said
    ]
    lead = "The share that was right of what you guessed, thought and were sure of."
    return BarChart(id="certainty", title="Right", lead=lead, first="You said", second="Right", bars=bars, top=100)


def calendar(days: Sequence[DayFigures], *, today: StudyDay) -> Calendar:
    """The last year, day by day."""
    last = date_of(today)
    first = today - last.weekday() - WEEK_DAYS * (CALENDAR_WEEKS - 1)
    done = {each.day: each.reviews for each in days if each.day >= first}
    most = max(done.values(), default=0)
    squares = [
        Square(
            week=(day - first) // WEEK_DAYS,
            weekday=(day - first) % WEEK_DAYS,
            level=level(done.get(day, 0), most),
            said=f"{_day(day)}: {plural(done.get(day, 0), 'review')}",
        )
        for day in range(first, today + 1)
    ]
    active = sum(count > 0 for count in done.values())
    lead = f"{plural(sum(done.values()), 'review')} on {plural(active, 'day')} of the last year. {_streak(done, today)}"
    months, these = _months(done, first), reviewed(ReviewsOf.ALL, first, today)
    return Calendar(squares=squares, weeks=CALENDAR_WEEKS, months=months, lead=lead, counted=these)


def _months(done: dict[StudyDay, int], first: StudyDay) -> Sequence[Bar]:
    """A row for each month with a review, the newest first; of the month that `first` is in, from that day on."""
    days: dict[date, list[StudyDay]] = defaultdict(list)
    for day in done:
        days[date_of(day).replace(day=1)].append(day)
    bars = []
    for month, some in sorted(days.items(), reverse=True):
        count = sum(done[day] for day in some)
        counted = reviewed(ReviewsOf.ALL, max(day_of(month), first), max(some))
        bars.append(Bar(label=f"{month:%B %Y}", value=count, said=plural(count, "review"), counted=counted))
    return bars


def _streak(done: dict[StudyDay, int], today: StudyDay) -> str:
    """How many study days in a row, by the days as they were where they were; today need not be done yet."""
    day = today if done.get(today) else today - 1
    length = 0
    while done.get(day - length):
        length += 1
    return f"{plural(length, 'day')} in a row." if length > 1 else ""


def _by_days(id: str, title: str, lead: str, counts: Sequence[int], prop: str) -> BarChart:
    bars = []
    for low, high, count in zip(DAYS_FROM, [*DAYS_FROM[1:], None], counts, strict=True):
        label = f"{low} d and more" if high is None else f"{low} d" if high == low + 1 else f"{low} to {high - 1} d"
        if prop == "s" and high is not None:
            label = f"{low} to {high} d"
        # Of cards with a memory alone: a new card has an interval of 0 for a search, and no stability.
        at_least = f"prop:{prop}>={low}" if low else "prop:s>=0"
        query = at_least + ("" if high is None else f" prop:{prop}<{high}")
        bars.append(Bar(label=label, value=count, said=plural(count, "card"), counted=query))
    return BarChart(id=id, title=title, lead=lead, first="Days", second="Cards", bars=bars)


def remembered(id: str, title: str, shares: Sequence[tuple[str, int | None, int]]) -> BarChart:
    """What was remembered, by the names of notes or concepts, each with the percentage and the reviews it is of."""
    bars = [
        Bar(label=name, value=percent or 0, said=f"{percent} % of {plural(total, 'review')}" if total else "no reviews")
        for name, percent, total in shares
    ]
    lead = f"The share of known cards that you still knew when they came back, in {HOURS_DAYS} days."
    return BarChart(id=id, title=title, lead=lead, first="", second="Remembered", bars=bars, top=100)


def reviewed(of: ReviewsOf, first: StudyDay | None, last: StudyDay) -> WhichReviews:
    """The reviews of these study days; from the very first one on without `first`."""
    return WhichReviews(of=of, first=None if first is None else date_of(first), last=date_of(last))


def _hour(each: HourFigures) -> str:
    if not each.reviews:
        return "no reviews"
    return f"{plural(each.reviews, 'review')}, {round(100 * each.passed / each.reviews)} % right"


def _day(day: StudyDay) -> str:
    return date_text(date_of(day), WEEKDAY_DATE)
