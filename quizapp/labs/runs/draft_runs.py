"""Runs of drafts, which editors try as learners would have them. They count for nothing."""

import json
from collections.abc import Mapping
from datetime import datetime
from random import Random
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from quizapp.catalogue.labs import lab_values
from quizapp.catalogue.labs.lab_format import LabDefinition, substitute
from quizapp.catalogue.models import Lab
from quizapp.confidence import Confidence
from quizapp.labs.runs import events, service
from quizapp.labs.runs.models import COUNTS, LabRun
from quizapp.labs.runs.queries import LabTexts, draft_texts


def before_a_draft_run(db: Session, *, user_id: UUID, lab: Lab, draft: LabDefinition) -> LabTexts:
    """The texts of a draft in the values of the editor's next run of it."""
    drawn = _drawn(db, user_id=user_id, lab=lab, draft=draft)
    return draft_texts(lab, LabDefinition.model_validate(substitute(draft.model_dump(mode="json"), drawn)))


def begin_draft_run(
    db: Session,
    *,
    user_id: UUID,
    lab: Lab,
    draft: LabDefinition,
    given: Mapping[str, str],
    confidence: Confidence | None,
    now: datetime,
) -> LabRun:
    """A run of a draft with these predictions; the editor's earlier ones of the lab are left, and their hosts may end.

    Raises `predictions.PredictionMissing` for incomplete ones.
    """
    drawn = _drawn(db, user_id=user_id, lab=lab, draft=draft)
    for before in db.scalars(_of(user_id, lab).where(LabRun.finished_at.is_(None))).all():
        before.finished_at = now
        before.note(events.Closed(), now=now)
    run = LabRun(user_id=user_id, lab=lab, values=drawn, tried=draft.model_dump(mode="json"), started_at=now)
    db.add(run)
    db.flush()
    service.predict(db, run=run, given=given, confidence=confidence, now=now)
    return run


def forget_draft_runs(db: Session, *, lab: Lab) -> None:
    """Delete what editors tried of a lab that is about to be deleted itself. Their hosts end by their lease."""
    db.execute(delete(LabRun).where(LabRun.lab_id == lab.id, ~COUNTS))


def _of(user_id: UUID, lab: Lab) -> Select[LabRun]:
    return select(LabRun).where(LabRun.user_id == user_id, LabRun.lab_id == lab.id, ~COUNTS)


def _drawn(db: Session, *, user_id: UUID, lab: Lab, draft: LabDefinition) -> dict[str, str]:
    """The values of the next run: the same until it begins, so that a page can show them."""
    count = db.scalar(select(func.count()).select_from(_of(user_id, lab).subquery()))
    variables = json.dumps({name: each.model_dump(mode="json") for name, each in draft.vars.items()})
    return lab_values.draw(draft.vars, rng=Random(f"{user_id} {lab.slug} {count} {variables}"))
