"""Stores the commands of runs that are graded by their effect, and the forms that were right before. Asks no sandbox.

A form has marks in place of the values drawn for the run, so that a right command with other values has the same form.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.lab_values import form_of
from quizapp.errors import Conflict
from quizapp.labs.judging import effects
from quizapp.labs.runs import service
from quizapp.labs.runs.events import Commanded, EventKind
from quizapp.labs.runs.models import AcceptedForm, LabEvent, LabRun
from quizapp.labs.runs.ticket import RunTicket
from quizapp.labs.trials.twins import Side

REMEMBERED = timedelta(days=30)  # after that a form is run again, as a newer sandbox image may have another effect


class NoCommandAsked(Conflict):
    """The lab asks for no command."""

    title = "No command asked"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A command that waits for its grade."""

    command: str
    twins: Mapping[Side, str]
    """The ids of the two sandboxes that were asked for."""


@dataclass(frozen=True, kw_only=True)
class GivenCommand:
    """A command, and what its verdict depends on beside the hosts."""

    command: str
    lab: LabDefinition
    """With `values` put in."""
    values: Mapping[str, str]
    """The values of the lab's variables, by the variables' names."""


def is_accepted(db: Session, given: GivenCommand, *, now: datetime) -> bool:
    """Whether this form of the command was right before. Raises NoCommandAsked."""
    form = db.get(AcceptedForm, _digest(given))
    return form is not None and form.accepted_at > now - REMEMBERED


def accept(db: Session, given: GivenCommand, *, now: datetime) -> None:
    """Store that this form of the command is right. Deletes all forms that were stored longer ago than REMEMBERED."""
    db.execute(delete(AcceptedForm).where(AcceptedForm.accepted_at <= now - REMEMBERED))
    try:
        with db.begin_nested():
            db.add(AcceptedForm(digest=_digest(given), accepted_at=now))
            db.flush()
    except IntegrityError:
        pass  # another transaction has just stored the same form


def record(db: Session, ticket: RunTicket, trial: Trial, *, now: datetime) -> None:
    """Add the trial to the run's timeline; from then on it is the run's waiting one. Raises RunOver.

    Changes nothing if it is the waiting one already, as when it was sent twice.
    """
    run = service.locked(db, ticket)
    service.require_open(run)
    if waiting(db, ticket) == trial:
        return
    twins = {side.value: sandbox_id for side, sandbox_id in trial.twins.items()}
    run.note(Commanded(command=trial.command, twins=twins), now=now)
    db.flush()


def waiting(db: Session, ticket: RunTicket) -> Trial | None:
    """The run's trial that is not graded yet; None if there is none, or the run is finished."""
    newest = db.scalar(
        select(LabEvent)
        .join(LabRun)
        .where(LabRun.id == ticket.run_id, LabRun.finished_at.is_(None))
        .where(LabEvent.kind.in_((EventKind.COMMANDED, EventKind.CHECKED)))
        .order_by(LabEvent.sequence.desc())
        .limit(1)
    )
    given = newest.data if newest is not None else None
    if not isinstance(given, Commanded):
        return None
    return Trial(command=given.command, twins={Side(side): sandbox_id for side, sandbox_id in given.twins.items()})


def used_by(db: Session, *, user_id: UUID) -> Collection[str]:
    """The ids of the twins of every command in the learner's open runs; those of a graded one have ended."""
    open_runs = select(LabRun.id).where(LabRun.user_id == user_id, LabRun.finished_at.is_(None))
    given = select(LabEvent).where(LabEvent.lab_run_id.in_(open_runs))
    told = db.scalars(given.where(LabEvent.kind == EventKind.COMMANDED)).all()
    return {twin for event in told if isinstance(event.data, Commanded) for twin in event.data.twins.values()}


def locked_waiting(db: Session, ticket: RunTicket) -> Trial | None:
    """Like `waiting`, and lock the run until the transaction ends, so that no other transaction changes the result."""
    service.locked(db, ticket)
    return waiting(db, ticket)


def _digest(given: GivenCommand) -> str:
    """SHA-256 of what a verdict on a command depends on: its form, and the parts of the lab that it is graded by.

    Raises NoCommandAsked.
    """
    lab, asked = given.lab, given.lab.command
    if asked is None:
        raise NoCommandAsked("This lab is done on a host; it asks for no command.")
    texts = (given.command, lab.setup, asked.reference, *asked.about, lab.template, *effects.COMMANDS)
    forms = [form_of(text, given.values) for text in texts]
    return hashlib.sha256(json.dumps(forms).encode()).hexdigest()
