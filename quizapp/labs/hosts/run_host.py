"""What a run asks of its sandbox, which a learner knows as the host. Keeps nothing: `runs.service` records."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from quizapp.catalogue.labs.lab_format import LabTemplate
from quizapp.errors import QuizappError
from quizapp.labs.hosts import motd, network_map
from quizapp.labs.hosts.network_map import NetworkMap
from quizapp.labs.judging import grading
from quizapp.labs.judging.checks import CheckVerdict, trim, why_unclear
from quizapp.labs.judging.grading import Grade
from quizapp.labs.runs import service, shell_history
from quizapp.labs.runs.models import LabRun
from quizapp.labs.runs.ticket import (
    HostGranted,
    HostTaken,
    NothingToExplain,
    OtherRun,
    PredictFirst,
    RunOver,
    RunTicket,
)
from quizapp.sandboxes.client import CommandResult, Sandbox, SandboxClient, SandboxGone, SandboxState
from quizapp.verdicts import Verdict

# A check looks at state and takes a tenth of a second; this is for a host that is busy, or whose processor is emulated.
CHECK_EACH_S = {LabTemplate.USERNS: 3.0, LabTemplate.VM: 15.0}
CHECK_OUTPUT_BYTES = 16 * 1024  # far more than a check's line or two, far less than hurts
SET_UP_S = 30.0  # a set-up starts a few containers, each under a second
SET_UP_OUTPUT_BYTES = 4 * 1024  # read only when it failed
ASK_ENGINE = "docker version --format '{{.Server.Version}}'"
SWITCHED_OFF = "Hands-on questions are switched off in this installation. Everything else works."
OTHER_KIND = (
    "It needs a host of the kind {template}, which is off here. The operator adds it to QUIZAPP_SANDBOX_TEMPLATES."
)
LACKING = (
    "It needs {needs}, which the kernel of this machine does not have. The operator finds what to do about it with: "
    "flask sandboxes doctor"
)
SET_UP_TROUBLE = "The lab could not be set up on this host ({seen}). Reset the host; if it fails again, tell an editor."

# Exactly once in the life of a host, however many pages ask for it at once. A shell of its own with -e, so that a half
# set-up shows, and without the lock, so that nothing it leaves running holds that.
_ONCE = """exec 9> /run/set-up.lock
flock 9
[ -e /run/set-up.done ] && exit 0
printf %s {message} > /etc/motd.task
bash -ec {script} 9>&- || exit
touch /run/set-up.done
"""


class HostState(StrEnum):
    """What a page can say of a run's host."""

    NONE = "none"  # never asked for, or ended
    STARTING = "starting"
    UP = "up"  # started, and waits to be set up for the lab
    UNFIT = "unfit"  # the set-up failed
    READY = "ready"
    LOST = "lost"  # ended without the learner's doing
    AWAY = "away"  # the sandbox service does not say


@dataclass(frozen=True, kw_only=True)
class Host:
    """A run's host at one moment. `sandbox` is None if there is none to see, `reason` why it is UNFIT, LOST or AWAY."""

    state: HostState
    sandbox: Sandbox | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What hosts can be had here. `off` says in a sentence why none can just now, None if some can.

    `templates` are the kinds that the installation offers, the usual one first; `lacks` is of the service's Health.
    """

    off: str | None
    templates: Sequence[str]
    lacks: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def why_not(self, template: str, needs: Sequence[str]) -> str | None:
        """Why a lab of this template with these needs cannot be done here, though others can; None if it can."""
        if template not in (LabTemplate.USERNS, *self.templates):  # what runs in that one runs in every other
            return OTHER_KIND.format(template=template)
        lacks = self.lacks.get(template if template in self.templates else self.templates[0], ())
        missing = [need for need in needs if need in lacks]
        return LACKING.format(needs=" and ".join(missing)) if missing else None


def offer(client: SandboxClient, *, switched_on: bool, templates: Sequence[str]) -> Offer:
    """What can be had, of these templates; `switched_on` is the installation's setting. Raises nothing."""
    if not switched_on:
        return Offer(off=SWITCHED_OFF, templates=templates)
    health = client.health()
    return Offer(off=health.reason, templates=templates, lacks=health.lacks)


def host_now(client: SandboxClient, ticket: RunTicket) -> Host:
    """The run's host as it is now. Raises nothing that a page would have to handle."""
    if ticket.sandbox_id is None:
        return Host(state=HostState.NONE)
    try:
        sandbox = client.get(ticket.sandbox_id)
    except SandboxGone as error:
        return Host(state=HostState.LOST, reason=str(error))
    except QuizappError as error:
        return Host(state=HostState.AWAY, reason=str(error))
    return Host(state=_state_of(sandbox, ticket), sandbox=sandbox, reason=sandbox.reason or ticket.trouble)


def obtain(client: SandboxClient, ticket: RunTicket, *, reset: bool, end_other: bool) -> HostGranted:
    """A sandbox for this run: its own if that lives, else a new one that starts.

    `reset` replaces one that still lives. Raises RunOver, PredictFirst, HostTaken where another open run uses the
    learner's sandbox and `end_other` does not allow to end that, and what SandboxClient.ask raises.
    """
    if not ticket.is_open:
        raise RunOver
    if not ticket.has_predicted:
        raise PredictFirst("Say first what you expect; the host starts after that.")
    taken = None if end_other else taken_by(client, ticket)
    if taken:
        raise HostTaken(f"“{taken.title}” is using your host. Go back to that lab, or end it to start this one.")
    for other in ticket.others:
        client.end(other.sandbox_id)
    before = host_now(client, ticket)
    if reset and before.sandbox is not None:
        client.end(before.sandbox.id)
    sandbox = client.ask(owner=ticket.owner, template=ticket.lab.template)
    return HostGranted(sandbox=sandbox, lost=before.reason if before.state is HostState.LOST else None)


