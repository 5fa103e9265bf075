"""What a learner predicted in labs, beside what happened. Reads only; asks no sandbox."""

from collections.abc import Collection, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.labs.lab_format import Prediction
from quizapp.catalogue.models import Lab
from quizapp.labs.runs import service
from quizapp.labs.runs.calibration import Foretold
from quizapp.labs.runs.models import COUNTS, LabRun
from quizapp.labs.runs.predictions import came_true


def foretold(
    db: Session, *, user_id: UUID, zone: str, question_ids: Collection[int] | None = None
) -> Sequence[Foretold]:
    """The predictions of the runs that the learner passed, the newest first; days are those of `zone`, an IANA name.

    Those that nothing became of are left out. With `question_ids` only those of the labs that have these questions.
    """
    passed = select(LabRun).where(LabRun.user_id == user_id, LabRun.happened.is_not(None), COUNTS)
    labs = select(Lab).where(Lab.id.in_(passed.with_only_columns(LabRun.lab_id)))
    if question_ids is not None:
        labs = labs.where(Lab.question_id.in_(question_ids))
    found = {lab.id: lab for lab in db.scalars(labs)}  # each definition is read once, however often the lab was done
    runs = passed.where(LabRun.lab_id.in_(found)).order_by(LabRun.finished_at.desc(), LabRun.id)
    return tuple(
        told
        for run in db.scalars(runs)
        for prediction in service.definition_of(run).predict
        if prediction.name in (run.predictions or {})  # the author may have added a prediction after the run
        and (told := _foretold(run, prediction, ZoneInfo(zone)))
    )


def _foretold(run: LabRun, prediction: Prediction, zone: ZoneInfo) -> Foretold | None:
    predicted, happened = ((found or {}).get(prediction.name, "") for found in (run.predictions, run.happened))
    is_true = came_true(prediction, predicted, happened)
    if is_true is None:
        return None
    return Foretold(
        run_id=run.id,
        lab=run.lab.title,
        question_id=run.lab.question_id,
        day=(run.finished_at or run.started_at).astimezone(zone).date(),
        label=prediction.label,
        predicted=predicted,
        happened=happened,
        came_true=is_true,
        confidence=run.confidence,
    )
