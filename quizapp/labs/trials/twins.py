"""Two hosts, called twins, for a command that is graded by its effect: one runs the command, one the reference.

Knows no database. A twin is a new sandbox, runs one command and is ended. Its owner is the learner's id and the side,
so the limits on sandboxes at once and on starts in an hour hold for each side by itself.
"""

import hashlib
import shlex
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum

from quizapp.catalogue.bounds import COMMAND_MAX_CHARS
from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.lab_parts import LabTemplate
from quizapp.errors import Invalid, QuizappError
from quizapp.labs.judging import effects, grading
from quizapp.labs.judging.effects import Effect
from quizapp.labs.judging.grading import Grade
from quizapp.sandboxes.client import NoClearAnswer, Sandbox, SandboxClient, SandboxState
from quizapp.verdicts import Verdict

COMMAND_CHARS = COMMAND_MAX_CHARS
RUN_S = 30.0  # for set-up and command together
OUTPUT_CHARS = 1000  # of the command's output: enough for a few error messages
SCRIPT_BYTES = 8 * 1024  # of the script's output: the ending and the command's output
READ_S = 5.0  # for each of effects.COMMANDS
NOT_SET_UP, REMOVED, OF_ANOTHER = 70, 73, 75  # exit codes of _SCRIPT
STILL_RUNS = "running"

# Runs the command once on a twin, however many pages ask for it at once, and no other command after it. What follows
# the command is of bash alone, but for `head`: after `rm -rf /` there is no other program, and the key may be left.
_SCRIPT = """exec 9> /run/trial.lock
flock 9
if [ ! -e /run/trial.key ]; then
  bash -ec {setup} > /run/trial.output 2>&1 9>&- || exit {not_set_up}
  echo {key} > /run/trial.key
  (bash -c {command} > /run/trial.output 2>&1; echo $? > /run/trial.exit) < /dev/null > /dev/null 2>&1 9>&- &
  for ((tenth = 0; tenth < {seconds} * 10; tenth++)); do [ -e /run/trial.exit ] && break; sleep 0.1; done
fi
[ -e /run/trial.key ] || exit {removed}
[ "$(< /run/trial.key)" = {key} ] || exit {of_another}
if [ -e /run/trial.exit ]; then echo "$(< /run/trial.exit)"; else echo {still_runs}; fi
head -c {output} /run/trial.output || exit {removed}
"""
_COMPOSE = (
    "docker compose --project-name lab --file - up --detach <<'END OF THE COMPOSE FILE'\n{}\nEND OF THE COMPOSE FILE"
)


class Side(StrEnum):
    """Which command a twin runs."""

    REFERENCE = "reference"  # the author's
    ATTEMPT = "attempt"  # the learner's


class CommandUnreadable(Invalid):
    """The command is empty or too long."""

    title = "No command"


def readable(command: str) -> str:
    """The command to run, from what was typed: a command line or a compose file. Raises CommandUnreadable."""
    text = command.replace("\r\n", "\n").strip()
    if not text:
        raise CommandUnreadable("Type a command first, such as: docker run -d nginx")
    if len(text) > COMMAND_CHARS:
        raise CommandUnreadable(f"A command has at most {COMMAND_CHARS} characters here.")
    return text


def ask(client: SandboxClient, *, owner: str, template: str) -> dict[Side, str]:
    """Ask for both twins and return their ids; twins that were begun ahead are taken, unless they are of another kind.

    Raises what SandboxClient.ask raises, and then leaves no twin.
    """
    pair: dict[Side, str] = {}
    try:
        for side in Side:
            twin = client.ask(owner=f"{owner}.{side}", template=template)
            if template not in (LabTemplate.USERNS, twin.template):  # a lab for USERNS runs in every template
                client.end(twin.id)
                twin = client.ask(owner=f"{owner}.{side}", template=template)
            pair[side] = twin.id
    except QuizappError:
        end(client, pair)
        raise
    return pair


def end_unused(client: SandboxClient, *, owner: str, used: Collection[str]) -> None:
    """End the twins that were begun ahead for this owner, but those whose ids are `used` by a trial.

    Raises what SandboxClient.list raises.
    """
    owners = {f"{owner}.{side}" for side in Side}
    for sandbox in client.list():
        if sandbox.owner in owners and sandbox.state.is_live and sandbox.id not in used:
            client.end(sandbox.id)


def end(client: SandboxClient, twins: Mapping[Side, str]) -> None:
    """End twins. One that sandboxd does not end now ends when its lease is over."""
    for sandbox_id in twins.values():
        try:
            client.end(sandbox_id)
        except QuizappError:
            continue


