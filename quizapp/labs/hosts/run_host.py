"""What a run asks of its sandbox, which learners know as the host. Stores nothing itself: `runs.service` records."""

import shlex
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from quizapp.catalogue.labs.lab_parts import LabTemplate, NetworkDetail
from quizapp.errors import QuizappError
from quizapp.labs.hosts import motd, network_map
from quizapp.labs.hosts.network_map import NetworkMap
from quizapp.labs.judging import grading, words
from quizapp.labs.judging.checks import CheckVerdict, trim, why_unclear
from quizapp.labs.judging.grading import Grade
from quizapp.labs.runs import service, shell_history
from quizapp.labs.runs.models import LabRun
from quizapp.labs.runs.recorded_output import NETWORKS_CHARS, Seen
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

# Seconds. A check takes 0.1 s, words that wait in vain two; the limit is for a busy host, or an emulated processor.
CHECK_EACH_S = {LabTemplate.USERNS: 6.0, LabTemplate.VM: 30.0}
CHECK_OUTPUT_BYTES = 16 * 1024  # a check prints a line or two
SET_UP_S = 30.0  # a set-up starts a few containers, each under a second
SET_UP_OUTPUT_BYTES = 4 * 1024  # read only if the set-up failed
ASK_ENGINE = "docker version --format '{{.Server.Version}}'"
SWITCHED_OFF = "Hands-on questions are switched off in this installation. Everything else works."
OTHER_KIND = "It needs a virtual machine as its host, and these are off in this installation."
OTHER_KIND_MEND = "QUIZAPP_SANDBOX_TEMPLATES names the kinds of hosts that are on."
LACKING = "It needs {needs}, which the kernel of this machine does not have."
LACKING_MEND = "What to do about it says: flask sandboxes doctor"
SET_UP_TROUBLE = "The lab could not be set up on this host ({seen}). Reset the host; if it fails again, tell an editor."

# Runs the set-up once on a host, however many pages ask for it at once. The script runs in a shell of its own: with -e,
# so that the first failing line fails the set-up; without the lock's descriptor, so that no process it leaves holds the
# lock.
_ONCE = """exec 9> /run/set-up.lock
flock 9
[ -e /run/set-up.done ] && exit 0
printf %s {message} > /etc/motd.task
bash -ec {script} 9>&- || exit
touch /run/set-up.done
"""


class HostState(StrEnum):
    """The state of a run's host, as pages show it."""

    NONE = "none"  # the run has no sandbox: none was asked for yet, or it was ended
    STARTING = "starting"
    UP = "up"  # started, not yet set up for the lab
    UNFIT = "unfit"  # the set-up failed
    READY = "ready"  # set up for the lab
    LOST = "lost"  # ended, but not by the learner
    AWAY = "away"  # not known: sandboxd gave an error


@dataclass(frozen=True, kw_only=True)
class Host:
    """A run's host at one moment."""

    state: HostState
    sandbox: Sandbox | None = None
    """None if the run has none, or if sandboxd could not give it."""
    reason: str = ""
    """Why it is UNFIT, LOST or AWAY, in a sentence; else empty."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Which hosts this installation can start at present."""

    off: str | None
    """Why no host can be started at present, in a sentence; None if some can."""
    templates: Sequence[str]
    """The templates of the settings; the first one serves labs that need none in particular."""
    lacks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For each template the LabNeeds that its sandboxes cannot meet, from sandboxd's Health."""
    says_how: bool = False
    """Whether it is said to whoever runs the installation, who can mend it."""

    def why_not(self, template: str, needs: Sequence[str]) -> str | None:
        """Why a lab with this template and these needs cannot be done here, in a sentence; None if it can."""
        if template not in (LabTemplate.USERNS, *self.templates):  # a lab for USERNS runs in every template
            return self._why(OTHER_KIND, OTHER_KIND_MEND)
        lacks = self.lacks.get(template if template in self.templates else self.templates[0], ())
        missing = [need for need in needs if need in lacks]
        return self._why(LACKING.format(needs=" and ".join(missing)), LACKING_MEND) if missing else None

    def _why(self, sentence: str, mend: str) -> str:
        return f"{sentence} {mend}" if self.says_how else sentence


def offer(client: SandboxClient, *, switched_on: bool, templates: Sequence[str]) -> Offer:
    """Which hosts of these templates can be started; `switched_on` is `Settings.hands_on`. Raises no domain error."""
    if not switched_on:
        return Offer(off=SWITCHED_OFF, templates=templates)
    health = client.health()
    return Offer(off=health.reason, templates=templates, lacks=health.lacks)


