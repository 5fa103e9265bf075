"""Kills web servers at random moments while learners rate cards. What was acknowledged must be there, and once.

Two workers and their parent on one SQLite file; eight learners send each review until it is answered. Afterwards the
log must hold every review that was answered, each card must be what its log says, and the file must be in order. The
control does the same to a server that answers before it commits, and must find lost reviews. On PostgreSQL its main
process and those that serve connections are killed too.

QUIZAPP_STORE_KILLS is the number of kills on SQLite, a quarter of it that on PostgreSQL; 2,000 bound the rate of losses
below 0.15 %. QUIZAPP_STORE_KILLS_SEED is the seed of the random choices.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from benchmarks.postgresql import postgresql
from benchmarks.product import wait_for
from benchmarks.raters import Rater, Site, at_work, killed_often, site
from benchmarks.rows import Row, beside
from quizapp.db import create_engine_for
from quizapp.review.log import replay
from quizapp.review.models import Card, Outcome, ReviewLog

KILLS, USUAL_KILLS = "QUIZAPP_STORE_KILLS", 2_000
ON_POSTGRESQL = 4  # kills on SQLite for each one there
SEED, USUAL_SEED = "QUIZAPP_STORE_KILLS_SEED", 1
CONTROL_KILLS = 60
LEARNERS = 8
BETWEEN = 4  # acknowledged reviews between two kills
MOMENT_S = 0.1  # after those, at most: a few times as long as a review takes
DATABASE = 0.3  # of the kills on PostgreSQL hit a process of the database


@dataclass(frozen=True, kw_only=True)
class Damage:
    """What a run has done. All but `acknowledged` should be 0."""

    acknowledged: int
    lost: int
    """Acknowledged, and not in the log."""
    wrong: int
    """Answers that should not be, cards that are not what their log says, and faults of the file."""


def run() -> list[Row]:
    """Measure on SQLite, on a site of its own, which is removed afterwards."""
    kills = int(os.environ.get(KILLS, USUAL_KILLS))
    with site(partial(killed_often, workers=2)) as running:
        found = _killed(running, kills, running.strike_web)
    control = _control()
    assert control.lost > 0, "the control lost nothing, so this benchmark would not notice a loss"
    said = f"of {found.acknowledged} acknowledged reviews; the control lost {control.lost} of {control.acknowledged}"
    return _rows("store-kills", kills, found, said)


def run_on_postgresql() -> list[Row]:
    """Measure on PostgreSQL, on a server of its own, which is removed afterwards."""
    kills = max(1, int(os.environ.get(KILLS, USUAL_KILLS)) // ON_POSTGRESQL)
    with postgresql() as server, site(partial(killed_often, workers=2), database_url=server.url) as running:

        def strike(chance: random.Random) -> None:
            (server.strike if chance.random() < DATABASE else running.strike_web)(chance)

        found = _killed(running, kills, strike)
    said = f"of {found.acknowledged} acknowledged reviews; {server.struck} of the kills hit the database"
    return _rows("store-kills-postgresql", kills, found, said)


def _rows(name: str, kills: int, found: Damage, said: str) -> list[Row]:
    return [
        beside(f"{name}-lost", value=found.lost, baseline=kills, unit="reviews", note=said),
        beside(f"{name}-wrong", value=found.wrong, baseline=kills, unit="faults"),
    ]


def _control() -> Damage:
    with site(partial(killed_often, workers=2, app="benchmarks.store_control:app")) as running:
        return _killed(running, CONTROL_KILLS, running.strike_web)


def _killed(running: Site, kills: int, strike: Callable[[random.Random], None]) -> Damage:
    chance = random.Random(int(os.environ.get(SEED, USUAL_SEED)))
    raters = [Rater(learner, running.installation.address, pause_s=0.0) for learner in running.learners(LEARNERS)]
    with at_work(raters):
        for number in range(1, kills + 1):
            count = _after_some_more(raters)
            time.sleep(chance.uniform(0.0, MOMENT_S))
            strike(chance)
            if number % 100 == 0:
                print(f"  {number} kills, {count} reviews", file=sys.stderr, flush=True)
        running.wait()
    running.server.end()
    return _damage(running, raters)


def _after_some_more(raters: Sequence[Rater]) -> int:
    """Wait until BETWEEN more reviews are acknowledged, however slow the machine is; how many there are then."""
    before = sum(len(rater.acknowledged) for rater in raters)
    wait_for(lambda: sum(len(rater.acknowledged) for rater in raters) >= before + BETWEEN, "reviews go on")
    return before + BETWEEN


def _damage(running: Site, raters: Sequence[Rater]) -> Damage:
    engine = create_engine_for(running.database_url, must_exist=True)
    acknowledged = {review_id for rater in raters for review_id in rater.acknowledged}
    wrong = [said for rater in raters for said in rater.refused]
    with Session(engine) as db:
        logged = set(db.scalars(select(ReviewLog.id).where(ReviewLog.outcome == Outcome.APPLIED)))
        wrong += [f"card {card.id} is not what its log says" for card in db.scalars(select(Card)) if _differs(db, card)]
        if engine.dialect.name == "sqlite":
            wrong += [said for said in db.scalars(text("PRAGMA integrity_check")) if said != "ok"]
    engine.dispose()
    for said in wrong[:20]:
        print(f"  wrong: {said}", file=sys.stderr)
    return Damage(acknowledged=len(acknowledged), lost=len(acknowledged - logged), wrong=len(wrong))


def _differs(db: Session, card: Card) -> bool:
    """Whether a card's state is another one than what its log leads to. Leaves the card as its log says."""
    before = (card.memory, card.due_day, card.due_at)
    replay.rebuild(db, card)
    return before != (card.memory, card.due_day, card.due_at)
