"""A run's timeline, shown one moment at a time. Knows no page and no sandbox."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from quizapp.catalogue.labs.lab_parts import NetworkDetail
from quizapp.labs.runs import queries, service, timeline
from quizapp.labs.runs.models import LabRun
from quizapp.labs.runs.timeline import Moment
from quizapp.verdicts import Verdict


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A run at one moment of its timeline."""

    run_id: UUID
    title: str
    """The lab's title."""
    started_at: datetime
    moments: Sequence[Moment]
    step: int
    """The number of the moment, from 1; 0 for a run without moments."""
    reference: str
    """The lab's first solution, as shell; empty as long as the run could still be passed without having seen it."""
    hidden: Collection[NetworkDetail]
    """What the pictures of the networks are to leave out."""
    link: str | None
    """The random part of the address at which anybody may read this; None if there is none."""

    @property
    def now(self) -> Moment | None:
        """The moment of this step; None for a run without moments."""
        return self.moments[self.step - 1] if self.moments else None

    def after(self, moment: Moment) -> str:
        """The time from the run's beginning to `moment` in minutes and seconds, such as `4:05`."""
        minutes, seconds = divmod(max(0, int((moment.at - self.started_at).total_seconds())), 60)
        return f"{minutes}:{seconds:02}"


def replay(db: Session, *, user_id: UUID, run_id: UUID, step: int) -> Replay:
    """The learner's own run at `step`, or at the nearest step that exists. Raises NotFound for anybody else's run."""
    return replay_of(db, service.run_of(db, user_id=user_id, run_id=run_id), step=step)


def replay_of(db: Session, run: LabRun, *, step: int) -> Replay:
    """This run at `step`, or at the nearest step that exists."""
    ticket = service.ticket_of(db, user_id=run.user_id, run_id=run.id)
    moments = timeline.moments(run.events)
    is_seen = run.solution_shown or run.verdict is Verdict.PASS
    return Replay(
        run_id=run.id,
        title=ticket.lab.title,
        started_at=run.started_at,
        moments=moments,
        step=min(max(step, 1), len(moments)),
        reference=queries.shown_solution(ticket.lab.solutions[0]) if is_seen else "",
        hidden=ticket.hidden,
        link=run.link,
    )