def host_now(client: SandboxClient, ticket: RunTicket) -> Host:
    """The run's host at present. Raises no domain error: an error of sandboxd makes it LOST or AWAY."""
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
    """A sandbox for this run: the one it has if that is live, else a new one that starts.

    `reset` ends a live one first; `end_other` allows ending the one that another open run uses, and HostTaken is raised
    without it. Raises RunOver and PredictFirst too, and what SandboxClient.ask raises.
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
    """Run the lab's set-up as the learner's root, and store the task as the first text of terminals.

    What it left is then noted where the learner cannot reach it, if a check compares with that.

    Returns why the set-up failed, in a sentence; None if it did not. Raises what SandboxClient.run raises: then it is
    not known whether the set-up ran, and calling again is safe.
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
    if result.exit_code == 0 and words.must_note(ticket.lab):
        (result,) = client.run(ticket.sandbox_id, [words.NOTE], each_s=SET_UP_S, output_bytes=SET_UP_OUTPUT_BYTES)
    if result.exit_code == 0:
        return None
    seen = "it took too long" if result.timed_out else trim(result.output) or f"exit code {result.exit_code}"
    return SET_UP_TROUBLE.format(seen=seen)


def check(
    db: Session, client: SandboxClient, *, user_id: UUID, run_id: UUID, typed: str, now: Callable[[], datetime]
) -> LabRun:
    """Check the learner's run and record the grade. The caller commits. Raises NotFound for another learner's run."""
    ticket = service.ticket_of(db, user_id=user_id, run_id=run_id)
    db.rollback()  # nothing is locked while the sandbox works
    grade = examine(client, ticket, typed=typed)
    return service.record_check(db, ticket, grade, typed=typed, now=now())


def examine(client: SandboxClient, ticket: RunTicket, *, typed: str) -> Grade:
    """Grade the lab by its host's state, in one call of sandboxd. If that fails, the verdict is could-not-check."""
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
    """The verdict on an answer to the question after a pass. Raises NothingToExplain and SandboxClient.run's errors."""
    question = ticket.lab.explain
    if question is not None and ticket.to_explain is not None:
        return grading.judge_explained(question, ticket.to_explain, typed=typed)
    if question is None or ticket.sandbox_id is None or not ticket.is_ready or ticket.is_open:
        raise NothingToExplain
    (result,) = _run_checks(client, ticket, [question.run])
    return grading.judge_asked_back(question, result, typed=typed)


def _run_checks(client: SandboxClient, ticket: RunTicket, commands: Sequence[str]) -> Sequence[CommandResult]:
    """Run commands of checks on the ticket's host. Raises what SandboxClient.run raises."""
    assert ticket.sandbox_id is not None
    each_s = CHECK_EACH_S[ticket.lab.template]
    return client.run(ticket.sandbox_id, commands, each_s=each_s, output_bytes=CHECK_OUTPUT_BYTES)


def _unless_engine_is_away(client: SandboxClient, ticket: RunTicket, grade: Grade) -> Grade:
    """The grade, or could-not-check if the host's engine has stopped, since its containers cannot be seen then.

    Called only after a fail: a check that reads the kernel's state can pass without the engine.
    """
    (asked,) = _run_checks(client, ticket, [ASK_ENGINE])
    trouble = why_unclear(asked)
    return grade if trouble is None else replace(grade, verdict=Verdict.COULD_NOT_CHECK, said=trouble)


def networks(client: SandboxClient, ticket: RunTicket, *, hidden: Collection[NetworkDetail]) -> NetworkMap | None:
    """The networks of the run's host at present, without what is `hidden`.

    None if it has no ready host, or the networks cannot be read.
    """
    if ticket.sandbox_id is None or not ticket.is_ready:
        return None
    try:
        (result,) = _run_checks(client, ticket, [network_map.COMMAND])
    except QuizappError:
        return None
    return network_map.read(result.output, hidden=hidden)


def seen_on(client: SandboxClient, ticket: RunTicket) -> Seen | None:
    """What the run's host shows after a command. None if it has no ready host, or cannot be asked."""
    if ticket.sandbox_id is None or not ticket.is_ready:
        return None
    try:
        now, typed = _run_checks(client, ticket, [network_map.COMMAND, shell_history.COMMAND])
        printed = client.printed(ticket.sandbox_id)
    except QuizappError:
        return None
    is_read = len(now.output) <= NETWORKS_CHARS and network_map.read(now.output) is not None
    return Seen(history=typed.output, printed=printed, networks=now.output if is_read else "")


def taken_by(client: SandboxClient, ticket: RunTicket) -> OtherRun | None:
    """The other open run whose sandbox is live; None if there is none. A finished run's sandbox may be ended."""
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