def graded(
    client: SandboxClient, twins: Mapping[Side, str], *, lab: LabDefinition, command: str, asks_more: bool = False
) -> Grade | None:
    """The grade of the command, or None while a twin starts. If a twin cannot be asked: could-not-check.

    `asks_more` as for `compared`.
    """
    try:
        pair = {side: client.get(sandbox_id) for side, sandbox_id in twins.items()}
    except QuizappError as error:
        return grading.not_checked(str(error))
    if not all(map(is_up, pair.values())):
        return None
    return compared(client, pair, lab=lab, command=command, asks_more=asks_more)


def compared(
    client: SandboxClient, twins: Mapping[Side, Sandbox], *, lab: LabDefinition, command: str, asks_more: bool = False
) -> Grade:
    """The grade of the command by the states of both twins, which are up and work at the same time.

    If one cannot be asked: could-not-check. With `asks_more` a pass also tells what became of the predictions, and what
    the question after it is about.
    """
    assert lab.command is not None
    commands = {Side.REFERENCE: lab.command.reference, Side.ATTEMPT: command}
    with ThreadPoolExecutor(len(Side)) as threads:
        begun = {
            side: threads.submit(effect, client, twins[side], lab=lab, command=text) for side, text in commands.items()
        }
    try:
        grade = grading.compare(
            lab.command, reference=begun[Side.REFERENCE].result(), attempt=begun[Side.ATTEMPT].result()
        )
        is_asked = asks_more and grade.verdict is Verdict.PASS
        return _with_facts(client, twins[Side.ATTEMPT], lab=lab, passed=grade) if is_asked else grade
    except QuizappError as error:
        return grading.not_checked(str(error))


def asks_more_of(lab: LabDefinition) -> bool:
    """Whether a lab asks more than a command: its pass then needs a host, even of a form that was right before."""
    return lab.command is not None and (bool(lab.predict) or lab.explain is not None)


def _with_facts(client: SandboxClient, twin: Sandbox, *, lab: LabDefinition, passed: Grade) -> Grade:
    """The pass, with what the twin of the right command tells; as it was if that is asked in vain."""
    try:
        results = client.run(twin.id, grading.afterwards(lab), each_s=READ_S, output_bytes=SCRIPT_BYTES)
    except QuizappError:
        return passed
    return grading.with_facts(passed, lab, results)


def is_up(twin: Sandbox) -> bool:
    """Whether a twin has started or has ended already; `effect` raises for one that has ended."""
    return twin.state not in (SandboxState.QUEUED, SandboxState.STARTING, SandboxState.READY)


def effect(client: SandboxClient, twin: Sandbox, *, lab: LabDefinition, command: str) -> Effect:
    """The effect of the command on a twin that is up. The command is run by the first call only.

    Raises NoClearAnswer if the effect is not known, and what SandboxClient.run raises.
    """
    script = script_of(lab.setup, command)
    (ran,) = client.run(twin.id, [script], learner=True, each_s=RUN_S, output_bytes=SCRIPT_BYTES)
    if ran.exit_code == REMOVED:
        said = "This command removed files that its host needs to tell what became of it. Give another."
        raise NoClearAnswer(said, retry_after_s=1)
    if ran.exit_code == OF_ANOTHER:
        raise NoClearAnswer("Another command of yours took this one's host. Try again.", retry_after_s=1)
    if ran.exit_code == NOT_SET_UP:
        raise NoClearAnswer("The host could not be set up for this question. Tell an editor.", retry_after_s=60)
    ending, _, output = ran.output.partition("\n")
    if ran.exit_code != 0 or not (ending.isdecimal() or ending == STILL_RUNS):
        raise NoClearAnswer("The host could not run this command in its time. Try again.", retry_after_s=1)
    exit_code = None if ending == STILL_RUNS else int(ending)
    shown = client.run(twin.id, effects.COMMANDS, each_s=READ_S, output_bytes=effects.STATE_BYTES)
    return Effect(state=effects.read(shown, has_ended=exit_code is not None), exit_code=exit_code, output=output)


def script_of(setup: str, command: str) -> str:
    """The script for a twin: set-up, then command. It prints the command's exit code or STILL_RUNS, then its output."""
    return _SCRIPT.format(
        setup=shlex.quote(setup),
        key=hashlib.sha256(command.encode()).hexdigest(),
        command=shlex.quote(_COMPOSE.format(command) if _is_compose_file(command) else command),
        seconds=effects.COMMAND_S,
        output=OUTPUT_CHARS,
        not_set_up=NOT_SET_UP,
        of_another=OF_ANOTHER,
        removed=REMOVED,
        still_runs=STILL_RUNS,
    )


def _is_compose_file(command: str) -> bool:
    """Whether the text is a compose file: a line begins with `services:`, which no command line does."""
    return any(line.startswith("services:") for line in command.splitlines())
