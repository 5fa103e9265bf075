"""The figures of a learner's study days, counted anew from the log. `service` keeps them with each review and undo."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, delete, func, insert, select
from sqlalchemy.orm import Session

from quizapp.review import due_loads
from quizapp.review.log.counted_log import APPLIED, COUNTS, KNOWN, MATURE, PASSED
from quizapp.review.memory import Phase
from quizapp.review.models import DayTally, ReviewLog
from quizapp.study_day import StudyDay


@dataclass(frozen=True, kw_only=True)
class CountedFrom:
    """From when on to count anew. `at` must not be after any review of these study days; an index finds them by it."""

    day: StudyDay
    at: datetime


def recount(db: Session, *, user_id: UUID, since: CountedFrom | None = None) -> None:
    """Count study days of a learner anew, all or the last; by the rules of `rating.figures_of` and `undoing.undo`.

    Also the cards of the days to come.
    """
    db.flush()
    tallies, reviews = [DayTally.user_id == user_id], [ReviewLog.user_id == user_id]
    if since is not None:
        tallies.append(DayTally.day >= since.day)
        reviews += [ReviewLog.day >= since.day, ReviewLog.reviewed_at >= since.at]
    db.execute(delete(DayTally).where(*tallies))
    counted = {
        "reviews": COUNTS,
        "introduced": APPLIED & (ReviewLog.phase_before == Phase.NEW),
        "known": KNOWN,
        "passed": KNOWN & PASSED,
        "mature": MATURE,
        "mature_passed": MATURE & PASSED,
        "timed": ReviewLog.taken_ms.is_not(None),
    }
    figures = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in counted.values()]
    log = (
        select(ReviewLog.user_id, ReviewLog.day, *figures, func.coalesce(func.sum(ReviewLog.taken_ms), 0))
        .where(*reviews)
        .group_by(ReviewLog.user_id, ReviewLog.day)
    )
    db.execute(insert(DayTally).from_select(["user_id", "day", *counted, "taken_ms"], log))
    due_loads.recount(db, user_id=user_id)
