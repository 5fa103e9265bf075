"""Dates as people write them: found in a text, and read as when a source was last checked."""

import pytest

from quizapp.catalogue.formats.markdown.conventions.dates import find_date, fitting, iso_date
from quizapp.catalogue.formats.parsed import ParsedDate


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("21st November", ParsedDate(month=11, day=21, year=None)),
        ("3 March 2026", ParsedDate(month=3, day=3, year=2026)),
        ("Sunday, 1st of May", None),
        ("November 21st, 2025", ParsedDate(month=11, day=21, year=2025)),
        ("Dec 2", ParsedDate(month=12, day=2, year=None)),
        ("2026-02-28", ParsedDate(month=2, day=28, year=2026)),
        ("29 February", ParsedDate(month=2, day=29, year=None)),
        ("29 February 2025", None),
        ("2026-13-01", None),
        ("31st Smarch", None),
        ("22/11/2026", ParsedDate(month=11, day=22, year=2026)),
        ("2026/11/22", ParsedDate(month=11, day=22, year=2026)),
        ("soon", None),
        ("", None),
    ],
)
def test_a_date_is_read_and_never_invented(text: str, date: ParsedDate | None) -> None:
    assert find_date(text) == date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026", "2026"),
        ("2026-11", "2026-11"),
        (" 2026-11-23. ", "2026-11-23"),
        ("2026/3", "2026-03"),
        ("11/2026", "2026-11"),
        ("22/11/2026", "2026-11-22"),
        ("3.4.2026", "2026-04-03"),
        ("Nov. 2026", "2026-11"),
        ("November 2026", "2026-11"),
        ("23rd November 2026", "2026-11-23"),
        ("September 1, 2026", "2026-09-01"),
    ],
)
def test_a_year_a_month_or_a_day_is_read_however_it_is_written(text: str, iso: str) -> None:
    assert iso_date(text) == iso


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "early 2026", "2026-13", "2026-02-30", "26-11", "0000", "23rd November", "2026-11 or so",
     "checked on 2026-11-23", "11/22/2026", "Smarch 2026", "\u0662\u0660\u0662\u0666"],
)  # fmt: skip
def test_what_is_no_date_from_end_to_end_is_none(text: str) -> None:
    assert iso_date(text) is None


def test_a_date_too_long_for_its_column_is_shortened_and_nothing_else() -> None:
    assert fitting("Nov. 2026") == "Nov. 2026"
    assert fitting("23rd November 2026") == "2026-11-23"
    assert fitting("when we last upgraded") == "when we last upgraded"
