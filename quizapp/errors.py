"""The expected faults, each with a sentence that says what to do. Knows of HTTP only the status numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WayOn:
    """Where a person goes on from an error or from what is done: a link and its name."""

    name: str
    url: str
    """The address; empty for the first page, wherever the site is mounted."""


TO_TODAY = WayOn(name="Go to Today", url="")


class QuizappError(Exception):
    """The base class of every expected fault; `web.error_pages` answers a request with it.

    `str(error)` is one sentence for the person at the page or the command: what happened and what to do.
    """

    status = 500
    """The HTTP status of the answer."""
    title = "Something went wrong"
    """The heading of the error page."""
    way_on = TO_TODAY
    """The link of the error page."""


class Invalid(QuizappError):
    """The request cannot be understood or breaks a rule; sending it again unchanged will not help."""

    status = 400
    title = "That did not work"


class Forbidden(QuizappError):
    """The person may not do this, or has not proved who they are."""

    status = 403
    title = "Not for this account"


class NotFound(QuizappError):
    """What was asked for does not exist or belongs to somebody else; the answer is the same for both."""

    status = 404
    title = "Not found"


class Conflict(QuizappError):
    """What the request would change has changed since its page was drawn, or is in a state that forbids the change."""

    status = 409
    title = "Changed in the meantime"


class _Later(QuizappError):
    """A fault that may be over after `retry_after_s` seconds."""

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TooMany(_Later):
    """The person has asked for too much in too short a time."""

    status = 429
    title = "Too many requests"


class Unavailable(_Later):
    """A service that the request needs is off, does not answer, or is at its limit."""

    status = 503
    title = "Not available right now"
