"""A terminal behind sandboxd's WebSocket: what its messages are, and what a client's messages do. Knows no engine."""

from quizapp.sandboxes.client import BadSandboxRequest, Terminal
from quizapp.sandboxes.remote import wire

WINDOW_MOST = 1000  # rows or columns; wider than any screen


class TerminalPeer:
    """See quizapp.web.sockets.SocketPeer."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def greeting(self) -> object:
        """Where in the terminal's output the connection begins."""
        return {wire.OPEN: wire.to_json(wire.OPENED, self._terminal.opened)}

    def receive(self) -> bytes | None:
        """The shell's next output; None once the terminal is over."""
        return self._terminal.receive()

    def farewell(self) -> object | None:
        """Why the terminal is over; None if it is not."""
        return {wire.ENDED: self._terminal.ended} if self._terminal.ended else None

    def send(self, data: bytes) -> None:
        """Send typed bytes to the shell."""
        self._terminal.send(data)

    def control(self, message: object) -> None:
        """Resize, acknowledge or close. Any other message is ignored."""
        match message:
            case {wire.RESIZE: {"rows": int(rows), "columns": int(columns)}} if _is_window(rows, columns):
                self._terminal.resize(rows, columns)
            case {wire.ACK: int(seen)}:
                self._terminal.ack(seen)
            case {wire.CLOSE: True}:
                self._terminal.close()

    def goes_on(self) -> bool:
        """True: sandboxd never disconnects a client by itself."""
        return True

    def leave(self) -> None:
        """End the connection; the shell is kept for the next client."""
        self._terminal.leave()


def window(rows: int | None, columns: int | None) -> tuple[int, int]:
    """The window's size as (rows, columns). Raises BadSandboxRequest if either is missing or out of range."""
    if rows is None or columns is None or not _is_window(rows, columns):
        raise BadSandboxRequest(f"A terminal has 1 to {WINDOW_MOST} rows and columns; send whole numbers.")
    return rows, columns


def _is_window(rows: int, columns: int) -> bool:
    return 0 < rows <= WINDOW_MOST and 0 < columns <= WINDOW_MOST
