"""A class's progress as a file for spreadsheets: a line for each learner and each thing. Asks no database."""

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO

from quizapp.classes.progress_page import ClassProgress

COLUMNS = ("learner", "assigned", "title", "from", "until", "state", "done", "on", "remembered_percent", "last_active")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet would compute with, at the start of a text


def text(progress: ClassProgress) -> Iterator[str]:
    """The file line by line, ended as RFC 4180 has it."""
    yield _line(COLUMNS)
    for learner in progress.learners:
        remembered = "" if learner.retention is None else str(learner.retention.percent)
        for one in learner.items:
            item = one.item
            what = (learner.name, item.kind.value, item.title, _iso(item.first_day), _iso(item.last_day))
            yield _line((*what, one.state.value, one.words, _iso(one.done_day), remembered, _iso(learner.last_day)))


def _line(values: tuple[str, ...]) -> str:
    made = StringIO()
    csv.writer(made).writerow([_inert(value) for value in values])
    return made.getvalue()


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _inert(value: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value
