"""How many reports wait for an editor. Knows the tables alone, since every page of an editor asks."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.catalogue.remits import edited_by
from quizapp.catalogue.reports.models import ProblemReport, ReportState
from quizapp.catalogue.visibility import Reader


def count_open(db: Session, *, editor: Reader) -> int:
    """How many reports wait for this editor."""
    waiting = select(func.count(ProblemReport.id)).where(ProblemReport.state == ReportState.OPEN)
    if editor.is_limited:
        waiting = waiting.join(ProblemReport.question).where(edited_by(editor))
    return db.scalar(waiting) or 0
