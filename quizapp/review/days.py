"""The figures of a learner's study days, counted anew from the log. `service` keeps them with each review and undo."""

from uuid import UUID

from sqlalchemy import case, delete, func, insert, select
from sqlalchemy.orm import Session

from quizapp.review.memory import Phase, Rating
from quizapp.review.models import DayTally, Outcome, ReviewLog


def recount(db: Session, *, user_id: UUID) -> None:
    """Count all study days of a learner anew; by the same rules as `ReviewLog.figures` and `service.undo`."""
    db.flush()
    db.execute(delete(DayTally).where(DayTally.user_id == user_id))
    applied = ReviewLog.outcome == Outcome.APPLIED
    known = applied & (ReviewLog.phase_before == Phase.REVIEW) & (ReviewLog.retrievability_before < 1)
    counted = {
        "reviews": ReviewLog.outcome != Outcome.UNDONE,
        "introduced": applied & (ReviewLog.phase_before == Phase.NEW),
        "known": known,
        "passed": known & (ReviewLog.rating != Rating.AGAIN),
        "timed": ReviewLog.taken_ms.is_not(None),
    }
    figures = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in counted.values()]
    log = (
        select(ReviewLog.user_id, ReviewLog.day, *figures, func.coalesce(func.sum(ReviewLog.taken_ms), 0))
        .where(ReviewLog.user_id == user_id)
        .group_by(ReviewLog.user_id, ReviewLog.day)
    )
    db.execute(insert(DayTally).from_select(["user_id", "day", *counted, "taken_ms"], log))
