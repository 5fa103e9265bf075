"""Rates the card of a lab's question by a finished run. Asks no sandbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.confidence import Confidence
from quizapp.labs.judging.grading import Grade
from quizapp.labs.runs import predictions, service
from quizapp.labs.runs.models import LabRun
from quizapp.labs.runs.ticket import RunTicket
from quizapp.review import service as review
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewSource
from quizapp.review.rating import Rated
from quizapp.verdicts import Verdict

MS = 1000
FAST = 0.5  # of the lab's estimate: a learner who needs less had nothing to look up


@dataclass(frozen=True, kw_only=True)
class InCard:
    """That a run was done in its card on the review page: its rating is one of that page's, and can be undone."""

    taken_ms: int | None
    """Milliseconds from seeing the card; None if no script measured them."""
    spares_siblings: bool
    """Whether the card was one of a sitting over chosen cards; see `review.rating.Review`."""


def record(
    db: Session,
    *,
    user: User,
    ticket: RunTicket,
    grade: Grade,
    typed: str,
    now: datetime,
    in_review: InCard | None = None,
) -> Rated | None:
    """Record a grade of a run, and rate the lab's question if the run passed. The caller commits."""
    run = service.record_check(db, ticket, grade, typed=typed, now=now)
    return count(db, user=user, run=run, now=now, in_review=in_review)


def count(db: Session, *, user: User, run: LabRun, now: datetime, in_review: InCard | None = None) -> Rated | None:
    """Rate the lab's question by a run, if `rating_for` gives a rating. A second call for the run changes nothing.

    A sure prediction that did not come true brings the card before others that are due. The run counts even if the lab
    was retired after the run began: it may be restored, and is not asked until then.
    """
    if run.tried is not None:
        return None  # an editor has tried a draft
    took = None if run.ready_at is None or run.finished_at is None else run.finished_at - run.ready_at
    rating = rating_for(
        run.verdict,
        checks=run.checks_run,
        hints=run.hints_used,
        solution_shown=run.solution_shown,
        took=took,
        minutes=run.lab.minutes,
    )
    if rating is None:
        return None
    taken_ms = None if took is None else round(took.total_seconds() * MS)
    rated = review.rate_question(
        db,
        user=user,
        question_id=run.lab.question_id,
        review_id=run.id,
        rating=rating,
        source=ReviewSource.SANDBOX if in_review is None else ReviewSource.REVIEW,
        now=now,
        taken_ms=taken_ms if in_review is None else in_review.taken_ms,
        is_begun=True,
        spares_siblings=in_review is not None and in_review.spares_siblings,
    )
    if run.finished_at is not None and _was_surprised(run):
        review.misjudge(db, user=user, question_id=run.lab.question_id, at=run.finished_at)
    return rated


def _was_surprised(run: LabRun) -> bool:
    """Whether the learner was sure of their predictions, and one of them did not come true."""
    if run.confidence is not Confidence.SURE or run.predictions is None or run.happened is None:
        return False
    asked = service.definition_of(run).predict
    return any(each.agrees is False for each in predictions.compare(asked, run.predictions, run.happened))


def rating_for(
    verdict: Verdict | None,
    *,
    checks: int,
    hints: int,
    solution_shown: bool,
    took: timedelta | None,
    minutes: int,
) -> Rating | None:
    """The rating for a run of a lab; None while the run is not passed and its solution not shown.

    `checks` is the number of checks that ended in pass or fail, the last one included. `took` is the time from when the
    task could begin; None if the run had no host. `minutes` is the lab's estimate. Could-not-check never counts. A fail
    does not count yet, since the next check may pass.
    """
    if solution_shown:
        return Rating.AGAIN
    if verdict is not Verdict.PASS:
        return None
    if hints or checks > 1:
        return Rating.HARD
    if took is not None and took < timedelta(minutes=minutes) * FAST:
        return Rating.EASY
    return Rating.GOOD
