"""An answer as a learner sends it, whatever the kind of the question. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.confidence import Confidence


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer as the learner sends it: chosen options, a text, or several values in their order."""

    choices: Sequence[int] = ()
    """The ids of the chosen options."""
    text: str = ""
    parts: Sequence[str] = ()
    """What was typed into or chosen for each of several fields, by its place."""
    is_unknown: bool = False
    """Whether the learner says that they do not know."""
    confidence: Confidence | None = None
    """How sure the learner says they are; None if they do not say."""
