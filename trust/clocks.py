"""Study days over every change of every zone's clocks from 2020 to 2040, and reviews while the clock is set to and fro.

Each instant must be in one study day, which never is an earlier one than that of an instant before. With a clock that
is set by a second to a year between reviews, each card's log must stay in order, and say the same when it is replayed.
The controls are days counted by the date on the wall clock, and reviews dated by the clock as it stands.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock
from uuid import uuid4
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.review_post import a_question
from quizapp import clock, create_app
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role
from quizapp.review import rating
from quizapp.review import service as review
from quizapp.review.log import replay
from quizapp.review.memory import Rating
from quizapp.review.models import Card, ReviewLog, ReviewSource
from quizapp.settings import Settings
from quizapp.study_day import start_of, study_day
from quizapp.web.database import alembic
from quizapp.zones import zones
from trust.promises import Control, Promise, Scale

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2041, 1, 1, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
AROUND_H = 27  # looked at before and after each change: a study day of 24 hours lies in it whole
CARDS = 5
STEPS = (SECOND, timedelta(minutes=5), HOUR, timedelta(days=1), timedelta(days=30), timedelta(days=365))
SEED = 1
DayOf = Callable[[datetime, str, int], int]
Change = tuple[datetime, timedelta]
"""When a zone's clocks are changed, and their difference to UTC from then on."""


def run(scale: Scale) -> Promise:
    """Try both, without a server."""
    hours = range(24) if scale is Scale.FULL else (0, 2, 4)
    rules = _rules()
    looked, wrong = _days(rules, hours, study_day)
    _, naive_wrong = _days(rules, hours, _by_date)
    reviews = scale.count(short=200, full=5_000)
    found = _reviewed(reviews)
    with mock.patch.object(rating, "_moment", lambda _card, *, user, now, day: (now, day)):
        weak = _reviewed(reviews)
    changes = sum(map(len, rules.values()))
    return Promise(
        name="clocks",
        done=f"{looked:,} instants around {changes:,} changes of {len(rules)} different clocks; {reviews} "
        "reviews under a clock set by a second to a year",
        seen=f"{len(wrong)} in a wrong day, {len(found)} faults of logs" + "".join(f"; {one}" for one in wrong[:2]),
        aim="0 and 0",
        held=not wrong and not found and looked > 0,
        control=Control(
            weakness="days by the date on the wall, reviews dated by the clock as it stands",
            seen=f"{len(naive_wrong)} in a wrong day, {len(weak)} faults of logs",
            failed=bool(naive_wrong) and bool(weak),
        ),
    )


def _rules() -> dict[str, Sequence[Change]]:
    """The changes of each zone, by the name of one zone of all that have the same."""
    found: dict[tuple[Change, ...], str] = {}
    for zone in sorted(zones()):
        found.setdefault(tuple(_changes(ZoneInfo(zone))), zone)
    return {zone: changes[1:] for changes, zone in found.items()}


def _changes(zone: ZoneInfo) -> Iterator[Change]:
    """What the clocks show at FIRST, and each change up to LAST, to the second."""
    offset, at = FIRST.astimezone(zone).utcoffset(), FIRST
    assert offset is not None
    yield at, offset
    while at < LAST:
        week = at + timedelta(days=7)
        if week.astimezone(zone).utcoffset() != offset:
            before, after = at, week
            while after - before > SECOND:
                middle = before + (after - before) // 2
                before, after = (middle, after) if middle.astimezone(zone).utcoffset() == offset else (before, middle)
            at = after.replace(microsecond=0)
            offset = at.astimezone(zone).utcoffset()
            assert offset is not None
            yield at, offset
        else:
            at = week


def _days(rules: dict[str, Sequence[Change]], hours: Sequence[int], day_of: DayOf) -> tuple[int, Sequence[str]]:
    """How many instants were looked at, and a line for each that is in a wrong day."""
    looked, wrong = 0, list[str]()
    for zone, changes in rules.items():
        for change, _ in changes:
            instants = sorted(
                {change + hour * HOUR + off for hour in range(-AROUND_H, AROUND_H + 1) for off in (-SECOND, 0 * SECOND)}
            )
            for hour in hours:
                looked += len(instants)
                wrong += _wrong(zone, hour, instants, day_of)
    return looked, wrong


def _wrong(zone: str, hour: int, instants: Sequence[datetime], day_of: DayOf) -> Iterator[str]:
    days = [day_of(at, zone, hour) for at in instants]
    for (before, day), (at, next_day) in pairwise(zip(instants, days, strict=True)):
        if not day <= next_day <= day + 1:
            yield f"{zone}, {hour} h: from {before} to {at} it is {next_day - day} days later"
    for at, day in zip(instants, days, strict=True):
        if not start_of(day, zone, hour) <= at < start_of(day + 1, zone, hour):
            yield f"{zone}, {hour} h: {at} is not in its own day"


def _by_date(at: datetime, zone: str, rollover_hour: int) -> int:
    """The control: the date on the wall clock, so many hours ago."""
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - rollover_hour * HOUR
    return wall.toordinal() - datetime(1970, 1, 1).toordinal()  # noqa: DTZ001 - a date alone


def _reviewed(reviews: int) -> Sequence[str]:
    """Faults of the logs after so many reviews under clocks that are set to and fro."""
    chance, now = random.Random(SEED), clock.now()
    faults = list[str]()
    with _database() as db:
        questions = [a_question(number) for number in range(CARDS)]
        db.add_all(questions)
        db.flush()
        user = accounts.add_user(db, name="clocks", role=Role.LEARNER, now=now)
        review.add_cards(db, user=user, question_ids=[each.id for each in questions], now=now)
        cards = db.scalars(select(Card)).all()
        for _ in range(reviews):
            now += chance.choice((-1, 1)) * chance.choice(STEPS)
            card = chance.choice(cards)
            db.flush()
            db.refresh(card)
            sent = rating.Review(
                id=uuid4(), rating=chance.choice(tuple(Rating)), source=ReviewSource.REVIEW, taken_ms=900
            )
            try:
                rating.rate(
                    db.connection(), user=user, card_id=card.id, review=sent, seen_version=card.version, now=now
                )
            except ValueError as error:
                faults.append(f"a review could not be stored: {error}")
        db.expire_all()
        return faults + [fault for card in cards for fault in _faults(db, card)]


def _faults(db: Session, card: Card) -> Iterator[str]:
    log = db.scalars(select(ReviewLog).where(ReviewLog.card_id == card.id).order_by(ReviewLog.sequence)).all()
    for before, entry in pairwise(log):
        if entry.reviewed_at < before.reviewed_at or entry.day < before.day:
            yield f"review {entry.sequence} is before the one before it"
    state: Any = (card.memory, card.due_day, card.due_at)
    replay.rebuild(db, card)
    if state != (card.memory, card.due_day, card.due_at):
        yield "the log leads to another state"


@contextmanager
def _database() -> Iterator[Session]:
    """An empty database, removed afterwards."""
    with TemporaryDirectory(prefix="qc-") as folder:
        settings = Settings(instance_dir=Path(folder), secret_key=SecretStr("clocks" * 8), engine="none").completed()
        app = create_app(settings)
        with app.app_context():
            alembic.upgrade()
        with Session(app.extensions["engine"]) as db:
            yield db
        app.extensions["engine"].dispose()
