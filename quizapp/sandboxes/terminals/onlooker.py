"""What one sees who only looks on at a sandbox's terminals. Knows no engine and no socket.

It reads the same ring of a shell's output as the shell's client, at a place of its own, and is never waited for: one
that is slow misses bytes, and is shown what is kept instead.
"""

from collections.abc import Callable

from quizapp.sandboxes.client import Opened, TerminalGone
from quizapp.sandboxes.terminals.kept_shells import KeptShell

WAITS_S = 0.25  # until it looks whether another terminal was typed into meanwhile
RESET = b"\x1bc"  # RIS: the emulator forgets all that it shows
NOTHING_OPEN = "No terminal is open on this host."


class Onlooker:
    """See SandboxClient.onlooker. `last_used` gives the shell to look at; None if none runs."""

    def __init__(self, last_used: Callable[[], KeptShell | None]) -> None:
        """Raises TerminalGone if no shell runs."""
        if last_used() is None:
            raise TerminalGone(NOTHING_OPEN)
        self._last_used = last_used
        self._shell: KeptShell | None = None
        self._size: tuple[int, int] | None = None
        self._at = 0
        self._left = False
        self._ended: str | None = None

    @property
    def opened(self) -> Opened:
        """Where it begins: its bytes are its own, and no shell's."""
        return Opened(terminal_id="", start=0, seen=0, truncated=False)

    @property
    def ended(self) -> str | None:
        """See Terminal.ended."""
        return self._ended

    def receive(self) -> bytes | None:
        """See Terminal.receive."""
        while not self._left:
            shell = self._last_used()
            if shell is None:
                self._ended = NOTHING_OPEN
                return None
            if data := self._next_of(shell):
                return data
        return None

    def _next_of(self, shell: KeptShell) -> bytes:
        is_other, is_resized = shell is not self._shell, shell.size != self._size
        start, data = shell.from_number(-1 if is_other else self._at, wait_s=0 if is_resized else WAITS_S)
        is_missed = start != self._at
        self._shell, self._size, self._at = shell, shell.size, start + len(data)
        anew = RESET if is_other or is_missed else b""
        return anew + (_size_of(shell.size) if anew or is_resized else b"") + data

    def ack(self, seen: int) -> None:
        """Does nothing: no shell waits for it."""

    def send(self, data: bytes) -> None:
        """Does nothing: who looks on types nothing."""

    def resize(self, rows: int, columns: int) -> None:
        """Does nothing: the window is the learner's."""

    def leave(self) -> None:
        """See Terminal.leave."""
        self._left = True

    def close(self) -> None:
        """As `leave`: the shell is the learner's."""
        self._left = True


def _size_of(size: tuple[int, int] | None) -> bytes:
    """The escape sequence that gives a window this size, in rows and columns."""
    return b"" if size is None else b"\x1b[8;%d;%dt" % size
