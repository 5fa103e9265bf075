"""The commands of a run that are graded by their effect, and the forms that were right before. Knows no sandbox.

In a form, what was drawn for the run is left out, so that a right command with other values is known too.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.errors import Conflict
from quizapp.labs.judging import effects
from quizapp.labs.runs import service
from quizapp.labs.runs.events import Commanded, EventKind
from quizapp.labs.runs.models import AcceptedForm, LabEvent, LabRun
from quizapp.labs.runs.ticket import RunTicket
from quizapp.labs.runs.values import form_of
from quizapp.labs.trials.twins import Side

REMEMBERED = timedelta(days=30)  # what a newer image of the sandbox does otherwise is found out within that


class NoCommandAsked(Conflict):
    """The lab asks for no command."""

    title = "No command asked"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A command that waits for its grade, and the hosts that were asked for it."""

    command: str
    twins: Mapping[Side, str]


def is_accepted(db: Session, ticket: RunTicket, command: str, *, now: datetime) -> bool:
    """Whether this form of the command was right before. Raises NoCommandAsked."""
    form = db.get(AcceptedForm, _digest(ticket, command))
    return form is not None and form.accepted_at > now - REMEMBERED


def accept(db: Session, ticket: RunTicket, command: str, *, now: datetime) -> None:
    """Remember that this form of the command is right. What was accepted before REMEMBERED is forgotten."""
    db.execute(delete(AcceptedForm).where(AcceptedForm.accepted_at <= now - REMEMBERED))
    try:
        with db.begin_nested():
            db.add(AcceptedForm(digest=_digest(ticket, command), accepted_at=now))
            db.flush()
    except IntegrityError:
        pass  # somebody else gave it in the same moment


def record(db: Session, ticket: RunTicket, trial: Trial, *, now: datetime) -> None:
    """The command is the one that the run waits for from now on. Raises RunOver."""
    run = service.locked(db, ticket)
    service.require_open(run)
    twins = {side.value: sandbox_id for side, sandbox_id in trial.twins.items()}
    run.note(Commanded(command=trial.command, twins=twins), now=now)
    db.flush()


def waiting(db: Session, ticket: RunTicket) -> Trial | None:
    """The command that the run waits for; None if there is none, or the newest one is graded."""
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


def locked_waiting(db: Session, ticket: RunTicket) -> Trial | None:
    """See `waiting`; the run is locked until the transaction ends, so that nobody else can change the answer."""
    service.locked(db, ticket)
    return waiting(db, ticket)


def _digest(ticket: RunTicket, command: str) -> str:
    """What a verdict on a command depends on: its form, and all of the question that it is held against."""
    if ticket.lab.command is None:
        raise NoCommandAsked("This lab is done on a host; it asks for no command.")
    asked = ticket.lab.command
    texts = (command, ticket.lab.setup, asked.reference, *asked.about, ticket.lab.template, *effects.COMMANDS)
    forms = [form_of(text, ticket.values) for text in texts]
    return hashlib.sha256(json.dumps(forms).encode()).hexdigest()
