"""Proves the snippets of a note: runs them on a host and says where it prints something else. Knows no file."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from quizapp.catalogue.snippets import Snippet, SnippetStep
from quizapp.labs.proof.attempt import end_all, started
from quizapp.sandboxes.client import SandboxClient

SNIPPET_S = 25.0  # of one snippet; the slowest waits ten seconds for a container that does not listen to SIGTERM
SNIPPET_BYTES = 16 * 1024
TEMPLATE = "userns"  # what every installation with hosts can start
_OVER = "\x1e"  # "record separator", which no program prints by chance


@dataclass(frozen=True, kw_only=True)
class Astray:
    """A command of a note that printed something else than the note says."""

    step: SnippetStep
    seen: str
    """What it printed; how it ended otherwise if it was not reached."""


@dataclass(frozen=True, kw_only=True)
class SnippetsProof:
    """What came of all snippets of one note."""

    proved: int
    """How many printed what they should."""
    astray: tuple[Astray, ...]
    """The first such command of each snippet that did not."""
    seconds: float


def prove_snippets(client: SandboxClient, found: Sequence[Snippet]) -> SnippetsProof:
    """Run a note's snippets one after the other on a host of its own, each in a new shell.

    Raises what SandboxClient.run raises, and NoHost.
    """
    begun, owner = time.monotonic(), f"proof-{uuid4().hex}"
    try:
        sandbox = started(client, owner=owner, template=TEMPLATE)
        results = [_astray(client, sandbox.id, snippet) for snippet in found]
    finally:
        end_all(client, owner)
    astray = tuple(one for one in results if one is not None)
    return SnippetsProof(proved=len(results) - len(astray), astray=astray, seconds=round(time.monotonic() - begun, 1))


def _astray(client: SandboxClient, sandbox_id: str, snippet: Snippet) -> Astray | None:
    """The first command of a snippet that printed something else; None if there is none."""
    (result,) = client.run(sandbox_id, [script(snippet)], learner=True, each_s=SNIPPET_S, output_bytes=SNIPPET_BYTES)
    *outputs, rest = result.output.split(f"\n{_OVER}\n")
    for step, output in zip(snippet.steps, outputs, strict=False):
        if not step.holds(output):
            return Astray(step=step, seen=output)
    if len(outputs) < len(snippet.steps):
        late = f"It did not end within {SNIPPET_S:g} seconds. " if result.timed_out else "The shell ended here. "
        return Astray(step=snippet.steps[len(outputs)], seen=late + rest)
    return None


def script(snippet: Snippet) -> str:
    """What one shell runs: the commands, with a mark behind the output of each."""
    return "exec 2>&1 </dev/null\n" + "".join(_marked(snippet))


def _marked(snippet: Snippet) -> Iterator[str]:
    for step in snippet.steps:
        yield f"{step.command}\nprintf '\\n\\036\\n'\n"
