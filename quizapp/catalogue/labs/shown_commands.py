"""Finds the commands that a lab's texts show, so that a proof can run them. Knows no host and runs nothing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.catalogue.labs.lab_format import LabDefinition

_FENCE = re.compile(r"^```(?:bash|sh|shell)\n(?P<lines>.*?)^```", re.MULTILINE | re.DOTALL)
_ANY_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`(?P<code>[^`]+)`(?!`)")
# Programs of the host that a text tells to type; another word in code is a name or an output.
_PROGRAM = re.compile(
    r"(?:docker|ip|iptables|iptables-save|nsenter|tcpdump|sysctl|ss|curl|ping|readlink|conntrack|service|cat|bridge|nc|ssh"
    r"|dig|nslookup|pgrep)\s"
)
# Left for the learner to fill in, in capitals, or left out. `${PORT}` is a variable of the lab, which gets its value.
_BLANK = re.compile(
    r"(?<![\w-])(?<!\$\{)(?:ADDRESS|NAME|NETWORK|CONTAINER|GATEWAY|PID|PORT|BRIDGE|SERVER|HOST|INTERFACE)(?![\w-])"
    r"|…|\.\.\."
)
# A program, and options at most: it names what to use, and is no command yet.
_NAMED_ONLY = re.compile(
    r"(?:docker (?:(?:network|container|image|swarm|service) )?\w+|[\w-]+)(?:\s+--?[\w=-]+(?:\s+\w+)?)*"
)


@dataclass(frozen=True, kw_only=True)
class ShownCommands:
    """The commands that a lab shows, in the order of its texts, without those that its file says not to run."""

    on_the_way: Sequence[str]
    """In the task and the hints: each works before the lab is done, or after it."""
    afterwards: Sequence[str]
    """In the text after the run: each works once the lab is done."""


def shown(lab: LabDefinition) -> ShownCommands:
    """The commands that the lab's texts show and that can be run as they stand."""
    return ShownCommands(
        on_the_way=_without(lab.shown.skip, _commands([lab.task, *lab.hints])),
        afterwards=_without(lab.shown.skip, _commands([lab.reveal])),
    )


def stale_marks(lab: LabDefinition) -> Sequence[str]:
    """The commands that the lab file marks under `shown` and that no text of the lab shows."""
    known = set(_commands([lab.task, *lab.hints, lab.reveal]))
    return tuple(marked for marked in (*lab.shown.fail, *lab.shown.skip) if marked not in known)


def _commands(texts: Sequence[str]) -> Iterator[str]:
    """The commands of some Markdown texts: each line of a block of shell, and each span of code that is a command."""
    for text in texts:
        for fence in _FENCE.finditer(text):
            yield from (line for line in _lines(fence["lines"]) if not _BLANK.search(line))
        spans = (" ".join(span["code"].split()) for span in _SPAN.finditer(_ANY_FENCE.sub("", text)))
        yield from (code for code in spans if _is_command(code))


def _is_command(code: str) -> bool:
    return bool(_PROGRAM.match(code)) and not _BLANK.search(code) and not _NAMED_ONLY.fullmatch(code)


def _lines(block: str) -> Iterator[str]:
    """The commands in a block of shell: its lines, with those put together that go on on the next one."""
    for line in block.replace("\\\n", " ").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield " ".join(line.split())


def _without(skipped: Sequence[str], commands: Iterator[str]) -> tuple[str, ...]:
    """The commands, each once, but for those to skip."""
    return tuple(command for command in dict.fromkeys(commands) if command not in skipped)
