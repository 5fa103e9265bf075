"""The ways in which one thing can be asked, from the cheapest to the dearest. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """How a question is asked, in the order of what answering costs."""

    CARD = "card"  # remembered, then compared with the back: seconds
    CHOICE = "choice"  # recognised among options
    TYPED = "typed"  # written out, then compared with the points of a good answer
    COMMAND = "command"  # one command, given on a host
    HANDS_ON = "hands_on"  # a whole lab: minutes

    @property
    def needs_host(self) -> bool:
        """Whether it is answered on a sandbox."""
        return self in (Form.COMMAND, Form.HANDS_ON)


@dataclass(frozen=True, kw_only=True)
class Way:
    """A question as one of several that test the same thing."""

    question_id: int
    form: Form
