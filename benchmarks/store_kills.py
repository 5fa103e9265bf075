"""Kills web servers at random moments while learners rate cards. What was acknowledged must be there, and once.

Two workers and their parent on one SQLite file; eight learners send each review until it is answered. Afterwards the
log must hold every review that was answered, each card must be what its log says, and the file must be in order. The
control does the same to a server that answers before it commits, and must find lost reviews.

QUIZAPP_STORE_KILLS is the number of kills; 2,000 bound the rate of losses below 0.15 %.
"""

import os
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from benchmarks.product import wait_for
from benchmarks.raters import Rater, Site, at_work, killed_often, site
from benchmarks.rows import Row, beside
from quizapp.db import create_engine_for
from quizapp.review import service
from quizapp.review.models import Card, Outcome, ReviewLog

KILLS, USUAL_KILLS = "QUIZAPP_STORE_KILLS", 2_000
CONTROL_KILLS = 60
LEARNERS = 8
BETWEEN = 4  # acknowledged reviews between two kills
MOMENT_S = 0.1  # after those, at most: a few times as long as a review takes
WHOLE = 0.03  # of the kills hit the parent and all workers; loading the product then takes seconds
SEED = 1


@dataclass(frozen=True, kw_only=True)
class Damage:
    """What a run has done. All but `acknowledged` should be 0."""

    acknowledged: int
    lost: int
    """Acknowledged, and not in the log."""
    wrong: int
    """Answers that should not be, cards that are not what their log says, and faults of the file."""


def run() -> list[Row]:
    """Measure on sites of their own, which are removed afterwards."""
    kills = int(os.environ.get(KILLS, USUAL_KILLS))
    found = _killed(kills, app="wsgi:app")
    control = _killed(CONTROL_KILLS, app="benchmarks.store_control:app")
    assert control.lost > 0, "the control lost nothing, so this benchmark would not notice a loss"
    said = f"of {found.acknowledged} acknowledged reviews; the control lost {control.lost} of {control.acknowledged}"
    return [
        beside("store-kills-lost", value=found.lost, baseline=kills, unit="reviews", note=said),
        beside("store-kills-wrong", value=found.wrong, baseline=kills, unit="faults"),
    ]


def _killed(kills: int, *, app: str) -> Damage:
    chance = random.Random(SEED)
    with site(partial(killed_often, workers=2, app=app)) as running:
        raters = [Rater(learner, running.installation.address, pause_s=0.0) for learner in running.learners(LEARNERS)]
        with at_work(raters):
            for number in range(1, kills + 1):
                count = _after_some_more(raters)
                time.sleep(chance.uniform(0.0, MOMENT_S))
                running.strike(chance, whole=WHOLE)
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
    engine = create_engine_for(f"sqlite:///{running.database}", must_exist=True)
    acknowledged = {review_id for rater in raters for review_id in rater.acknowledged}
    wrong = [said for rater in raters for said in rater.refused]
    with Session(engine) as db:
        logged = set(db.scalars(select(ReviewLog.id).where(ReviewLog.outcome == Outcome.APPLIED)))
        wrong += [f"card {card.id} is not what its log says" for card in db.scalars(select(Card)) if _differs(db, card)]
        wrong += [said for said in db.scalars(text("PRAGMA integrity_check")) if said != "ok"]
    engine.dispose()
    for said in wrong[:20]:
        print(f"  wrong: {said}", file=sys.stderr)
    return Damage(acknowledged=len(acknowledged), lost=len(acknowledged - logged), wrong=len(wrong))


def _differs(db: Session, card: Card) -> bool:
    """Whether a card's state is another one than what its log leads to. Leaves the card as its log says."""
    before = (card.memory, card.due_day, card.due_at)
    service.rebuild(db, card)
    return before != (card.memory, card.due_day, card.due_at)
