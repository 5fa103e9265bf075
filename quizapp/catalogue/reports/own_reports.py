"""The reports of one learner. Reads only."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Exists, Select, select
from sqlalchemy.orm import Session, contains_eager

from quizapp.catalogue.models import Question
from quizapp.catalogue.reports.models import ProblemReport
from quizapp.catalogue.visibility import Reader

SHOWN_MAX = 50  # of a learner's own reports, the newest: a screen or two


def own_reports(
    db: Session, *, user: Reader, question: Question | None = None, decided_after: datetime | None = None
) -> Sequence[ProblemReport]:
    """The newest SHOWN_MAX reports of a learner, of one question or of all, or those decided after a time."""
    rows = _of(user).join(ProblemReport.question)
    if question is not None:
        rows = rows.where(ProblemReport.question_id == question.id)
    if decided_after is not None:
        rows = rows.where(ProblemReport.decided_at > decided_after)
    rows = rows.options(contains_eager(ProblemReport.question)).order_by(ProblemReport.id.desc())
    return db.scalars(rows.limit(SHOWN_MAX)).all()


def has_decided(*, user: Reader, after: datetime) -> Exists:
    """Whether there are reports of a learner on which an editor has decided after a time."""
    return _of(user).where(ProblemReport.decided_at > after).exists()


def _of(user: Reader) -> Select[ProblemReport]:
    return select(ProblemReport).where(ProblemReport.user_id == user.id)
