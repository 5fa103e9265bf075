"""A learner's reviews as text in two forms that other programs read. Reads only.

CSV is what the programs of FSRS exchange, with columns of ours after theirs; `review evaluate` reads it. REVLOG is
Anki's table of that name, its columns and their meaning.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.review.memory import Phase
from quizapp.review.models import NO_REVIEW, Card, CardDeed, DeedKind, Outcome, ReviewLog
from quizapp.spreadsheets import inert

ROWS_AT_ONCE = 1_000  # read from the database: enough to be quick, few enough to need no memory
CSV_COLUMNS = (
    "card_id", "review_time", "review_rating", "review_state", "review_duration", "question", "study_day", "timezone",
    "source", "outcome", "stability_before", "difficulty_before", "stability_after", "difficulty_after", "due_day",
)  # fmt: skip
REVLOG_COLUMNS = ("id", "cid", "usn", "ease", "ivl", "lastIvl", "factor", "time", "type")
_STATES = {Phase.NEW: 0, Phase.LEARNING: 1, Phase.REVIEW: 2, Phase.RELEARNING: 3}  # before the review
_TYPES = {Phase.NEW: 0, Phase.LEARNING: 0, Phase.REVIEW: 1, Phase.RELEARNING: 2}  # Anki's learn, review, relearn
_FILTERED = 3  # Anki's type for an answer in a filtered deck; with the factor 0, one that left the schedule alone
_MANUAL = 4  # Anki's type for a due day set by hand and for forgetting
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LogFormat(StrEnum):
    """A form of the export."""

    CSV = "csv"
    REVLOG = "revlog"


def export(db: Session, *, user: User, form: LogFormat) -> Iterator[str]:
    """The text, piece by piece: read while it is taken, so the session must stay open until its end."""
    match form:
        case LogFormat.CSV:
            return _table(CSV_COLUMNS, _csv_rows(db, user))
        case LogFormat.REVLOG:
            return _table(REVLOG_COLUMNS, _revlog_rows(db, user))
        case _:
            assert_never(form)


def _csv_rows(db: Session, user: User) -> Iterator[Sequence[Any]]:
    """Every review that was not taken back, by time."""
    for review, key in _rows(db, _reviews(user).where(ReviewLog.outcome.not_in(NO_REVIEW))):
        yield (
            review.card_id, _ms(review.reviewed_at), int(review.rating), _STATES[review.phase_before],
            "" if review.taken_ms is None else review.taken_ms, inert(key), review.day, review.zone, review.source,
            review.outcome, review.stability_before, review.difficulty_before, review.stability_after,
            review.difficulty_after, review.due_day_after,
        )  # fmt: skip


def _revlog_rows(db: Session, user: User) -> Iterator[Sequence[int]]:
    """Anki's rows: a number of milliseconds is used once, as its keys are; a later review gets the next free one."""
    numbers, last = _CardNumbers(db, user), 0
    for done in _in_order(db, user):
        at = done.done_at if isinstance(done, CardDeed) else done.reviewed_at
        last = max(_ms(at), last + 1)
        cid = numbers.of(done.card_id)
        if isinstance(done, CardDeed):
            yield last, cid, -1, 0, _days_by_hand(done), 0, 0, 0, _MANUAL
            continue
        if done.outcome is Outcome.APART:
            yield last, cid, -1, int(done.rating), 0, done.interval_before or 0, 0, done.taken_ms or 0, _FILTERED
            continue
        factor = round(100 + (done.difficulty_after - 1) / 9 * 1000) if done.difficulty_after is not None else 0
        interval, before = _interval(done), done.interval_before or 0
        yield last, cid, -1, int(done.rating), interval, before, factor, done.taken_ms or 0, _TYPES[done.phase_before]


def _in_order(db: Session, user: User) -> Iterator[ReviewLog | CardDeed]:
    """The reviews that were applied or apart, the resets and due days by hand, by time; not what was taken back."""
    kinds = (DeedKind.RESCHEDULE, DeedKind.RESET)
    deeds = select(CardDeed).where(CardDeed.user_id == user.id, CardDeed.kind.in_(kinds), CardDeed.undone.is_not(True))
    waiting = list(db.scalars(deeds.order_by(CardDeed.done_at, CardDeed.id)))
    for review, _ in _rows(db, _reviews(user).where(ReviewLog.outcome.in_((Outcome.APPLIED, Outcome.APART)))):
        while waiting and waiting[0].done_at < review.reviewed_at:
            yield waiting.pop(0)
        yield review
    yield from waiting


class _CardNumbers:
    """Whole numbers for cards, as Anki has them: the milliseconds of when each was made, none of them twice."""

    def __init__(self, db: Session, user: User) -> None:
        mine = select(Card.id, Card.created_at).where(Card.user_id == user.id).order_by(Card.created_at, Card.id)
        self._numbers: dict[UUID, int] = {}
        last = 0
        for card_id, created_at in db.execute(mine):
            self._numbers[card_id] = last = max(_ms(created_at), last + 1)

    def of(self, card_id: UUID | None) -> int:
        """A card's number."""
        assert card_id is not None  # only edits can have none, and they are not exported so
        return self._numbers[card_id]


def _reviews(user: User) -> Select[*tuple[Any, ...]]:
    """The user's reviews with the keys of their questions, by time."""
    return (
        select(ReviewLog, Question.key)
        .join(Card, Card.id == ReviewLog.card_id)
        .join(Card.question)
        .where(ReviewLog.user_id == user.id)
        .order_by(ReviewLog.reviewed_at, ReviewLog.card_id, ReviewLog.sequence)
    )


def _rows(db: Session, statement: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    for some in db.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE}).partitions():
        yield from some


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    for row in chain((columns,), rows):
        writer.writerow(row)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _interval(review: ReviewLog) -> int:
    """Anki's: days, or less than none in seconds."""
    if review.due_at_after is not None:
        return -((review.due_at_after - review.reviewed_at) // timedelta(seconds=1))
    return (review.due_day_after or review.day) - review.day


def _days_by_hand(deed: CardDeed) -> int:
    return 0 if deed.after is None else max(deed.after - (deed.done_at - _EPOCH).days, 0)


def _ms(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)
