"""The client's results and errors as JSON between web and sandboxd. Knows no HTTP and no Docker SDK."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from quizapp.errors import QuizappError, TooMany, Unavailable
from quizapp.sandboxes import client_errors
from quizapp.sandboxes.client import CommandResult, Health, Opened, PoolFigures, Printed, Sandbox

T = TypeVar("T")

SANDBOX = TypeAdapter(Sandbox)
SANDBOXES = TypeAdapter(tuple[Sandbox, ...])
RESULTS = TypeAdapter(tuple[CommandResult, ...])
PRINTED = TypeAdapter(tuple[Printed, ...])
HEALTH = TypeAdapter(Health)
FIGURES = TypeAdapter(PoolFigures)
OPENED = TypeAdapter(Opened)

# WebSocket messages of a terminal: a binary one is input or output, a text one a JSON object with one of these keys.
MESSAGE_BYTES = 64 * 1024  # of one message; a longer paste is sent in several
OPEN, ENDED, ERROR = "open", "ended", "error"  # from sandboxd
RESIZE, ACK, CLOSE = "resize", "ack", "close"  # to sandboxd

# Every error class that `client_errors` defines, by its name; a new one there needs no change here.
ERRORS: Mapping[str, type[QuizappError]] = {
    name: kind
    for name, kind in vars(client_errors).items()
    if isinstance(kind, type) and issubclass(kind, QuizappError) and kind.__module__ == client_errors.__name__
}


class NotOurs(ValueError):
    """The data does not have the form in which web and sandboxd send it."""


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
    """The error as plain data, of which `error_from_json` makes an equal error."""
    later = error.retry_after_s if isinstance(error, Unavailable | TooMany) else None
    return {"kind": type(error).__name__, "message": str(error), "retry_after_s": later}


def error_from_json(data: object) -> QuizappError:
    """The error that the other side raised. Raises NotOurs."""
    match data:
        case {"kind": str(name), "message": str(text), "retry_after_s": int() | None as later} if name in ERRORS:
            return _error(ERRORS[name], text, later)
    raise NotOurs("an error of an unknown kind")


def _error(kind: type[QuizappError], text: str, later: int | None) -> QuizappError:
    """The error with this message. Raises NotOurs if its class needs `retry_after_s` and `later` is None."""
    if not issubclass(kind, Unavailable | TooMany):
        return kind(text)
    if later is None:
        raise NotOurs("an error that does not say when to try again")
    return kind(text, retry_after_s=later)
