"""The tables of runs: runs, their timelines, the commands of the command box, accepted forms of commands."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ColumnElement, ForeignKey, String, Text, UniqueConstraint, null
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.catalogue.models import Lab
from quizapp.column_types import UtcDateTime, enum_column
from quizapp.confidence import Confidence
from quizapp.db import Base
from quizapp.dialects import partial_index
from quizapp.labs.runs import events
from quizapp.labs.runs.events import EventData, EventKind
from quizapp.verdicts import Verdict

LINK_CHARS = 43  # 256 bits in base64, so that nobody finds one by trying


class LabRun(Base):
    """One learner's go at one lab.

    When its sandbox ends, the run stays, with its predictions, checks and verdict. A run is open until it is passed,
    its solution is shown, or the learner leaves it for a new one. A learner has at most one open run of a lab that
    counts, and a
    sandbox belongs to at most one run.
    """

    __tablename__ = "lab_run"
    __table_args__ = (
        partial_index(
            "uq_lab_run_open",
            "user_id",
            "lab_id",
            unique=True,
            on_sqlite="finished_at IS NULL AND tried IS NULL",
            on_postgresql="finished_at IS NULL AND tried IS NULL",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    lab_id: Mapped[int] = mapped_column(ForeignKey("lab.id"), index=True)
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The values that were drawn for the lab's variables, by the variables' names."""
    predictions: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """The predicted values by the predictions' names; None until they are made."""
    confidence: Mapped[Confidence | None] = mapped_column(enum_column(Confidence, name="confidence"))
    """How sure the learner was of the predictions; None if they did not say."""
    happened: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """What the sandbox showed for each prediction, by its name, when the lab was passed; None before."""
    sandbox_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    """The sandbox of the run. It may have ended since; None if the run has none."""
    hints_used: Mapped[int] = mapped_column(default=0)
    """The number of hints that were shown."""
    checks_run: Mapped[int] = mapped_column(default=0)
    """The number of checks that ended in pass or fail; could-not-check does not count."""
    verdict: Mapped[Verdict | None] = mapped_column(enum_column(Verdict, name="verdict"))
    """The last pass or fail; None if there was none."""
    solution_shown: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the present sandbox was set up and the task could begin; None without one, or before its set-up."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was passed, given up or left; None while it is open."""
    link: Mapped[str | None] = mapped_column(String(LINK_CHARS), unique=True, index=True)
    """The random part of the address at which anybody may read the run's replay; None while there is none."""
    tried: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The definition of the draft that an editor tries in this run, which counts for nothing; None for other runs."""
    lab: Mapped[Lab] = relationship()
    events: Mapped[list["LabEvent"]] = relationship(
        back_populates="lab_run", order_by="LabEvent.sequence", cascade="all, delete-orphan"
    )

    def note(self, data: EventData, *, now: datetime) -> None:
        """Add an event to the timeline. The caller has locked the run's row or just made it, so the number is free."""
        kind, kept = events.kind_of(data), events.to_json(data)
        self.events.append(LabEvent(sequence=len(self.events) + 1, happened_at=now, kind=kind, kept=kept))


# The condition that a run is of a lab as it is offered, and so counts: in lists, figures, cards and reports.
COUNTS: ColumnElement[bool] = LabRun.tried.is_(null())


class LabEvent(Base):
    """One entry of a run's timeline."""

    __tablename__ = "lab_event"
    __table_args__ = (UniqueConstraint("lab_run_id", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lab_run_id: Mapped[UUID] = mapped_column(ForeignKey("lab_run.id", ondelete="CASCADE"))
    sequence: Mapped[int]
    """The entry's number in its run, from 1, in the order in which entries were added."""
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """For a typed command the time in the shell's history, which can be before that of earlier entries."""
    kind: Mapped[EventKind] = mapped_column(enum_column(EventKind, name="event_kind"))
    kept: Mapped[dict[str, Any]] = mapped_column("data", JSON, default=dict)
    """The event as `events.to_json` gives it."""
    lab_run: Mapped[LabRun] = relationship(back_populates="events")

    @property
    def data(self) -> EventData:
        """The event."""
        return events.from_json(self.kind, self.kept)

    def keep(self, data: EventData) -> None:
        """Replace the event by one of the same kind, of which more is known by now."""
        self.kept = events.to_json(data)


class LabCommand(Base):
    """A command of a run's command box. The newest `command_box.KEPT` of a run are kept."""

    __tablename__ = "lab_command"

    id: Mapped[int] = mapped_column(primary_key=True)
    lab_run_id: Mapped[UUID] = mapped_column(ForeignKey("lab_run.id", ondelete="CASCADE"), index=True)
    command: Mapped[str] = mapped_column(Text)
    output: Mapped[str] = mapped_column(Text)
    """What it printed, as `command_box.plain` leaves it."""
    exit_code: Mapped[int | None]
    """None if it was stopped after `command_box.COMMAND_S`."""
    is_cut: Mapped[bool]
    """Whether it printed more than is stored."""
    ran_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AcceptedForm(Base):
    """A form of a command that was right once, so that it need not be run for the next learner who gives it."""

    __tablename__ = "accepted_form"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256, in hex, of the form and of the question that it answers; `labs.trials.store` makes it."""
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
