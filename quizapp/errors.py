"""What can go wrong, in words a person can act on. Knows HTTP only as a number; `web.error_pages` answers with it."""


class QuizappError(Exception):
    """The root of every expected fault.

    `str(error)` is one sentence for the person concerned: what happened and what to do.
    `status` is the HTTP status and `title` the heading it is shown under.
    """

    status = 500
    title = "Something went wrong"


class Invalid(QuizappError):
    """The request cannot be understood or breaks a rule; sending it again unchanged will not help."""

    status = 400
    title = "That did not work"


class Forbidden(QuizappError):
    """The person is known and may not do this."""

    status = 403
    title = "Not for this account"


class NotFound(QuizappError):
    """There is no such thing, or it belongs to somebody else; the two are not told apart."""

    status = 404
    title = "Not found"


class Conflict(QuizappError):
    """The thing has changed since it was shown."""

    status = 409
    title = "Changed in the meantime"


class _Later(QuizappError):
    """Trying again may help, after `retry_after_s` seconds."""

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TooMany(_Later):
    """The person has asked for too much in too short a time."""

    status = 429
    title = "Too many requests"


class Unavailable(_Later):
    """A part that this needs is off or full."""

    status = 503
    title = "Not available right now"
