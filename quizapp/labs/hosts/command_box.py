"""The command box, for people who cannot use a terminal: one command on the run's host, and a log of the last ones.

The function that asks the sandbox uses no database, and the functions that use the database ask no sandbox.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp.errors import Invalid
from quizapp.labs.runs import recorded_output
from quizapp.labs.runs.models import LabCommand, LabRun
from quizapp.labs.runs.plain_text import plain
from quizapp.labs.runs.ticket import RunTicket
from quizapp.sandboxes.client import CommandResult, SandboxClient, SandboxNotReady

COMMAND_CHARS = 2000  # a long `docker run` has some hundred
COMMAND_S = 20.0  # `docker run` of an image on the host takes 2 s; a page that answers later seems broken
OUTPUT_BYTES = 16 * 1024  # about 200 lines; a phone shows 20
KEPT = 10  # commands of a run in the log; the run's timeline does not depend on it


class NoCommand(Invalid):
    """The command is empty or too long."""

    title = "No command"


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A command of the log, as its page shows it."""

    command: str
    output: str
    """What it printed, without control sequences, cut after OUTPUT_BYTES."""
    ending: str
    """A sentence: its exit code or that it was stopped, and whether the output was cut."""
    fine: bool
    """Whether its exit code was 0."""
    at: datetime


def run(client: SandboxClient, ticket: RunTicket, command: str) -> CommandResult:
    """Run a command as the learner's shell would. Raises NoCommand, and what SandboxClient.run raises."""
    if not command.strip():
        raise NoCommand("Type a command first, such as: docker ps")
    if len(command) > COMMAND_CHARS:
        raise NoCommand(f"A command has at most {COMMAND_CHARS} characters here. Use the terminal for longer ones.")
    if ticket.sandbox_id is None or not ticket.is_ready:
        raise SandboxNotReady("The host of this run is not ready yet. Wait until the page says so.")
    (result,) = client.run(ticket.sandbox_id, [command], learner=True, each_s=COMMAND_S, output_bytes=OUTPUT_BYTES)
    return result


def record(db: Session, ticket: RunTicket, command: str, result: CommandResult, *, now: datetime) -> None:
    """Add a command to the run's log and timeline, and delete all but the KEPT newest from the log."""
    output = plain(result.output)
    recorded_output.record_boxed(db, ticket, command, printed=output, exit_code=result.exit_code, now=now)
    db.add(
        LabCommand(
            lab_run_id=ticket.run_id,
            command=command.replace("\x00", ""),
            output=output,
            exit_code=result.exit_code,
            is_cut=result.truncated,
            ran_at=now,
        )
    )
    db.flush()
    newest = (
        select(LabCommand.id).where(LabCommand.lab_run_id == ticket.run_id).order_by(LabCommand.id.desc()).limit(KEPT)
    )
    stays = db.scalars(newest).all()
    db.execute(delete(LabCommand).where(LabCommand.lab_run_id == ticket.run_id, LabCommand.id.not_in(stays)))


def log(db: Session, *, user_id: UUID, run_id: UUID) -> Sequence[Ran]:
    """The last commands of the learner's own run, the newest first; empty for another learner's."""
    rows = db.scalars(
        select(LabCommand)
        .join(LabRun, LabRun.id == LabCommand.lab_run_id)
        .where(LabCommand.lab_run_id == run_id, LabRun.user_id == user_id)
        .order_by(LabCommand.id.desc())
    )
    return tuple(
        Ran(
            command=row.command,
            output=row.output,
            ending=_ending(row.exit_code, is_cut=row.is_cut),
            fine=row.exit_code == 0,
            at=row.ran_at,
        )
        for row in rows
    )


def _ending(exit_code: int | None, *, is_cut: bool) -> str:
    cut = f" Only the first {OUTPUT_BYTES // 1024} KB are shown." if is_cut else ""
    if exit_code is None:
        return f"Stopped after {COMMAND_S:.0f} seconds.{cut}"
    return f"Exit code {exit_code}.{cut}"
