"""The link with which a learner lets others read one run's replay. Asks no sandbox."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import NotFound
from quizapp.labs.runs import service
from quizapp.labs.runs.models import LabRun


def make_link(db: Session, *, user_id: UUID, run_id: UUID, link: str) -> None:
    """Let whoever has `link` read the learner's own run. A run that has a link keeps it. Raises NotFound."""
    run = service.locked_own(db, user_id=user_id, run_id=run_id)
    run.link = run.link or link
    db.flush()


def end_link(db: Session, *, user_id: UUID, run_id: UUID) -> None:
    """Take the link of the learner's own run back, if it has one. Raises NotFound."""
    service.locked_own(db, user_id=user_id, run_id=run_id).link = None
    db.flush()


def shared_run(db: Session, *, link: str) -> LabRun:
    """The run that this link lets one read. Raises NotFound."""
    run = db.scalar(select(LabRun).where(LabRun.link == link))
    if run is None:
        raise NotFound("Whoever made this link has taken it back, or it is not whole. Ask them for another one.")
    return run
