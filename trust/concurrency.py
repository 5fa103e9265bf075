"""Sixteen learners who rate as fast as they can, on two web processes and one SQLite file.

Nobody may be told that the database is locked, and every review that was acknowledged must be in the log, once. The
control is a site whose writers take no turns and whose ratings are sometimes undone after they were answered.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.raters import Learner, killed_often, site
from quizapp.db import create_engine_for
from quizapp.review.models import Outcome, ReviewLog
from trust.person import Person
from trust.promises import Control, Promise, Scale

WRITERS = 16
WORKERS = 2
ENTER_S = 120.0  # for all of them to sign in, on a busy machine


@dataclass(kw_only=True)
class Written:
    """What a run of writers came to."""

    acknowledged: list[UUID] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Answers that were no acknowledgement, each with its status: "locked" is a 503."""
    lost: int = 0
    """Acknowledged, and not in the log."""
    taken_s: list[float] = field(default_factory=list)
    """The seconds until each review was answered."""

    def add(self, other: "Written") -> None:
        """Count another writer's too."""
        self.acknowledged += other.acknowledged
        self.refused += other.refused
        self.taken_s += other.taken_s

    @property
    def said(self) -> str:
        """The figures in words."""
        return f"{len(self.refused)} refused, {self.lost} lost of {len(self.acknowledged)} acknowledged"


def run(scale: Scale) -> Promise:
    """Try it on a site of its own, which is removed afterwards."""
    seconds = scale.of(short=5, full=60)
    found = _written(seconds, app="wsgi:app")
    weak = _written(scale.of(short=4, full=10), app="trust.weak.no_turns:app")
    return Promise(
        name="concurrency",
        done=f"{WRITERS} learners rated for {seconds:g} s on {WORKERS} processes",
        seen=found.said + "".join(f"; {said}" for said in found.refused[:2]),
        aim="0 refused, 0 lost",
        held=not found.refused and not found.lost and bool(found.acknowledged),
        control=Control(
            weakness="writers take no turns, every 8th commit is undone",
            seen=weak.said,
            failed=bool(weak.refused) and weak.lost > 0,
        ),
    )


def _written(seconds: float, *, app: str) -> Written:
    with site(partial(killed_often, workers=WORKERS, app=app)) as running:
        learners = running.learners(WRITERS)
        written = Written()
        until = threading.Event()
        entered = threading.Barrier(WRITERS + 1, timeout=ENTER_S)  # to sign in takes longer than to rate
        with ThreadPoolExecutor(WRITERS) as pool:
            parts = [pool.submit(rate, learner, until, entered=entered.wait) for learner in learners]
            entered.wait()
            time.sleep(seconds)
            until.set()
            for part in parts:
                written.add(part.result())
        written.lost = lost(running.database_url, written.acknowledged)
    return written


def rate(
    learner: Learner, until: threading.Event, *, pause_s: float = 0.0, entered: Callable[[], object] = bool
) -> Written:
    """Rate the learner's cards in turn, from when `entered`, called once signed in, has returned.

    What was refused is not sent again, so that each refusal counts.
    """
    person, written = Person(learner.link), Written()
    entered()
    versions = dict.fromkeys(learner.cards, 0)
    while not until.wait(pause_s):
        card = min(versions, key=lambda each: versions[each])
        form = {"card": card, "review_id": (sent := uuid4()), "rating": 3, "version": versions[card], "taken_ms": 900}
        answer = person.post("/review", form, json=True)
        written.taken_s.append(answer.taken_s)
        if answer.status == 200 and '"outcome":"applied"' in answer.text:
            written.acknowledged.append(sent)
            versions[card] += 1
        else:
            written.refused.append(f"{answer.status}: {answer.text[:120]}")
            versions[card] = _version(person, learner.cards, card, versions[card])
    person.close()
    return written


def _version(person: Person, cards: Sequence[UUID], card: UUID, believed: int) -> int:
    """What the card's version is now, as its page says it: a refusal may have come after the change, or before."""
    page = person.get(f"/review?card={card}").text
    _, _, after = page.partition('name="version" value="')
    number = after.partition('"')[0]
    return int(number) if number.isdigit() else believed


def lost(database_url: str, acknowledged: Sequence[UUID]) -> int:
    """How many of these reviews the log has not."""
    engine = create_engine_for(database_url, must_exist=True)
    with Session(engine) as db:
        logged = set(db.scalars(select(ReviewLog.id).where(ReviewLog.outcome == Outcome.APPLIED)))
    engine.dispose()
    return len(set(acknowledged) - logged)
