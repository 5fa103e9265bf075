"""Every error that a client of sandboxes can raise. Other rooms import them from `client`. Knows no Docker SDK.

`remote.wire` sends every error class defined here from sandboxd to web under its name. Its constructor takes a message,
and `retry_after_s` if it is an Unavailable or a TooMany.
"""

from quizapp.errors import Conflict, Invalid, NotFound, TooMany, Unavailable


class EngineOff(Unavailable):
    """No Docker Engine answers, or QUIZAPP_ENGINE is `none`."""

    title = "Hands-on questions are off"


class EngineFault(Unavailable):
    """The Docker Engine answered a request with an error, or did not finish a removal in time."""

    title = "The Docker Engine had a fault"


class SandboxdAway(Unavailable):
    """sandboxd does not answer, or its answer cannot be read."""

    title = "The sandbox service is away"


class ImageMissing(Unavailable):
    """The engine answers, but lacks the sandbox image or its volume."""

    title = "Hands-on questions are not set up"


class TemplateOff(Unavailable):
    """This installation does not offer the template that was asked for."""

    title = "This lab needs another kind of host"


class TooManySandboxes(Unavailable):
    """The installation has as many sandboxes, and as many owners in its queue, as its limits allow."""

    title = "All sandboxes are taken"


class TooManyStarts(TooMany):
    """This owner has started as many sandboxes within the last hour as the limit allows."""

    title = "That was many hosts in one hour"


class SandboxGone(NotFound):
    """There is no such sandbox, or it has ended."""

    title = "This sandbox is gone"


class SandboxNotReady(Conflict):
    """The sandbox is live but still starting, or has as many terminals open as one may have."""

    title = "Not yet"


class NoClearAnswer(Unavailable):
    """The sandbox's answer is late, too long or malformed: a check of it is could-not-check, never a fail."""

    title = "Could not check"


class BadSandboxRequest(Invalid):
    """An argument of the call is not valid for any sandbox."""


class TerminalGone(NotFound):
    """This sandbox has no terminal with this id, or that terminal has ended."""

    title = "This terminal is gone"
