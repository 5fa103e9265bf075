"""A terminal as the browser is told of it over its socket, and what that may tell it. Knows no run and no database.

Bytes are what is typed and shown. Text is one JSON object: from the browser `{"resize": {"rows", "columns"}}` and
`{"ack": number of the next byte to be shown}`; to it `{"open": …}` first, and `{"ended": why}` at the end. Without the
latter the line was lost and the page comes back for the same terminal; `{"away": why}` says that it must wait for that.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress

from quizapp.sandboxes.client import Resume, SandboxClient, Terminal, TerminalGone

MOST_ROWS, MOST_COLUMNS = 200, 500  # a large screen with small letters; a client cannot ask for more
SIGN_IN_CHECK_S = 3.0  # how late a terminal hears that its user has signed out; one short query each

SIGNED_OUT = "You are signed out, and this terminal was closed. Sign in again for a new one."


class Bridge:
    """One browser on one terminal, for as long as it `is_welcome`. See quizapp.web.sockets.Side."""

    def __init__(self, terminal: Terminal, *, is_welcome: Callable[[], bool]) -> None:
        self._terminal = terminal
        self._is_welcome = is_welcome
        self._looked_at = time.monotonic()
        self._refused = False

    def greeting(self) -> object:
        """Which terminal this is, and which part of its output follows."""
        opened = self._terminal.opened
        return {
            "open": {
                "terminal": opened.terminal_id,
                "start": opened.start,
                "seen": opened.seen,
                "truncated": opened.truncated,
            }
        }

    def receive(self) -> bytes | None:
        """What the terminal shows."""
        return self._terminal.receive()

    def farewell(self) -> object | None:
        """Why it is over; None if the connection was lost, and the page should come back."""
        why = SIGNED_OUT if self._refused else self._terminal.ended
        return {"ended": why} if why else None

    def send(self, data: bytes) -> None:
        """Type."""
        self._terminal.send(data)

    def control(self, message: object) -> None:
        """Resize or acknowledge. A message that makes no sense is passed over."""
        match message:
            case {"resize": {"rows": int(rows), "columns": int(columns)}}:
                self._terminal.resize(*window(rows, columns))
            case {"ack": int(seen)}:
                self._terminal.ack(seen)

    def goes_on(self) -> bool:
        """Whether the sign-in holds, by the last look at it. One that does not closes the terminal."""
        if time.monotonic() - self._looked_at < SIGN_IN_CHECK_S:
            return True
        self._looked_at = time.monotonic()
        if self._is_welcome():
            return True
        self._refused = True
        self._terminal.close()
        return False

    def leave(self) -> None:
        """Let the shell wait for its page to come back."""
        self._terminal.leave()


def open_terminal(
    client: SandboxClient, sandbox_id: str, *, rows: int, columns: int, resume: Resume | None
) -> Terminal:
    """The terminal that the page had before, or a new one if that is gone. Raises what SandboxClient.terminal does."""
    if resume is not None:
        with suppress(TerminalGone):
            return client.terminal(sandbox_id, rows=rows, columns=columns, resume=resume)
    return client.terminal(sandbox_id, rows=rows, columns=columns)


def ended(why: str) -> str:
    """The message that tells the browser why its terminal is over."""
    return json.dumps({"ended": why})


def away(why: str) -> str:
    """The message that tells the browser why it should come back later."""
    return json.dumps({"away": why})


def window(rows: int, columns: int) -> tuple[int, int]:
    """A window that a shell can have, nearest to the one asked for."""
    return min(max(rows, 1), MOST_ROWS), min(max(columns, 1), MOST_COLUMNS)
