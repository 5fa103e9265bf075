"""Two tabs of one learner that rate one card at the same moment, thousands of times.

In one half of the pairs both send a review of their own: one is applied and the other kept as stale. In the other half
both send the same review, as a browser does that heard no answer: both are told that it counts, and it counts once. The
control is a site that asks neither which version of a card a tab has shown nor for a review's own id.
"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.raters import Learner, Site, killed_often, site
from quizapp.db import create_engine_for
from quizapp.review.models import Outcome, ReviewLog
from trust.person import Answer, Person
from trust.promises import Control, Promise, Scale

LEARNERS = 4
TABS = 2
WORKERS = 2


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """What pairs of tabs came to."""

    tried: int
    wrong: Sequence[str]
    """A line for each pair that came out otherwise than it must."""


def run(scale: Scale) -> Promise:
    """Try it on a site of its own, which is removed afterwards."""
    pairs = scale.count(short=200, full=10_000)
    found = _tried(pairs, app="wsgi:app")
    weak = _tried(scale.count(short=40, full=200), app="trust.weak.no_versions:app")
    first = "; ".join(found.wrong[:2])
    return Promise(
        name="two-tabs",
        done=f"{found.tried} pairs of tabs sent two reviews of one card, {found.tried} one review twice",
        seen=f"{len(found.wrong)} pairs came out wrong{': ' * bool(first)}{first}",
        aim="each time one applied and one stale, or one review counted once",
        held=not found.wrong and found.tried >= pairs,
        control=Control(
            weakness="versions of cards and ids of reviews are not looked at",
            seen=f"{len(weak.wrong)} of {2 * weak.tried} pairs came out wrong",
            failed=len(weak.wrong) > weak.tried,
        ),
    )


def _tried(pairs: int, *, app: str) -> Pairs:
    with site(partial(killed_often, workers=WORKERS, app=app)) as running:
        each = -(-pairs // LEARNERS)
        with ThreadPoolExecutor(LEARNERS) as pool:
            parts = list(pool.map(lambda learner: _of_learner(learner, each), running.learners(LEARNERS)))
        sent_twice = [review for twice, _ in parts for review in twice]
        wrong = [said for _, wrongs in parts for said in wrongs] + _not_once(running, sent_twice)
    return Pairs(tried=each * LEARNERS, wrong=wrong)


def _of_learner(learner: Learner, pairs: int) -> tuple[list[UUID], list[str]]:
    """So many pairs of each sort: the reviews that were sent twice, and what was wrong."""
    # A link works once: the second tab has the first one's cookie, as in a browser.
    first = Person(learner.link)
    tabs = [first, first.another_tab()]
    versions = Counter[UUID]()
    twice: list[UUID] = []
    wrong: list[str] = []
    with ThreadPoolExecutor(TABS) as pool:
        for number in range(pairs):
            card = learner.cards[number % len(learner.cards)]
            said = _pair(pool, tabs, card, versions[card], [uuid4(), uuid4()])
            if sorted(map(_outcome, said)) != ["applied", "stale"]:
                wrong.append(f"two reviews: {[_outcome(one) for one in said]}")
            versions[card] += 1
            twice.append(again := uuid4())
            said = _pair(pool, tabs, card, versions[card], [again, again])
            if [_outcome(one) for one in said] != ["applied", "applied"]:
                wrong.append(f"one review twice: {[_outcome(one) for one in said]}")
            versions[card] += 1
    for tab in tabs:
        tab.close()
    return twice, wrong


def _pair(
    pool: ThreadPoolExecutor, tabs: Sequence[Person], card: UUID, version: int, reviews: Sequence[UUID]
) -> list[Answer]:
    """What both tabs are told that rate the card, shown at this version, at once."""
    sent: list[Future[Answer]] = []
    for tab, review in zip(tabs, reviews, strict=True):
        form = {"card": card, "review_id": review, "rating": 3, "version": version, "taken_ms": 900}
        sent.append(pool.submit(tab.post, "/review", form, json=True))
    return [one.result() for one in sent]


def _outcome(answer: Answer) -> str:
    for outcome in ("applied", "stale"):
        if answer.status == 200 and f'"outcome":"{outcome}"' in answer.text:
            return outcome
    return f"{answer.status}: {answer.text[:80]}"


def _not_once(running: Site, reviews: Sequence[UUID]) -> list[str]:
    """A line for each review sent twice that the log has not, and one for reviews that nobody sent."""
    engine = create_engine_for(running.database_url, must_exist=True)
    with Session(engine) as db:
        logged = set(db.scalars(select(ReviewLog.id)))
        applied = db.scalar(select(func.count()).where(ReviewLog.outcome == Outcome.APPLIED)) or 0
    engine.dispose()
    missing = [f"{review} is not in the log" for review in reviews if review not in logged]
    # Of each pair of both sorts one review is applied.
    return missing + ["more reviews were applied than pairs were sent"] * (applied - 2 * len(reviews))
