"""How sure a learner is before they see what is right. Knows no question."""

from enum import StrEnum


class Confidence(StrEnum):
    """How sure, in the learner's own words."""

    GUESS = "guess"
    THINK_SO = "think-so"
    SURE = "sure"


def said(text: str | None) -> Confidence | None:
    """What a form's field says; None where it says nothing, or nothing that can be."""
    return Confidence(text) if text in set(Confidence) else None
