"""An answer of a question of another tool. Pure."""

from dataclasses import dataclass

FULL = 100.0  # percent: what an answer that is wholly right is worth


@dataclass(frozen=True, kw_only=True)
class BankAnswer:
    """An answer that the tool knows. The texts are Markdown."""

    text: str
    weight: float
    """What it is worth in percent, from -100 to 100."""
    feedback: str = ""
    tolerance: str = ""
    """How far a number may be from it, as it is written; empty without one."""
