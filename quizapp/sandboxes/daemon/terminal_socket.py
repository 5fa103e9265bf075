"""A terminal as sandboxd's client is told of it over a WebSocket, and what that may tell it. Knows no engine."""

from quizapp.sandboxes.client import BadSandboxRequest, Terminal
from quizapp.sandboxes.remote import wire

WINDOW_MOST = 1000  # rows or columns; wider than any screen


class TerminalPeer:
    """See quizapp.web.sockets.Side."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def greeting(self) -> object:
        """How the connection begins."""
        return {wire.OPEN: wire.to_json(wire.OPENED, self._terminal.opened)}

    def receive(self) -> bytes | None:
        """What the shell prints."""
        return self._terminal.receive()

    def farewell(self) -> object | None:
        """Why the terminal is over."""
        return {wire.ENDED: self._terminal.ended} if self._terminal.ended else None

    def send(self, data: bytes) -> None:
        """Type."""
        self._terminal.send(data)

    def control(self, message: object) -> None:
        """Resize, acknowledge or close. A message that makes no sense is passed over."""
        match message:
            case {wire.RESIZE: {"rows": int(rows), "columns": int(columns)}} if _is_window(rows, columns):
                self._terminal.resize(rows, columns)
            case {wire.ACK: int(seen)}:
                self._terminal.ack(seen)
            case {wire.CLOSE: True}:
                self._terminal.close()

    def goes_on(self) -> bool:
        """Its client may always stay."""
        return True

    def leave(self) -> None:
        """Let the shell wait for its next client."""
        self._terminal.leave()


def window(rows: int | None, columns: int | None) -> tuple[int, int]:
    """The window's size as (rows, columns). Raises BadSandboxRequest if it cannot be one."""
    if rows is None or columns is None or not _is_window(rows, columns):
        raise BadSandboxRequest(f"A terminal has 1 to {WINDOW_MOST} rows and columns; send whole numbers.")
    return rows, columns


def _is_window(rows: int, columns: int) -> bool:
    return 0 < rows <= WINDOW_MOST and 0 < columns <= WINDOW_MOST
