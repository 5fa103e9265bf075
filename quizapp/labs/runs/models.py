"""A run of a lab and its timeline."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.catalogue.models import Lab
from quizapp.confidence import Confidence
from quizapp.db import Base, UtcDateTime, enum_column
from quizapp.labs.runs import events
from quizapp.labs.runs.events import EventData, EventKind
from quizapp.verdicts import Verdict


class LabRun(Base):
    """One learner's go at one lab. `values` are the lab's variables as drawn for this run.

    The run outlives its sandbox: whatever happens to that, predictions, checks and the verdict stay. It is open until
    it is passed, the solution is shown or the learner leaves it for a new one; a learner has at most one open run of a
    lab, and a sandbox serves at most one run.
    """

    __tablename__ = "lab_run"
    __table_args__ = (
        Index(
            "uq_lab_run_open",
            "user_id",
            "lab_id",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    lab_id: Mapped[int] = mapped_column(ForeignKey("lab.id"), index=True)
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    predictions: Mapped[dict[str, str] | None] = mapped_column(JSON)
    confidence: Mapped[Confidence | None] = mapped_column(enum_column(Confidence, name="confidence"))
    """How sure the learner was of the predictions, if they said so."""
    happened: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """What the sandbox showed for each prediction when the lab was passed."""
    sandbox_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    """The sandbox that serves it, or the one that did until its end was noticed."""
    hints_used: Mapped[int] = mapped_column(default=0)
    checks_run: Mapped[int] = mapped_column(default=0)
    """Checks that ended in pass or fail; one that could not be made is not a try."""
    verdict: Mapped[Verdict | None] = mapped_column(enum_column(Verdict, name="verdict"))
    solution_shown: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the present sandbox was set up and the task could begin."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lab: Mapped[Lab] = relationship()
    events: Mapped[list["LabEvent"]] = relationship(
        back_populates="lab_run", order_by="LabEvent.sequence", cascade="all, delete-orphan"
    )

    def note(self, data: EventData, *, now: datetime) -> None:
        """Add to the timeline. Whoever calls has the row locked or new, so that the number is free."""
        kind, kept = events.kind_of(data), events.to_json(data)
        self.events.append(LabEvent(sequence=len(self.events) + 1, happened_at=now, kind=kind, kept=kept))


class LabEvent(Base):
    """One entry of a run's timeline: `kept` is `data` as JSON."""

    __tablename__ = "lab_event"
    __table_args__ = (UniqueConstraint("lab_run_id", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lab_run_id: Mapped[UUID] = mapped_column(ForeignKey("lab_run.id", ondelete="CASCADE"))
    sequence: Mapped[int]
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[EventKind] = mapped_column(enum_column(EventKind, name="event_kind"))
    kept: Mapped[dict[str, Any]] = mapped_column("data", JSON, default=dict)
    lab_run: Mapped[LabRun] = relationship(back_populates="events")

    @property
    def data(self) -> EventData:
        """What happened."""
        return events.from_json(self.kind, self.kept)


class LabCommand(Base):
    """A command of a run's command box, and what it printed. Only the last few of a run are kept.

    `exit_code` is None if its time was up; `is_cut` if it printed more than is kept.
    """

    __tablename__ = "lab_command"

    id: Mapped[int] = mapped_column(primary_key=True)
    lab_run_id: Mapped[UUID] = mapped_column(ForeignKey("lab_run.id", ondelete="CASCADE"), index=True)
    command: Mapped[str] = mapped_column(Text)
    output: Mapped[str] = mapped_column(Text)
    exit_code: Mapped[int | None]
    is_cut: Mapped[bool]
    ran_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AcceptedForm(Base):
    """A form of a command that was right, so that the next who gives it need not wait for it to be run.

    `digest` stands for the form and the question that it answers; see `labs.trials.store`.
    """

    __tablename__ = "accepted_form"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
