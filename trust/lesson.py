"""A class of fifty who review, take quizzes and do labs, while web, sandboxd, database and engine are killed in turn.

Nothing that was acknowledged may be lost, nobody may see anything of another's, and outside the seconds of a kill pages
must come as fast as promised. Needs an engine of its own. The control shows a page to others, stores late and waits.
"""

import random
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock
from uuid import uuid4

from sqlalchemy.orm import Session

from benchmarks.kills_processes import EngineProcess
from benchmarks.postgresql import postgresql
from benchmarks.product import p95_ms
from ops.engine import Place
from quizapp.db import create_engine_for
from trust import stored
from trust.people import add_choices, learner_with_cards
from trust.promises import Control, Promise, Scale, not_run
from trust.pupils import Asked, Pupil, Watched
from trust.stricken import Deed, Event, Service, Stricken, engine_with_image, stricken, why_not

NAME = "class"
PUPILS = 50
HOSTS_MAX = 12  # at once, of a GiB each: the others wait for theirs
PAGE_MS = 300
THINK_S = 3.0  # on average, before the next card or question
ONE_EACH = (Service.WEB, Service.SANDBOXD, Service.DATABASE, Service.ENGINE)
KILLS: Sequence[Event] = [Event(service=service, deed=Deed.KILL) for service in ONE_EACH]
BEFORE_S = 1.0  # whoever had asked so long before a kill should have been answered
AFTER_S = 2.0  # until those who were not answered have asked again
SEED = 1
# What waits for a host by its nature: its start, its set-up, and programs that run on it.
OF_HOSTS = ("/host", "/set-up", "/check", "/networks", "/end")
AIM = f"0 lost, 0 of others seen, p95 of pages and forms under {PAGE_MS} ms outside the seconds of a kill"


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a lesson is held."""

    pupils: int = PUPILS
    seconds: float
    kills: int
    think_s: float = THINK_S
    app: str = "wsgi:app"


@dataclass(frozen=True, kw_only=True)
class Taught:
    """What a lesson came to."""

    reviews: int
    answers: int
    labs: int
    lost: Sequence[str]
    of_others: Sequence[str]
    wrong: Sequence[str]
    """What was answered otherwise than it must."""
    pages: Sequence[Asked]
    forms: Sequence[Asked]
    away_s: float
    """How long something was away, all kills together."""
    longest_s: float
    """The longest time until anything was answered, kills included."""

    @property
    def said(self) -> str:
        """The figures in words."""
        first = "".join(f"; {one}" for one in [*self.lost[:2], *self.of_others[:2], *self.wrong[:2]])
        return (
            f"{len(self.lost)} lost, {len(self.of_others)} of others seen, {len(self.wrong)} wrong of {self.reviews} "
            f"reviews, {self.answers} answers and {self.labs} labs passed; p95 of {len(self.pages)} pages "
            f"{p95(self.pages):.0f} ms, of {len(self.forms)} forms {p95(self.forms):.0f} ms outside "
            f"{self.away_s:.0f} s of kills; longest wait {self.longest_s:.1f} s{first}"
        )

    @property
    def is_held(self) -> bool:
        """Whether it went as promised, and something of each kind was done."""
        is_clean = not (self.lost or self.of_others or self.wrong)
        is_fast = max(p95(self.pages), p95(self.forms)) < PAGE_MS
        return is_clean and is_fast and min(self.reviews, self.answers, self.labs) > 0


def run(scale: Scale) -> Promise:
    """Try it on an engine, a PostgreSQL and products of its own, which are removed afterwards."""
    if missing := why_not():
        return not_run(NAME, aim=AIM, missing=missing)
    course = Course(seconds=scale.of(short=60, full=600), kills=scale.count(short=len(KILLS), full=24))
    weakly = Course(seconds=40, kills=2, pupils=12, think_s=0.1, app="trust.weak.one_for_all:app")
    with engine_with_image() as (engine, place, home):
        found = taught(engine, place, home / "own", course)
        weak = taught(engine, place, home / "weak", weakly, events=KILLS[:1])
    return Promise(
        name=NAME,
        done=f"{course.pupils} learners for {course.seconds:.0f} s, with {HOSTS_MAX} hosts at most; "
        f"{course.kills} kills of {', '.join(ONE_EACH)} in turn",
        seen=found.said,
        aim=AIM,
        held=found.is_held,
        control=Control(
            weakness="a page of one is shown to others, ratings are stored late, pages wait",
            seen=f"{len(weak.lost)} lost, {len(weak.of_others)} of others seen, p95 {p95(weak.pages):.0f} ms",
            failed=bool(weak.lost) and bool(weak.of_others) and p95(weak.pages) >= PAGE_MS,
        ),
    )


def taught(
    engine: EngineProcess, place: Place, folder: Path, course: Course, *, events: Sequence[Event] = KILLS
) -> Taught:
    """Hold a lesson on a new product of this engine, and look at what is stored then."""
    limits = {"QUIZAPP_MAX_SANDBOXES": str(HOSTS_MAX)}
    with (
        mock.patch.dict("os.environ", limits),
        postgresql() as server,
        stricken(engine, place, folder, app=course.app, database=server) as running,
    ):
        pupils = _pupils(server.url, running.installation.address, course)
        with _at_work(pupils):
            away = _killed(running, events, course)
        lost = list(_lost(server.url, pupils))
    asked = [each for one in pupils for each in one.person.asked if not _is_of_kill(each, away)]
    own = [each for each in asked if not each.path.endswith(OF_HOSTS)]
    return Taught(
        reviews=sum(one.reviewing.done for one in pupils),
        answers=sum(one.quizzed.done for one in pupils),
        labs=sum(one.labs.done for one in pupils),
        lost=lost,
        of_others=[said for one in pupils for said in one.person.of_others],
        wrong=[said for one in pupils for said in one.wrong],
        pages=[each for each in own if each.is_page],
        forms=[each for each in own if not each.is_page],
        away_s=sum(until - since for since, until in away),
        longest_s=max(one.person.longest_s for one in pupils),
    )


def p95(asked: Sequence[Asked]) -> float:
    """The 95th percentile of the time until an answer, in milliseconds."""
    return p95_ms([each.ended - each.began for each in asked]) if len(asked) > 1 else 0.0


def _pupils(database_url: str, address: str, course: Course) -> Sequence[Pupil]:
    engine, names = create_engine_for(database_url), [f"pupil-{uuid4().hex}" for _ in range(course.pupils)]
    with Session(engine) as db:
        add_choices(db)
        learners = [learner_with_cards(db, address, number, name=name) for number, name in enumerate(names)]
        db.commit()
    engine.dispose()
    pupils = [
        Pupil(Watched(one.link, name), one.cards, think_s=course.think_s, chance=random.Random(SEED + number))
        for number, (one, name) in enumerate(zip(learners, names, strict=True))
    ]
    for one, neighbour in zip(pupils, [*pupils[1:], pupils[0]], strict=True):
        one.neighbour = neighbour
    return pupils


@contextmanager
def _at_work(pupils: Sequence[Pupil]) -> Iterator[None]:
    """Let them work while the block runs."""
    ended = threading.Event()
    with ThreadPoolExecutor(len(pupils)) as pool:
        works = [pool.submit(one.work, ended) for one in pupils]
        try:
            yield
        finally:
            ended.set()
        for work in works:
            work.result()


def _killed(running: Stricken, events: Sequence[Event], course: Course) -> Sequence[tuple[float, float]]:
    """Kill the services in turn, evenly over the lesson. When something was away, in seconds of the monotonic clock."""
    began, away = time.monotonic(), list[tuple[float, float]]()
    for number in range(course.kills):
        _wait_until(began + course.seconds * (number + 0.5) / course.kills)
        event, since = events[number % len(events)], time.monotonic()
        running.strike(event)
        running.mend(event)
        away.append((since, time.monotonic()))
        print(f"{event.said}: back after {away[-1][1] - since:.1f} s", file=sys.stderr)
    _wait_until(began + course.seconds)
    return away


def _wait_until(moment: float) -> None:
    time.sleep(max(moment - time.monotonic(), 0.0))


def _is_of_kill(asked: Asked, away: Sequence[tuple[float, float]]) -> bool:
    """Whether something was sent in the seconds of a kill, or just before and was not answered in time."""
    return any(since - BEFORE_S < asked.began < until + AFTER_S and asked.ended > since for since, until in away)


def _lost(database_url: str, pupils: Sequence[Pupil]) -> Iterator[str]:
    engine = create_engine_for(database_url, must_exist=True)
    with Session(engine) as db:
        yield from stored.faults_of_reviews(db, [one.reviewing for one in pupils])
        yield from stored.lost_answers(db, [one.quizzed for one in pupils])
        yield from stored.lost_runs(db, [one.labs for one in pupils])
    engine.dispose()
