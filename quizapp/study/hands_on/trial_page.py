"""A trial as data for its page: the command, and the state of its two hosts. Knows no database."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.errors import QuizappError
from quizapp.labs.trials import twins
from quizapp.labs.trials.store import Trial
from quizapp.labs.trials.twins import Side
from quizapp.sandboxes.client import SandboxClient
from quizapp.study.hands_on.host_page import start_says

AGAIN_MS = 600  # a host's start takes a second or two
WHOSE = {Side.ATTEMPT: "Your command", Side.REFERENCE: "The reference"}
RUNS = "runs now."


@dataclass(frozen=True, kw_only=True)
class TrialPage:
    """A command that waits for its grade."""

    command: str
    says: Sequence[str]
    """A line about each of its two hosts."""
    again_ms: int = AGAIN_MS
    """Milliseconds until the page asks again."""


def trial_page(client: SandboxClient, waiting: Trial) -> TrialPage:
    """The page of a trial, with the present state of its hosts. Raises no domain error."""
    return TrialPage(
        command=waiting.command,
        says=tuple(f"{WHOSE[side]}: {_says(client, waiting.twins[side])}" for side in WHOSE),
    )


def _says(client: SandboxClient, sandbox_id: str) -> str:
    try:
        sandbox = client.get(sandbox_id)
    except QuizappError as error:
        return str(error)
    return RUNS if twins.is_up(sandbox) else start_says(sandbox)
