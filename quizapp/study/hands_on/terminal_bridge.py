"""The messages between a browser and its terminal, over a WebSocket. Knows no run and no database.

Binary messages are the bytes typed and shown. A text message is one JSON object. From the browser:
`{"resize": {"rows", "columns"}}` and `{"ack": number of the next byte to be shown}`. To the browser: `{"open": …}`
first, and `{"ended": why}` at the end. Without `ended` the connection was lost, and the page asks for the same terminal
again; `{"away": why}` tells it to wait before that.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress

from quizapp.sandboxes.client import Resume, SandboxClient, Terminal, TerminalGone

MOST_ROWS, MOST_COLUMNS = 200, 500  # a large screen with small letters; larger sizes are cut
SIGN_IN_CHECK_S = 3.0  # the longest time a terminal stays open after its user signed out; one short query each

SIGNED_OUT = "You are signed out, and this terminal was closed. Sign in again for a new one."


class Bridge:
    """The SocketPeer of one browser with one terminal; `is_welcome` returns whether the sign-in is still live."""

    def __init__(self, terminal: Terminal, *, is_welcome: Callable[[], bool]) -> None:
        self._terminal = terminal
        self._is_welcome = is_welcome
        self._looked_at = time.monotonic()
        self._refused = False

    def greeting(self) -> object:
        """The terminal's id, and the positions in its output at which the following bytes begin."""
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
        """The terminal's next bytes of output; None once there are no more."""
        return self._terminal.receive()

    def farewell(self) -> object | None:
        """Why the terminal has ended; None if the connection to it was lost, and the page should ask for it again."""
        why = SIGNED_OUT if self._refused else self._terminal.ended
        return {"ended": why} if why else None

    def send(self, data: bytes) -> None:
        """Type the bytes into the terminal."""
        self._terminal.send(data)

    def control(self, message: object) -> None:
        """Resize the terminal, or acknowledge output. Any other message is ignored."""
        match message:
            case {"resize": {"rows": int(rows), "columns": int(columns)}}:
                self._terminal.resize(*window(rows, columns))
            case {"ack": int(seen)}:
                self._terminal.ack(seen)

    def goes_on(self) -> bool:
        """Whether the sign-in is live; it is checked every SIGN_IN_CHECK_S. Closes the terminal if it is not."""
        if time.monotonic() - self._looked_at < SIGN_IN_CHECK_S:
            return True
        self._looked_at = time.monotonic()
        if self._is_welcome():
            return True
        self._refused = True
        self._terminal.close()
        return False

    def leave(self) -> None:
        """Leave the terminal; its shell is kept for a while, so that the page can resume it."""
        self._terminal.leave()


def open_terminal(
    client: SandboxClient, sandbox_id: str, *, rows: int, columns: int, resume: Resume | None
) -> Terminal:
    """The terminal to resume, or a new one if that is gone or `resume` is None.

    Raises what SandboxClient.terminal raises.
    """
    if resume is not None:
        with suppress(TerminalGone):
            return client.terminal(sandbox_id, rows=rows, columns=columns, resume=resume)
    return client.terminal(sandbox_id, rows=rows, columns=columns)


def ended(why: str) -> str:
    """The message that tells the browser that its terminal has ended, and why."""
    return json.dumps({"ended": why})


def away(why: str) -> str:
    """The message that tells the browser to ask for the terminal again later, and why."""
    return json.dumps({"away": why})


def window(rows: int, columns: int) -> tuple[int, int]:
    """The window size that was asked for, brought within 1 to MOST_ROWS and 1 to MOST_COLUMNS."""
    return min(max(rows, 1), MOST_ROWS), min(max(columns, 1), MOST_COLUMNS)
