"""Runs by their number among the learner's runs of a lab, from 1: a page knows it before the run is opened.

So what is sent twice opens one run, and a page whose run was done elsewhere meanwhile is told.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Lab
from quizapp.errors import Conflict, NotFound
from quizapp.labs.runs import service
from quizapp.labs.runs.models import COUNTS, LabRun


class OtherNumber(Conflict):
    """The learner's runs of the lab are not those any more that the page was drawn with."""

    title = "This lab has gone on elsewhere"

    def __init__(self) -> None:
        super().__init__("You have gone on with this lab elsewhere meanwhile. Here it is as it stands now.")


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """The learner's newest run of a lab."""

    number: int
    """0 without any."""
    run: LabRun | None


def lab_of(db: Session, *, slug: str) -> Lab:
    """The lab with this name, if it is offered. Raises NotFound."""
    lab = db.scalar(select(Lab).where(Lab.slug == slug, Lab.retired_at.is_(None)))
    if lab is None:
        raise NotFound("There is no such lab any more. Go on with the next card.")
    return lab


def newest(db: Session, *, user_id: UUID, lab: Lab) -> Numbered:
    """The learner's newest run of the lab."""
    mine = select(LabRun).where(LabRun.user_id == user_id, LabRun.lab_id == lab.id, COUNTS)
    runs = db.scalars(mine.order_by(LabRun.started_at, LabRun.id)).all()
    return Numbered(number=len(runs), run=runs[-1] if runs else None)


def run_at(db: Session, *, user_id: UUID, lab: Lab, number: int, now: datetime) -> LabRun:
    """The newest run, if that is its number; the next one is opened, and one before it that is open is left.

    Raises OtherNumber for any other number.
    """
    last = newest(db, user_id=user_id, lab=lab)
    if last.run is not None and number == last.number:
        return last.run
    if number != last.number + 1:
        raise OtherNumber
    if last.run is not None and last.run.finished_at is None:
        service.close(db, user_id=user_id, run_id=last.run.id, now=now)
    run = service.open_run(db, user_id=user_id, slug=lab.slug, now=now)
    service.predict_nothing(db, run=run, now=now)
    return run
