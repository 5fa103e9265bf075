"""Twin hosts for a command that is graded by its effect: it is run on one, the reference on the other.

Knows no database. A twin is fresh, serves one command and ends; its owner is the learner in one of two roles, so that
the limits on hosts that are live and on those started in an hour hold for each role.
"""

import hashlib
import shlex
from collections.abc import Mapping
from enum import StrEnum

from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.errors import Invalid, QuizappError
from quizapp.labs.judging import effects, grading
from quizapp.labs.judging.effects import Effect
from quizapp.labs.judging.grading import Grade
from quizapp.sandboxes.client import NoClearAnswer, Sandbox, SandboxClient, SandboxState

COMMAND_CHARS = 2000  # a compose file of a lab has three hundred
COMMAND_S = 8  # until then a command has ended or stays in the foreground, as `docker run` without -d does
RUN_S = 30.0  # set-up and command
OUTPUT_CHARS = 1000  # of what the command printed: a few error messages
SCRIPT_BYTES = 8 * 1024  # that, and what is said before it
READ_S = 5.0  # of one command that shows a part of the state
NOT_SET_UP, OF_ANOTHER = 70, 75  # exit codes of the script below
STILL_RUNS = "running"

# Exactly once in the life of a twin, however many pages ask for it at once, and for no other command than its own.
_SCRIPT = """exec 9> /run/try.lock
flock 9
if [ ! -e /run/try.key ]; then
  bash -ec {setup} > /run/try.output 2>&1 9>&- || exit {not_set_up}
  echo {key} > /run/try.key
  (bash -c {command} > /run/try.output 2>&1; echo $? > /run/try.exit) < /dev/null > /dev/null 2>&1 9>&- &
  for ((tenth = 0; tenth < {seconds} * 10; tenth++)); do [ -e /run/try.exit ] && break; sleep 0.1; done
fi
[ "$(cat /run/try.key)" = {key} ] || exit {of_another}
cat /run/try.exit 2> /dev/null || echo {still_runs}
head -c {output} /run/try.output
"""
_COMPOSE = (
    "docker compose --project-name lab --file - up --detach <<'END OF THE COMPOSE FILE'\n{}\nEND OF THE COMPOSE FILE"
)


class Side(StrEnum):
    """Whose command a twin runs."""

    REFERENCE = "reference"
    ATTEMPT = "attempt"


class CommandUnreadable(Invalid):
    """There is no command to try, or it is too long."""

    title = "No command"


def readable(command: str) -> str:
    """The command as it is tried, from what was typed: one line, or a compose file. Raises CommandUnreadable."""
    text = command.replace("\r\n", "\n").strip()
    if not text:
        raise CommandUnreadable("Type a command first, such as: docker run -d nginx")
    if len(text) > COMMAND_CHARS:
        raise CommandUnreadable(f"A command has at most {COMMAND_CHARS} characters here.")
    return text


def ask(client: SandboxClient, *, owner: str, template: str) -> dict[Side, str]:
    """Ask for both twins and say their ids; all or nothing. Raises what SandboxClient.ask raises."""
    pair: dict[Side, str] = {}
    try:
        for side in Side:
            pair[side] = client.ask(owner=f"{owner}.{side}", template=template).id
    except QuizappError:
        end(client, pair)
        raise
    return pair


def end(client: SandboxClient, twins: Mapping[Side, str]) -> None:
    """End twins, whatever they do; one that cannot be reached now ends by its own clocks."""
    for sandbox_id in twins.values():
        try:
            client.end(sandbox_id)
        except QuizappError:
            continue


def graded(client: SandboxClient, twins: Mapping[Side, str], *, lab: LabDefinition, command: str) -> Grade | None:
    """Grade the command on its twins; None while one of them starts. One that cannot be asked is could-not-check."""
    try:
        pair = {side: client.get(sandbox_id) for side, sandbox_id in twins.items()}
    except QuizappError as error:
        return grading.not_checked(str(error))
    return compared(client, pair, lab=lab, command=command) if all(map(is_up, pair.values())) else None


def compared(client: SandboxClient, twins: Mapping[Side, Sandbox], *, lab: LabDefinition, command: str) -> Grade:
    """Grade the command by what both twins show; a twin that cannot be asked is could-not-check. Both are up."""
    assert lab.command is not None
    try:
        return grading.compare(
            lab.command,
            reference=effect(client, twins[Side.REFERENCE], lab=lab, command=lab.command.reference),
            attempt=effect(client, twins[Side.ATTEMPT], lab=lab, command=command),
        )
    except QuizappError as error:
        return grading.not_checked(str(error))


def is_up(twin: Sandbox) -> bool:
    """Whether a twin has started, or ended; `effect` tells the two apart."""
    return twin.state not in (SandboxState.QUEUED, SandboxState.STARTING, SandboxState.READY)


def effect(client: SandboxClient, twin: Sandbox, *, lab: LabDefinition, command: str) -> Effect:
    """What the command does on a twin that is up. Asking again gives the same.

    Raises NoClearAnswer where the effect cannot be told, and what SandboxClient.run raises.
    """
    script = script_of(lab.setup, command)
    (ran,) = client.run(twin.id, [script], learner=True, each_s=RUN_S, output_bytes=SCRIPT_BYTES)
    if ran.exit_code == OF_ANOTHER:
        raise NoClearAnswer("Another command of yours took this one's host. Try again.", retry_after_s=1)
    if ran.exit_code == NOT_SET_UP:
        raise NoClearAnswer("The host could not be set up for this question. Tell an editor.", retry_after_s=60)
    ending, _, output = ran.output.partition("\n")
    if ran.exit_code != 0 or not (ending.isdecimal() or ending == STILL_RUNS):
        raise NoClearAnswer("The host could not run this command in its time. Try again.", retry_after_s=1)
    state = effects.read(client.run(twin.id, effects.COMMANDS, each_s=READ_S, output_bytes=effects.STATE_BYTES))
    return Effect(state=state, exit_code=None if ending == STILL_RUNS else int(ending), output=output)


def script_of(setup: str, command: str) -> str:
    """What is run on a twin: the set-up, then the command. It prints how that ended, then what it printed."""
    return _SCRIPT.format(
        setup=shlex.quote(setup),
        key=hashlib.sha256(command.encode()).hexdigest(),
        command=shlex.quote(_COMPOSE.format(command) if _is_compose_file(command) else command),
        seconds=COMMAND_S,
        output=OUTPUT_CHARS,
        not_set_up=NOT_SET_UP,
        of_another=OF_ANOTHER,
        still_runs=STILL_RUNS,
    )


def _is_compose_file(command: str) -> bool:
    """Whether it is a compose file: those have this key, which no command line begins with."""
    return any(line.startswith("services:") for line in command.splitlines())
