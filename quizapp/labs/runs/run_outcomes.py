"""What became of a learner's runs of some labs. Reads only; asks no sandbox."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Lab
from quizapp.labs.runs.models import COUNTS, LabRun
from quizapp.verdicts import Verdict

RUNS_SHOWN = 50  # the newest; more would be no list to read


class RunState(StrEnum):
    """What became of a run."""

    OPEN = "open"
    PASSED = "passed"
    SHOWN = "solution shown"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True)
class PastRun:
    """A run in a list."""

    id: UUID
    lab: str
    """The lab's title."""
    began: datetime
    state: RunState


def runs_of(db: Session, *, user_id: UUID, question_ids: Collection[int]) -> Sequence[PastRun]:
    """The learner's runs of the labs that have these questions, the newest RUNS_SHOWN, the newest first."""
    runs = (
        select(LabRun.id, Lab.title, LabRun.started_at, LabRun.finished_at, LabRun.verdict, LabRun.solution_shown)
        .join(Lab, Lab.id == LabRun.lab_id)
        .where(LabRun.user_id == user_id, Lab.question_id.in_(question_ids), COUNTS)
        .order_by(LabRun.started_at.desc(), LabRun.id)
        .limit(RUNS_SHOWN)
    )
    return [
        PastRun(id=id, lab=title, began=began, state=_state(finished, verdict, shown))
        for id, title, began, finished, verdict, shown in db.execute(runs)
    ]


def _state(finished: datetime | None, verdict: Verdict | None, solution_shown: bool) -> RunState:
    if finished is None:
        return RunState.OPEN
    if solution_shown:
        return RunState.SHOWN
    return RunState.PASSED if verdict is Verdict.PASS else RunState.LEFT
