"""Reads one command that is graded by its effect. Pure: what it does on a host is seen elsewhere."""

from quizapp.catalogue.bounds import COMMAND_MAX_CHARS
from quizapp.errors import Invalid


def readable(typed: str) -> str:
    """The command, or compose file, without what a browser adds."""
    return typed.replace("\r\n", "\n").strip()


def refuse_unreadable(typed: str) -> None:
    """Raise Invalid for no command, and for one that is too long."""
    text = readable(typed)
    if not text:
        raise Invalid("Type a command first, such as: docker run -d nginx")
    if len(text) > COMMAND_MAX_CHARS:
        raise Invalid(f"A command has at most {COMMAND_MAX_CHARS:,} characters here.")
