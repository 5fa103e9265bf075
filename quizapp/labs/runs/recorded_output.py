"""What is kept with a run's timeline of what its host showed: what commands printed, and the networks after them.

Asks no sandbox. What is kept belongs to the run, and goes with it and with the learner's account.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from quizapp.labs.runs import plain_text, service
from quizapp.labs.runs.events import Typed, networks_after
from quizapp.labs.runs.models import LabEvent, LabRun
from quizapp.labs.runs.shell_history import COMMAND_CHARS
from quizapp.labs.runs.ticket import RunTicket
from quizapp.sandboxes.client import Printed

PRINTED_CHARS = 4_200  # of one command; sandboxd keeps as many bytes
NETWORKS_CHARS = 8_000  # of one picture; a host with three networks and ten containers has two thousand
KEPT_CHARS = 100_000  # of one run: each page of the run reads them; a long lab has 30 commands
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a host showed once a command was over."""

    history: str
    """The end of its shell's history file, as `shell_history.COMMAND` prints it."""
    printed: Sequence[Printed]
    """What the newest commands printed, in the order in which they began."""
    networks: str
    """Its networks, as `network_map.COMMAND` prints them; empty if they cannot be read."""


def record_seen(db: Session, ticket: RunTicket, seen: Seen, *, now: datetime) -> None:
    """Add the commands that were typed since, what they printed, and the networks as those after the newest one.

    A finished run gets no further command. Changes nothing if the run has another host by now, or none.
    """
    run = service.locked(db, ticket)
    if run.sandbox_id != ticket.sandbox_id or run.ready_at is None:
        return
    if run.finished_at is None:
        service.note_typed(run, seen.history, now=now)
    typed = _typed_since(run, run.ready_at)
    for event, printed in paired(typed, seen.printed).items():
        _keep(run, event, printed=plain_text.plain(printed.output)[:PRINTED_CHARS], exit_code=printed.exit_code)
    if typed and seen.networks not in ("", networks_before(run.events, last=typed[-1])):
        _keep(run, typed[-1], networks=seen.networks)
    db.flush()


def record_boxed(
    db: Session, ticket: RunTicket, command: str, *, printed: str, exit_code: int | None, now: datetime
) -> None:
    """Add a command of the command box to the timeline of an open run, with what it printed as plain text."""
    run = service.locked(db, ticket)
    if run.finished_at is not None or _count(run) >= service.TYPED_MOST:
        return
    line = " ".join(command.split())[:COMMAND_CHARS]
    kept = printed[: min(PRINTED_CHARS, _room(run))]
    run.note(Typed(command=line, printed=kept, exit_code=exit_code, boxed=True), now=now)
    db.flush()


def paired(typed: Sequence[LabEvent], printed: Sequence[Printed]) -> Mapping[LabEvent, Printed]:
    """For each typed command what it printed.

    The shell gives both the second at which the command was read, one right after the other, so that the second may
    have changed between them. Of several commands within a second the first one that is left is meant.
    """
    left = [event for event in typed if isinstance(event.data, Typed) and not event.data.boxed]
    found: dict[LabEvent, Printed] = {}
    for each in printed:
        event = next((one for one in left if one.happened_at in (each.at - SECOND, each.at)), None)
        if event is not None:
            left.remove(event)
            found[event] = each
    return found


def networks_before(happened: Sequence[LabEvent], *, last: LabEvent) -> str:
    """The newest networks that are kept from before `last`, of the same host; empty if there are none."""
    kept = ""
    for event in sorted(happened, key=lambda each: (each.happened_at, each.sequence)):
        if event is last:
            return kept
        kept = networks_after(event.data, kept)
    return kept


def _typed_since(run: LabRun, since: datetime) -> list[LabEvent]:
    """The commands that were typed on the present host, in the order of their times."""
    typed = [event for event in run.events if isinstance(event.data, Typed) and event.happened_at >= since - SECOND]
    return sorted(typed, key=lambda event: (event.happened_at, event.sequence))


def _keep(run: LabRun, event: LabEvent, **known: str | int | None) -> None:
    """Write into a typed command what is known of it now, as far as the run has room."""
    before = event.data
    assert isinstance(before, Typed)
    after = replace(before, **known)  # type: ignore[arg-type]
    more = len(after.printed) + len(after.networks) - len(before.printed) - len(before.networks)
    if after != before and more <= _room(run):
        event.keep(after)


def _room(run: LabRun) -> int:
    """How many more characters may be kept with this run."""
    typed = [event.data for event in run.events if isinstance(event.data, Typed)]
    return max(0, KEPT_CHARS - sum(len(each.printed) + len(each.networks) for each in typed))


def _count(run: LabRun) -> int:
    return sum(isinstance(event.data, Typed) for event in run.events)
