"""Bars and squares: heights in proportion, shades by fourths, days in columns of weeks."""

from datetime import date

import pytest

from quizapp.review.log.review_selection import ReviewsOf, WhichReviews
from quizapp.review.log.statistics import DayFigures
from quizapp.study import progress_charts
from quizapp.study.charts import Bar, BarChart, level

MONDAY = 20_605  # 2026-06-01


def chart(*values: float) -> BarChart:
    bars = [Bar(label=f"{value}", value=value, said=f"{value}") for value in values]
    return BarChart(id="c", title="C", lead="", first="", second="", bars=bars)


def test_the_highest_bar_fills_the_chart_and_few_differ_from_none() -> None:
    assert chart(0, 1, 50, 1_000).heights == [0, 1, 5.0, 100]
    assert chart(0, 0).is_empty


@pytest.mark.parametrize(("count", "shade"), [(0, 0), (1, 1), (25, 1), (26, 2), (75, 3), (100, 4)])
def test_a_day_is_shaded_by_fourths_of_the_busiest(count: int, shade: int) -> None:
    assert level(count, 100) == shade


def day(number: int) -> DayFigures:
    return DayFigures(day=number, reviews=3, known=2, passed=1, mature=0, mature_passed=0, taken_ms=90_000)


def test_a_calendar_begins_on_a_monday_and_ends_today() -> None:
    calendar = progress_charts.calendar([day(MONDAY), day(MONDAY + 1)], today=MONDAY + 1)
    first, *_, last = calendar.squares
    assert ((first.week, first.weekday), (last.week, last.weekday)) == ((0, 0), (calendar.weeks - 1, 1))
    assert last.said == "Tue 2 Jun: 3 reviews"
    assert "2 days in a row" in calendar.lead
    assert calendar.counted.last == date(2026, 6, 2)
    assert calendar.counted.first == date(2025, 6, 2)


def test_weeks_end_today() -> None:
    *_, before, this = progress_charts.weeks([day(MONDAY), day(MONDAY - 7)], today=MONDAY).bars
    assert (before.said, this.said, this.label) == ("50 % of 2 reviews", "50 % of 2 reviews", "7 days to today")


def test_time_is_told_in_minutes() -> None:
    assert progress_charts.minutes([day(MONDAY)], today=MONDAY).bars[-1].said == "2 min for 3 reviews"


def test_a_month_leads_to_its_reviews_and_the_first_from_the_day_on_which_the_calendar_begins() -> None:
    first = MONDAY - 52 * 7
    months = progress_charts.calendar([day(first), day(MONDAY)], today=MONDAY).months
    assert [month.counted for month in months] == [
        WhichReviews(of=ReviewsOf.ALL, first=date(2026, 6, 1), last=date(2026, 6, 1)),
        WhichReviews(of=ReviewsOf.ALL, first=date(2025, 6, 2), last=date(2025, 6, 2)),
    ]
