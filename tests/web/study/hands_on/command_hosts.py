"""A lab that asks for one command, and fake hosts on which a command has the effect of the reference, or another."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import Any

from quizapp.labs.judging import effects
from quizapp.labs.trials import twins
from quizapp.sandboxes.client import CommandResult, SandboxClient
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.lab_builders import printed

SETUP = "prepare"
RIGHT = "docker run -d nginx"
NETWORK = '{"id": "x", "name": "bridge", "driver": "bridge", "internal": false, "subnets": []}'


def answers(command: str, *, ran: CommandResult | None = None, networks: str = NETWORK) -> dict[str, CommandResult]:
    """What hosts say on which the reference, or the command, was run."""
    both = dict.fromkeys((twins.script_of(SETUP, text) for text in ("reference", command)), ran or printed("0\ndone"))
    return both | dict.fromkeys(effects.COMMANDS, printed("")) | {effects.COMMANDS[0]: printed(networks)}


LATE = f"Your command had not ended after {effects.COMMAND_S} seconds, which is the limit: the hosts were compared"
ENDINGS = (
    (twins.STILL_RUNS, LATE),
    (f"{twins.STILL_RUNS}\nPulling", "ended with its host. It printed:"),
    ("1\n", "Your command failed with exit code 1. It printed nothing."),
    ("125\nunknown flag", "Your command failed with exit code 125. It printed:"),
)
"""What a host says of a command that ended otherwise than it should, and what pages say of it."""
ONE_LINE: dict[str, Any] = {
    "slug": "one-line",
    "vars": {},
    "setup": SETUP,
    "task": "Start it.",
    "predict": [],
    "answer": None,
    "explain": None,
    "checks": [],
    "command": {"label": "Your command", "reference": "reference", "hint": "They differ."},
    "solutions": [{"run": RIGHT}],
    "wrong": [{"run": "true", "why": "Nothing was done."}],
}


@contextmanager
def meanwhile(client: FakeSandboxClient, act: Callable[[], object]) -> Iterator[None]:
    """Let `act` happen from its beginning to its end while the first commands are run on a host."""
    run, others, first = client.run, ThreadPoolExecutor(1), Lock()  # both hosts are asked at the same time
    done: list[Future[object]] = []

    def run_late(sandbox_id: str, commands: Sequence[str], **how: Any) -> tuple[CommandResult, ...]:
        if first.acquire(blocking=False):
            done.append(others.submit(act))
            done[0].result(timeout=30)
        return run(sandbox_id, commands, **how)

    client.run = run_late  # type: ignore[method-assign]
    yield
    client.run = run  # type: ignore[method-assign]
    assert done, "No command was run."
    others.shutdown()


def let_differ(client: FakeSandboxClient, command: str, *, ran: CommandResult | None = None) -> None:
    """Let a host on which the command was run have one network more than others."""
    client.answers = answers(command, ran=ran)
    run, changed = client.run, set()

    def run_there(sandbox_id: str, commands: Sequence[str], **how: Any) -> tuple[CommandResult, ...]:
        results = run(sandbox_id, commands, **how)
        if twins.script_of(SETUP, command) in commands:
            changed.add(sandbox_id)
        is_shown = sandbox_id in changed and tuple(commands) == effects.COMMANDS
        return (printed(f"{NETWORK}\n{NETWORK.replace('bridge', 'shop')}"), *results[1:]) if is_shown else results

    client.run = run_there  # type: ignore[method-assign]


def live(client: SandboxClient) -> set[str]:
    """The ids of the hosts that can be used."""
    return {sandbox.id for sandbox in client.list() if sandbox.state.is_live}
