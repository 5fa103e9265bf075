"""The labs that a learner has begun and not ended, for pages that need nothing else of labs. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.articles.lab_links import ADDRESS
from quizapp.catalogue.models import Lab
from quizapp.labs.runs.models import COUNTS, LabRun

BEGUN_MAX = 20  # one lab at a time has a host; whoever begins more loses count before that


@dataclass(frozen=True, kw_only=True)
class BegunLab:
    """A lab that the learner has begun and not ended."""

    slug: str
    address: str
    """What stands in its address."""
    title: str


def begun_labs(db: Session, *, user_id: UUID) -> Sequence[BegunLab]:
    """The labs of which the learner has an open run, the newest run first, at most BEGUN_MAX."""
    rows = db.execute(
        select(Lab.slug, ADDRESS, Lab.title)
        .join(LabRun, LabRun.lab_id == Lab.id)
        .where(LabRun.user_id == user_id, LabRun.finished_at.is_(None), COUNTS)
        .order_by(LabRun.started_at.desc(), LabRun.id)
        .limit(BEGUN_MAX)
    )
    return [BegunLab(slug=slug, address=address, title=title) for slug, address, title in rows]
