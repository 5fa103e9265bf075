"""How sure a learner says they are of an answer, before they see the right one. Knows no question."""

from enum import StrEnum


class Confidence(StrEnum):
    """How sure a learner is, in the words that the form offers."""

    GUESS = "guess"
    THINK_SO = "think-so"
    SURE = "sure"


def said(text: str | None) -> Confidence | None:
    """The confidence that a form field's text names; None for an empty or an unknown text."""
    return Confidence(text) if text in set(Confidence) else None
