"""How the client's results and errors travel as JSON between web and sandboxd. Knows no HTTP and no Docker."""

import json
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from quizapp.errors import QuizappError, TooMany, Unavailable
from quizapp.sandboxes.client import (
    BadSandboxRequest,
    CommandResult,
    EngineFault,
    EngineOff,
    Health,
    ImageMissing,
    NoClearAnswer,
    Opened,
    Sandbox,
    SandboxGone,
    SandboxNotReady,
    TerminalGone,
    TooManySandboxes,
    TooManyStarts,
)

T = TypeVar("T")

SANDBOX = TypeAdapter(Sandbox)
SANDBOXES = TypeAdapter(tuple[Sandbox, ...])
RESULTS = TypeAdapter(tuple[CommandResult, ...])
HEALTH = TypeAdapter(Health)
OPENED = TypeAdapter(Opened)

# Socket frames of a terminal: bytes both ways are what is typed and shown; text is one JSON object of these.
MESSAGE_BYTES = 64 * 1024  # of one frame; a paste comes in several
OPEN, ENDED, ERROR = "open", "ended", "error"  # from sandboxd
RESIZE, ACK, CLOSE = "resize", "ack", "close"  # to it

_LATER: dict[str, type[Unavailable] | type[TooMany]] = {
    kind.__name__: kind
    for kind in (EngineOff, EngineFault, ImageMissing, TooManySandboxes, TooManyStarts, NoClearAnswer)
}
_PLAIN: dict[str, type[QuizappError]] = {
    kind.__name__: kind for kind in (SandboxGone, SandboxNotReady, TerminalGone, BadSandboxRequest)
}


class NotOurs(ValueError):
    """This is not what the other side would have sent."""


def to_json(kind: TypeAdapter[T], value: T) -> Any:
    """`value` as plain data for a JSON encoder."""
    return kind.dump_python(value, mode="json")


def from_json(kind: TypeAdapter[T], data: object) -> T:
    """The value that `to_json` was given. Raises NotOurs."""
    try:
        return kind.validate_python(data)
    except ValidationError as error:
        raise NotOurs(f"{error.error_count()} fields are not as expected") from None


def message(key: str, value: object) -> str:
    """A text message of a terminal."""
    return json.dumps({key: value})


def error_to_json(error: QuizappError) -> dict[str, object]:
    """An expected fault as plain data; `error_from_json` makes the same fault of it."""
    later = error.retry_after_s if isinstance(error, Unavailable | TooMany) else None
    return {"kind": type(error).__name__, "message": str(error), "retry_after_s": later}


def error_from_json(data: object) -> QuizappError:
    """The fault that the other side raised. Raises NotOurs."""
    match data:
        case {"kind": str(kind), "message": str(message), "retry_after_s": int(later)} if kind in _LATER:
            return _LATER[kind](message, retry_after_s=later)
        case {"kind": str(kind), "message": str(message)} if kind in _PLAIN:
            return _PLAIN[kind](message)
    raise NotOurs("an error of an unknown kind")
