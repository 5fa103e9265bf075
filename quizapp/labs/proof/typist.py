"""Types a script into a host's terminal, as if a learner pasted it, and waits until it has ended. Knows no lab."""

import threading

from quizapp.sandboxes.client import SandboxClient, Terminal

ROWS, COLUMNS = 24, 80
AT_PROMPT = b"\x1b[?2004h"  # "mark what is pasted", which bash sends each time it is ready for input
PASTE, PASTED = "\x1b[200~", "\x1b[201~"
OVER = b"attempt-is-over"
_SAY_OVER = "printf 'attempt-%s\\n' is-over"  # in two parts, so that the echo of this line is not taken for its output
TAIL_BYTES = 64  # enough to find a mark that comes in two chunks


def type_in(client: SandboxClient, sandbox_id: str, script: str, *, within_s: float) -> bool:
    """Open a terminal, paste `script` and wait. Whether it ended, or ended the shell, within `within_s` seconds.

    The shell is left open, since its background processes would end with it. Raises what SandboxClient.terminal raises.
    """
    terminal = client.terminal(sandbox_id, rows=ROWS, columns=COLUMNS)
    timer = threading.Timer(within_s, terminal.leave)
    timer.start()
    try:
        reader = _Reader(terminal)
        if reader.wait_for(AT_PROMPT):
            terminal.send(f"{PASTE}{script.rstrip()}\n{_SAY_OVER}{PASTED}\r".encode())
            reader.wait_for(OVER)
        return reader.found or terminal.ended is not None
    finally:
        timer.cancel()
        terminal.leave()


class _Reader:
    """Reads a terminal's output and keeps only the last TAIL_BYTES, in which a mark may begin."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._seen = terminal.opened.start
        self.found = False

    def wait_for(self, mark: bytes) -> bool:
        """Read until `mark` comes (True), or the terminal ends or is left (False)."""
        tail = b""
        self.found = False
        while not self.found and (data := self._terminal.receive()) is not None:
            self._seen += len(data)
            self._terminal.ack(self._seen)
            self.found = mark in tail + data
            tail = (tail + data)[-TAIL_BYTES:]
        return self.found
