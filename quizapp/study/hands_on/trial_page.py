"""A command that is being tried, as its page draws it. Knows no database."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.errors import QuizappError
from quizapp.labs.trials import twins
from quizapp.labs.trials.store import Trial
from quizapp.labs.trials.twins import Side
from quizapp.sandboxes.client import SandboxClient
from quizapp.study.hands_on.host_page import start_says

AGAIN_MS = 600  # a start takes a second or two
WHOSE = {Side.ATTEMPT: "Your command", Side.REFERENCE: "The reference"}
RUNS = "runs now."


@dataclass(frozen=True, kw_only=True)
class TrialPage:
    """The command, a line on each of its hosts, and after how many milliseconds to look again."""

    command: str
    says: Sequence[str]
    again_ms: int = AGAIN_MS


def trial_page(client: SandboxClient, waiting: Trial) -> TrialPage:
    """How far the hosts of a command are."""
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
