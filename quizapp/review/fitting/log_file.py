"""Reads a review log in the CSV that programs of FSRS exchange. Rows that cannot be read are told by line. Pure."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from quizapp.errors import Invalid
from quizapp.review.fitting.history import Answer
from quizapp.review.memory import Rating
from quizapp.study_day import study_day

COLUMNS = ("card_id", "review_rating", "review_time")
FIELD_MAX_CHARS = 128 * 1024  # of one cell, Python's default; a longer one is a quote that was not closed
LEARNER = "user_id"  # a column of logs of many learners, whose cards may have the same numbers
SEPARATORS = (",", ";", "\t")  # spreadsheets of many countries write the second
NO_ANSWER = "0"  # Anki's rating of a due day that was set by hand, and of a card that was forgotten
APART = "apart"  # in the column `outcome` of our own export: an answer that left the schedule alone
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RATINGS = {text: rating for rating in Rating for text in (str(int(rating)), rating.name)}
# Programs that keep tables write whole numbers so, if another row of the column is empty.
_WHOLE = re.compile(r"(-?\d+)(?:\.0*)?\Z", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedReview:
    """A review as a row of the file has it."""

    card: str
    rating: Rating
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class BadRow:
    """A row that cannot be read."""

    line: int
    """Its line in the file, from 1, the header's; the last one of a row that goes over several."""
    fault: str
    """What is wrong with it, as a sentence."""


@dataclass(frozen=True, kw_only=True)
class LogFile:
    """What a file says."""

    reviews: Sequence[LoggedReview]
    """In the order of time; those of one time as in the file."""
    bad_rows: Sequence[BadRow]
    no_answers: int = 0
    """The rows that were left out as nobody answered there: due days set by hand."""
    repeated: int = 0
    """The rows that were left out as an earlier one says the same, as where exports that overlap were put together."""


def read_log(raw: bytes) -> LogFile:
    """A file's reviews. Raises Invalid for one that is no CSV with COLUMNS in UTF-8."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Invalid(f"Line {line} is not UTF-8. Save the log as UTF-8 and try again.") from None
    csv.field_size_limit(FIELD_MAX_CHARS)  # one for the whole process, which a reader of tables sets higher
    rows = _reader(text)
    reviews: list[LoggedReview] = []
    bad: list[BadRow] = []
    no_answers = 0
    for row in _rows(rows):
        if row.get("outcome") == APART:
            continue
        if _plain((row["review_rating"] or "").strip()) == NO_ANSWER:
            no_answers += 1
            continue
        try:
            reviews.append(_review(row))
        except ValueError as error:
            bad.append(BadRow(line=rows.line_num, fault=str(error)))
    once = dict.fromkeys(reviews)  # nobody answers a card twice at one instant
    ordered = sorted(once, key=lambda review: review.at)
    return LogFile(reviews=ordered, bad_rows=bad, no_answers=no_answers, repeated=len(reviews) - len(once))


def answers_of(reviews: Sequence[LoggedReview], *, zone: str, rollover_hour: int) -> Iterator[Answer]:
    """The reviews by the study days of a learner in that zone."""
    for review in reviews:
        yield Answer(card=review.card, rating=review.rating, day=study_day(review.at, zone, rollover_hour))


def _reader(text: str) -> "csv.DictReader[str]":
    """The rows by the names in the first line, which tells the separator too. Raises Invalid without COLUMNS."""
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    rows.fieldnames = [name.strip() for name in rows.fieldnames or ()]
    missing = [column for column in COLUMNS if column not in rows.fieldnames]
    if missing:
        raise Invalid(
            f"The first line names no column {' and no '.join(missing)}. It has to name {', '.join(COLUMNS)}."
        )
    return rows


def _rows(rows: "csv.DictReader[str]") -> Iterator[Mapping[str, str | None]]:
    """The rows. Raises Invalid where the file stops being CSV, such as at a field without an end."""
    try:
        yield from rows
    except csv.Error as error:
        raise Invalid(f"Line {rows.line_num + 1} cannot be read as CSV: {error}.") from None


def _review(row: Mapping[str, str | None]) -> LoggedReview:
    card, rating, at = ((row[column] or "").strip() for column in COLUMNS)
    if not card:
        raise ValueError("card_id is empty.")
    given = _RATINGS.get(_plain(rating).upper())
    if given is None:
        raise ValueError(f"review_rating is {rating!r}; a rating is 1 (Again), 2 (Hard), 3 (Good) or 4 (Easy).")
    learner = (row.get(LEARNER) or "").strip()
    return LoggedReview(card=f"{learner} {card}" if learner else card, rating=given, at=_time(at))


def _time(text: str) -> datetime:
    """The instant of an ISO 8601 text with its offset, or of milliseconds since 1970. Raises ValueError."""
    try:
        if _WHOLE.match(text):
            return _EPOCH + timedelta(milliseconds=int(_plain(text)))
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            f"review_time is {text!r}; a time is ISO 8601 with its offset, such as 2026-03-02T21:04:00+01:00, or"
            " milliseconds since 1970."
        ) from None


def _plain(text: str) -> str:
    """A whole number without the point that a program has written after it; any other text as it is."""
    found = _WHOLE.match(text)
    return text if found is None else found[1]
