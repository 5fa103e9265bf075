"""What lab pages get from the application: the sandbox client, slots, and the check of a terminal request's origin."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

from flask import Flask, current_app, request

from quizapp.errors import Forbidden
from quizapp.labs.slots import Shares, Slots
from quizapp.sandboxes.client import SandboxClient
from quizapp.settings import Settings

PING_S = 25  # proxies commonly close a connection after 60 seconds without a byte
COMMANDS_AT_ONCE = 4  # each holds a thread of this process, and one of sandboxd, for up to command_box.COMMAND_S
# Each holds a thread for as long as a sandbox works, a minute at most; a lab page with its script has three at once.
REQUESTS_EACH = 4
# Pages are drawn from the database and from what sandboxd remembers. Nobody has more tabs open, and a browser that
# starts again asks for all of them at once.
PAGES_EACH = 12
MESSAGE_BYTES = 64 * 1024  # of one message from the browser; the page sends a longer paste in several


Workshop = Callable[[], AbstractContextManager[SandboxClient]]


def init_app(app: Flask, settings: Settings, *, sandboxes: SandboxClient, workshop: Workshop) -> None:
    """Store the sandbox client, real or fake, the workshop and the slots in the application."""
    app.extensions["sandboxes"] = sandboxes
    app.extensions["workshop"] = workshop
    app.extensions["terminal_slots"] = Slots(settings.max_terminals)
    app.extensions["command_slots"] = Slots(COMMANDS_AT_ONCE)
    app.extensions["request_shares"] = Shares(REQUESTS_EACH)
    app.extensions["page_shares"] = Shares(PAGES_EACH)
    app.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": PING_S, "max_message_size": MESSAGE_BYTES}


def sandboxes() -> SandboxClient:
    """The sandbox client of the current application."""
    client: SandboxClient = current_app.extensions["sandboxes"]
    return client


def workshop() -> AbstractContextManager[SandboxClient]:
    """A client for sandboxes of one command, which end with the context. Entering it raises EngineOff, ImageMissing."""
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


def request_shares() -> Shares:
    """Each learner's share of this process's threads for requests that ask a sandbox."""
    shares: Shares = current_app.extensions["request_shares"]
    return shares


def page_shares() -> Shares:
    """Each learner's share of this process's threads for pages."""
    shares: Shares = current_app.extensions["page_shares"]
    return shares


def require_own_page() -> None:
    """Raise Forbidden unless the Origin is this site: a WebSocket's handshake has cookies and no CSRF token."""
    origin = request.headers.get("Origin", "")
    if urlsplit(origin).netloc != request.host:
        raise Forbidden("Terminals open from the lab's own page only.")
