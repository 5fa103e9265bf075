"""What the question after a right command is about. Apart from grades, since every page that reads runs knows it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ToExplain:
    """What is read on the host of a right command, before it is ended, for the question after that."""

    shown: str
    """What the learner is shown of the host."""
    right: str
    """What the host printed as the right answer."""