def set_up(client: SandboxClient, ticket: RunTicket) -> str | None:
    """Run the lab's set-up where the learner will work, and let terminals begin with the task.

    Returns why it failed, None if it did not.

    Raises what SandboxClient.run raises: then it is not known whether it ran, and asking again is safe.
    """
    if ticket.sandbox_id is None:
        return None
    message = motd.message(ticket.lab.title, ticket.lab.task)
    (result,) = client.run(
        ticket.sandbox_id,
        [_ONCE.format(message=shlex.quote(message), script=shlex.quote(ticket.lab.setup))],
        learner=True,
        each_s=SET_UP_S,
        output_bytes=SET_UP_OUTPUT_BYTES,
    )
    if result.exit_code == 0:
        return None
    seen = "it took too long" if result.timed_out else trim(result.output) or f"exit code {result.exit_code}"
    return SET_UP_TROUBLE.format(seen=seen)


def check(
    db: Session, client: SandboxClient, *, user_id: UUID, run_id: UUID, typed: str, now: Callable[[], datetime]
) -> LabRun:
    """Check a run of the learner and record the grade. The caller commits. Raises NotFound for another's run."""
    ticket = service.ticket_of(db, user_id=user_id, run_id=run_id)
    db.rollback()  # nothing is locked while the sandbox works
    grade = examine(client, ticket, typed=typed)
    return service.record_check(db, ticket, grade, typed=typed, now=now())


def examine(client: SandboxClient, ticket: RunTicket, *, typed: str) -> Grade:
    """Grade the lab by what its host shows, in one round trip. A host that cannot be asked is could-not-check."""
    if ticket.sandbox_id is None or not ticket.is_ready:
        return grading.not_checked("There is no host to check yet. Start it first.")
    commands = [*grading.commands(ticket.lab), shell_history.COMMAND]
    try:
        *results, typed_before = _run_checks(client, ticket, commands)
        grade = replace(grading.grade(ticket.lab, results, typed=typed), history=typed_before.output)
        return grade if grade.verdict is not Verdict.FAIL else _unless_engine_is_away(client, ticket, grade)
    except QuizappError as error:
        return grading.not_checked(str(error))


def explained(client: SandboxClient, ticket: RunTicket, *, typed: str) -> CheckVerdict:
    """The verdict on an answer to the question after a pass. Raises NothingToExplain, and as SandboxClient.run."""
    question = ticket.lab.explain
    if question is None or ticket.sandbox_id is None or not ticket.is_ready or ticket.is_open:
        raise NothingToExplain
    (result,) = _run_checks(client, ticket, [question.run])
    return grading.judge_answer(question, result, typed=typed)


def _run_checks(client: SandboxClient, ticket: RunTicket, commands: Sequence[str]) -> Sequence[CommandResult]:
    """What checks' commands do on the ticket's host. Raises as SandboxClient.run."""
    assert ticket.sandbox_id is not None
    each_s = CHECK_EACH_S[ticket.lab.template]
    return client.run(ticket.sandbox_id, commands, each_s=each_s, output_bytes=CHECK_OUTPUT_BYTES)


def _unless_engine_is_away(client: SandboxClient, ticket: RunTicket, grade: Grade) -> Grade:
    """The grade, unless the host's engine has stopped: what its containers would have shown is not known then.

    Asked after a fail alone: checks look at the kernel too, and not each of them needs the engine to say what is there.
    """
    (asked,) = _run_checks(client, ticket, [ASK_ENGINE])
    trouble = why_unclear(asked)
    return grade if trouble is None else replace(grade, verdict=Verdict.COULD_NOT_CHECK, said=trouble)


def networks(client: SandboxClient, ticket: RunTicket) -> NetworkMap | None:
    """The networks of the run's host as they are now; None if they cannot be seen."""
    if ticket.sandbox_id is None or not ticket.is_ready:
        return None
    try:
        (result,) = _run_checks(client, ticket, [network_map.COMMAND])
    except QuizappError:
        return None
    return network_map.read(result.output)


def taken_by(client: SandboxClient, ticket: RunTicket) -> OtherRun | None:
    """The other open run that has the learner's one sandbox just now, if any. A run that is over gives its own up."""
    return next((other for other in ticket.others if other.is_open and _is_live(client, other.sandbox_id)), None)


def _is_live(client: SandboxClient, sandbox_id: str) -> bool:
    try:
        return client.get(sandbox_id).state.is_live
    except QuizappError:
        return False


def _state_of(sandbox: Sandbox, ticket: RunTicket) -> HostState:
    match sandbox.state:
        case SandboxState.QUEUED | SandboxState.STARTING | SandboxState.READY:
            return HostState.STARTING
        case SandboxState.CLAIMED:
            if ticket.is_ready:
                return HostState.READY
            return HostState.UNFIT if ticket.trouble else HostState.UP
        case SandboxState.ENDING | SandboxState.GONE | SandboxState.LOST:
            return HostState.LOST
