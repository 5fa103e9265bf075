"""What the commands of a sandbox's terminals printed, cut out of the shells' output. Knows no engine and no socket.

A learner's shell marks where a command begins and ends (`.bash_profile` of the image, by the escape sequence OSC 133,
which terminals know for this and do not show). Programs can print the same marks; then only this record is wrong.
"""

import re
import threading
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime

from quizapp.sandboxes.client import Printed

# ESC ] 133 ; C ; seconds since 1970 BEL before a command, ESC ] 133 ; D ; exit code BEL after it.
MARK = re.compile(rb"\x1b\]133;(?:C;(\d{9,11})|D;(\d{1,3}))\x07")
MARK_MOST_BYTES = 20  # the longest that MARK matches, less one
HEAD_BYTES = 3 * 1024  # of what a command prints; a screen full of `docker ps` has two
TAIL_BYTES = 1024  # kept of the end, where errors stand
COMMANDS_KEPT = 60  # the newest of a sandbox; the timeline of a run reads as many of the shell's history at once
LEFT_OUT = b"\n\xe2\x80\xa6\n"


class _Command:
    """What one command has printed so far."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.exit_code: int | None = None
        self._head = bytearray()
        self._tail = bytearray()
        self._is_cut = False

    def add(self, data: bytes) -> None:
        """Add output; between the first and the last bytes of it, what is too much is dropped."""
        room = HEAD_BYTES - len(self._head)
        self._head += data[:room]
        self._tail += data[room:]
        if len(self._tail) > TAIL_BYTES:
            self._is_cut = True
            del self._tail[:-TAIL_BYTES]

    def printed(self) -> Printed:
        """What it has printed, for a client."""
        between = LEFT_OUT if self._is_cut else b""
        output = bytes(self._head) + between + bytes(self._tail)
        return Printed(
            at=self.at, output=output.decode(errors="replace"), exit_code=self.exit_code, is_cut=self._is_cut
        )


class Transcript:
    """The newest commands of all shells of a sandbox. Safe to use from any thread."""

    def __init__(self) -> None:
        self._commands: deque[_Command] = deque(maxlen=COMMANDS_KEPT)
        self._lock = threading.Lock()

    def recorder(self) -> "Recorder":
        """A recorder for one more shell."""
        return Recorder(self._commands, self._lock)

    def printed(self) -> Sequence[Printed]:
        """What each of the commands has printed, in the order in which they began."""
        with self._lock:
            return tuple(command.printed() for command in self._commands)


class Recorder:
    """Finds the commands in the output of one shell, which is given to it piece by piece, by one thread."""

    def __init__(self, commands: deque[_Command], lock: threading.Lock) -> None:
        self._commands = commands
        self._lock = lock
        self._now: _Command | None = None  # None while the shell is at its prompt
        self._rest = b""  # the end of the last piece, if a mark may begin in it

    def take(self, data: bytes) -> None:
        """Take the shell's next output."""
        text = self._rest + data
        begin = text.rfind(b"\x1b", max(0, len(text) - MARK_MOST_BYTES))
        if begin < 0 or MARK.match(text, begin):
            begin = len(text)
        text, self._rest = text[:begin], text[begin:]
        at = 0
        with self._lock:
            for mark in MARK.finditer(text):
                self._add(text[at : mark.start()])
                self._turn(mark)
                at = mark.end()
            self._add(text[at:])

    def _add(self, data: bytes) -> None:
        if self._now is not None and data:
            self._now.add(data)

    def _turn(self, mark: re.Match[bytes]) -> None:
        """A command has begun, or has ended."""
        began, code = mark.groups()
        if began is not None:
            self._now = _Command(datetime.fromtimestamp(int(began), UTC))
            self._commands.append(self._now)
        elif self._now is not None:
            self._now.exit_code = int(code)
            self._now = None
