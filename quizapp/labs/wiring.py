"""What the pages of labs need of the application: the way to sandboxes, slots for terminals, a fence before those."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

from flask import Flask, current_app, request

from quizapp.errors import Forbidden
from quizapp.labs.slots import Slots
from quizapp.sandboxes.client import SandboxClient
from quizapp.settings import Settings

PING_S = 25  # proxies commonly close a line after 60 silent seconds
COMMANDS_AT_ONCE = 4  # each holds a thread of this process, and of sandboxd, for up to twenty seconds
MESSAGE_BYTES = 64 * 1024  # of one message from the browser; a paste comes in several


Workshop = Callable[[], AbstractContextManager[SandboxClient]]


def init_app(app: Flask, settings: Settings, *, sandboxes: SandboxClient, workshop: Workshop) -> None:
    """Give the application its way to sandboxes, real or fake, and to those that an author tries labs in."""
    app.extensions["sandboxes"] = sandboxes
    app.extensions["workshop"] = workshop
    app.extensions["terminal_slots"] = Slots(settings.max_terminals)
    app.extensions["command_slots"] = Slots(COMMANDS_AT_ONCE)
    app.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": PING_S, "max_message_size": MESSAGE_BYTES}


def sandboxes() -> SandboxClient:
    """The way to sandboxes of this application."""
    client: SandboxClient = current_app.extensions["sandboxes"]
    return client


def workshop() -> AbstractContextManager[SandboxClient]:
    """Sandboxes that no learner has a part in, while the context lasts. Entering it may raise EngineOff."""
    make: Workshop = current_app.extensions["workshop"]
    return make()


def terminal_slots() -> Slots:
    """The slots for terminals in this process."""
    slots: Slots = current_app.extensions["terminal_slots"]
    return slots


def command_slots() -> Slots:
    """The slots for commands of the command box in this process."""
    slots: Slots = current_app.extensions["command_slots"]
    return slots


def require_own_page() -> None:
    """Raise Forbidden unless a page of this very site is asking: a socket's handshake carries cookies and no token."""
    origin = request.headers.get("Origin", "")
    if urlsplit(origin).netloc != request.host:
        raise Forbidden("Terminals open from the lab's own page only.")
