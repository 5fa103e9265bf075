"""Proves that what a lab's texts show works: runs their commands and says which fail. Knows no attempt and no database.

A command of the task or of a hint must work on a host as it was set up, or once the lab is done; one of the text after
the run, once the lab is done. The lab file marks those that are meant to fail.
"""

from collections.abc import Iterator, Sequence

from quizapp.catalogue.labs.lab_format import LabAnswer, LabDefinition
from quizapp.catalogue.labs.lab_parts import Compare, LabTemplate
from quizapp.catalogue.labs.shown_commands import shown
from quizapp.sandboxes.client import Sandbox, SandboxClient

# Seconds. A capture that a text shows waits for packets, and has begun by then; a processor may be emulated in a `vm`.
SHOWN_S = {LabTemplate.USERNS: 4.0, LabTemplate.VM: 30.0}
SHOWN_BYTES = 4 * 1024
GUESSES = {  # answers that can be read and are right in no lab; any other kind reads "-1"
    Compare.ADDRESS: "192.0.2.1",
    Compare.ENDPOINT: "192.0.2.1:1",
    Compare.SUBNET: "192.0.2.0/31",
    Compare.MAC: "00:00:00:00:00:00",
    Compare.NAME: "nothing-like-that",
}


def guess(asked: LabAnswer) -> str:
    """A wrong answer of the kind that is asked for.

    Of words or places to choose from it is the last: no lab wants that alone.
    """
    choices = asked.among or asked.options
    return choices[-1] if choices else GUESSES.get(asked.compare, "-1")


def before(lab: LabDefinition) -> Sequence[str]:
    """The commands to run on a host as it was set up."""
    return () if lab.command else shown(lab).on_the_way


def after(lab: LabDefinition) -> Sequence[str]:
    """The commands to run once the lab is done."""
    found = shown(lab)
    return () if lab.command else (*found.afterwards, *found.on_the_way)


def failed(client: SandboxClient, sandbox: Sandbox, commands: Sequence[str]) -> tuple[int, ...]:
    """The numbers, from 0, of the commands that fail one after the other. Raises what SandboxClient.run raises."""
    return tuple(number for number, command in enumerate(commands) if _fails(client, sandbox, command))


def troubles(lab: LabDefinition, *, failed_before: Sequence[int], failed_after: Sequence[int]) -> Iterator[str]:
    """A sentence for each shown command that never worked, though it should, or worked, though it is marked to fail.

    `failed_before` are numbers of `before(lab)`, and `failed_after` of `after(lab)`, whatever values the labs had.
    """
    later = after(lab)
    gone_wrong = {later[number] for number in failed_after} - _worked(before(lab), failed_before)
    for command in dict.fromkeys(later):
        if command in gone_wrong and command not in lab.shown.fail:
            yield f"A text shows a command that fails: {command}"
        if command not in gone_wrong and command in lab.shown.fail:
            yield f"A command is marked as one that fails, and works: {command}"


def _worked(commands: Sequence[str], failed_ones: Sequence[int]) -> set[str]:
    return {command for number, command in enumerate(commands) if number not in failed_ones}


def _fails(client: SandboxClient, sandbox: Sandbox, command: str) -> bool:
    """Whether a command fails, run as the learner's root; one that still runs after SHOWN_S does not."""
    command = command.replace(" -it ", " -i ")  # no terminal is there
    each_s = SHOWN_S[LabTemplate(sandbox.template)]
    (result,) = client.run(sandbox.id, [command], learner=True, each_s=each_s, output_bytes=SHOWN_BYTES)
    return not result.timed_out and result.exit_code != 0
