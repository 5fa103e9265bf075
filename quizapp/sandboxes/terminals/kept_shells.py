"""The shells of one sandbox, each of which outlives the connections to it for a while. Knows no engine and no socket.

What a shell prints goes into a ring, its bytes numbered, so that a client that comes back gets exactly what it lacks.
A shell is read only as far as its client has acknowledged, give or take one ring: a flood waits in the shell.
"""

import secrets
import threading
import time
from collections.abc import Callable

from quizapp.sandboxes.client import Opened, Resume, SandboxNotReady, TerminalGone
from quizapp.sandboxes.engine.protocol import Shell

RING_BYTES = 64 * 1024  # what is kept for a client that comes back, and what may be under way to it unacknowledged
PIECE_BYTES = 16 * 1024  # given out at once; a WebSocket message may have four times as much
SHELLS_EACH = 4  # tabs of one learner on one sandbox
WAITS_S = 60.0  # for a client that is gone: a lift or a tunnel is shorter, a forgotten tab is not
# Terminals drop their output when one of these is typed. Between a shell and us wait some 2 MiB more, mostly in the
# engine, which a browser or a slow line would take seconds to get through.
INTERRUPTS = frozenset(b"\x03\x1a\x1c")
SKIPS_S = 1.0  # after an interrupt; what floods on regardless waits for its client again
TAIL_BYTES = 4 * 1024  # of what is skipped, for the prompt at its end
CANCEL = b"\x18"  # takes a terminal out of an escape sequence whose end was skipped
ROOM_WAIT_S = 5.0  # killing a shell takes a tenth of a second, on a busy host one or two
INPUT_WAIT_S = 10.0  # a shell that is only busy takes its input sooner

FULL = f"This host has {SHELLS_EACH} terminals open already. Close one of them, then open this one again."
NO_SUCH = "This terminal has ended."
NOT_READING = "The shell did not read its input for too long."
TAKEN_OVER = "This terminal goes on in another tab."
LEFT = "Nobody came back to this terminal."
CLOSED = "This terminal was closed."


class Ring:
    """The last bytes of an output, numbered from its first byte, which is 0. `end` is the number of the next one."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self.end = 0

    @property
    def start(self) -> int:
        """The number of the oldest byte kept."""
        return self.end - len(self._kept)

    def add(self, data: bytes, *, needed_from: int) -> None:
        """Append `data`. Of what is older than RING_BYTES, only bytes from number `needed_from` on stay."""
        self._kept += data
        self.end += len(data)
        surplus = min(len(self._kept) - RING_BYTES, needed_from - self.start)
        if surplus > 0:
            del self._kept[:surplus]

    def shorten(self, start: int) -> None:
        """Skip what came from number `start` on, but for its end, if it is long; that takes over the numbers."""
        at = start - self.start
        if len(self._kept) - at > TAIL_BYTES:
            self._kept[at:] = CANCEL + self._kept[-TAIL_BYTES:]
            self.end = start + len(CANCEL) + TAIL_BYTES

    def read(self, at: int) -> bytes:
        """The next piece from number `at` on, which is kept; empty at the end."""
        offset = at - self.start
        return bytes(self._kept[offset : offset + PIECE_BYTES])


class KeptShell:
    """One shell and its ring. `typed` is called when somebody types, `changed` when it was left or has ended.

    Both are called without its lock held.
    """

    def __init__(
        self,
        shell: Shell,
        *,
        typed: Callable[[], None],
        why_ended: Callable[[], str],
        changed: Callable[["KeptShell"], None],
    ) -> None:
        self.id = secrets.token_hex(16)
        self._shell = shell
        self._typed = typed
        self._why_ended = why_ended
        self._changed = changed
        self._ring = Ring()
        self._acked = 0
        self._sent = 0  # the number after the last byte that any client got
        self._skips_until = 0.0
        self._news = threading.Condition()
        self._client: Connection | None = None
        self._timer: threading.Timer | None = None
        self.left_at = 0.0
        self.ended: str | None = None
        self.is_done = False  # over, and nobody is expected to read the end any more
        threading.Thread(target=self._read, name="shell output", daemon=True).start()

    @property
    def is_left(self) -> bool:
        """Whether it waits for a client."""
        return self._client is None

    def connect(self, have: int) -> "Connection":
        """A connection that goes on where a client with `have` bytes needs it. It takes the place of any other."""
        with self._news:
            if self.is_done:
                raise TerminalGone(NO_SUCH)
            self._stop_timer()
            start = have if self._ring.start <= have <= self._ring.end else self._ring.start
            opened = Opened(terminal_id=self.id, start=start, seen=self._acked, truncated=start != have)
            self._client = Connection(self, opened)
            self._news.notify_all()
            return self._client

    def leave(self, client: "Connection", *, saw_end: bool) -> None:
        """This client has gone. Unless it saw the end, or was replaced, the shell waits for its return."""
        with self._news:
            if self._client is not client:
                return
            self._client = None
            self.left_at = time.monotonic()
            self.is_done = saw_end
            if not saw_end:
                self._timer = threading.Timer(WAITS_S, self._give_up)
                self._timer.daemon = True
                self._timer.start()
            self._news.notify_all()
        self._changed(self)

    def end(self, why: str) -> None:
        """Kill it, if it still runs."""
        with self._news:
            if self.ended is not None:
                return
            self.ended = why
            self._news.notify_all()
        self._shell.close()
        self._changed(self)

    def ack(self, client: "Connection", seen: int) -> None:
        """`client` has shown the bytes before number `seen`, which it cannot say of any that it did not get."""
        with self._news:
            if self._client is client and self._acked < seen <= client.at:
                self._acked = seen
                self._news.notify_all()

    def next_for(self, client: "Connection") -> bytes | None:
        """Wait for what the client gets next; None once it gets nothing more."""
        with self._news:
            self._news.wait_for(lambda: self._client is not client or self.ended or client.at < self._ring.end)
            if self._client is not client:
                return None
            piece = self._ring.read(client.at)
            client.at += len(piece)
            self._sent = max(self._sent, client.at)
            self._news.notify_all()
            return piece or None

    def is_of(self, client: "Connection") -> bool:
        """Whether this is its client."""
        return self._client is client

    def type(self, data: bytes) -> None:
        """Give it what was typed. One that takes nothing is ended: the way for Ctrl+C is blocked then, too.

        An interrupt is for the flood that its client sees, so what of that was not sent yet is skipped.
        """
        self._typed()
        if not INTERRUPTS.isdisjoint(data):
            with self._news:
                if self._behind() >= RING_BYTES // 2:
                    self._skips_until = time.monotonic() + SKIPS_S
                    self._news.notify_all()
        while self.ended is None and (rest := self._shell.send(data, wait_s=INPUT_WAIT_S)):
            if len(rest) == len(data):
                self.end(NOT_READING)
                return
            data = rest

    def resize(self, rows: int, columns: int) -> None:
        """Set the size of its window."""
        if self.ended is None:
            self._shell.resize(rows, columns)

    def _read(self) -> None:
        while self._may_read() and (data := self._shell.receive()) is not None:
            with self._news:
                self._ring.add(data, needed_from=self._needed_from())
                if self._skips():
                    self._ring.shorten(self._sent)
                self._news.notify_all()
        if self.ended is None:
            self.end(self._why_ended())

    def _may_read(self) -> bool:
        """Wait until the client has room for more. False once the shell has been ended."""
        with self._news:
            self._news.wait_for(lambda: self.ended or self._skips() or self._behind() < RING_BYTES)
            return self.ended is None

    def _behind(self) -> int:
        """How many bytes its client has yet to show."""
        return self._ring.end - self._needed_from()

    def _skips(self) -> bool:
        return time.monotonic() < self._skips_until

    def _needed_from(self) -> int:
        """The oldest byte that a client may still want: not acknowledged, or on replay not yet sent."""
        return self._acked if self._client is None else min(self._acked, self._client.at)

    def _give_up(self) -> None:
        with self._news:
            if self._client is not None:
                return  # it came back just now
            self.is_done = True
        self.end(LEFT)
        self._changed(self)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Connection:
    """One client's connection to a shell. See Terminal. `at` is the number of the byte that it gets next."""

    def __init__(self, kept: KeptShell, opened: Opened) -> None:
        self._kept = kept
        self._opened = opened
        self._ended: str | None = None
        self._left = False
        self.at = opened.start

    @property
    def opened(self) -> Opened:
        """See Terminal.opened."""
        return self._opened

    @property
    def ended(self) -> str | None:
        """See Terminal.ended."""
        return self._ended

    def ack(self, seen: int) -> None:
        """See Terminal.ack."""
        self._kept.ack(self, seen)

    def send(self, data: bytes) -> None:
        """See Terminal.send."""
        if self._kept.is_of(self):
            self._kept.type(data)

    def resize(self, rows: int, columns: int) -> None:
        """See Terminal.resize."""
        if self._kept.is_of(self):
            self._kept.resize(rows, columns)

    def receive(self) -> bytes | None:
        """See Terminal.receive."""
        data = None if self._ended is not None else self._kept.next_for(self)
        if data is None and self._ended is None and not self._left:
            self._ended = self._kept.ended if self._kept.is_of(self) else TAKEN_OVER
        return data

    def leave(self) -> None:
        """See Terminal.leave."""
        self._left = True
        self._kept.leave(self, saw_end=self._ended is not None)

    def close(self) -> None:
        """See Terminal.close."""
        self._left = True
        if self._kept.is_of(self):
            self._kept.end(CLOSED)
        self._kept.leave(self, saw_end=True)


class Shells:
    """The shells of one sandbox: so many, and no more. Safe to call from any thread."""

    def __init__(self) -> None:
        self._kept: dict[str, KeptShell] = {}
        self._opening = 0
        self._room = threading.Condition()

    @property
    def count(self) -> int:
        """How many run."""
        with self._room:
            return sum(kept.ended is None for kept in self._kept.values())

    def open(self, make: Callable[[], Shell], *, typed: Callable[[], None], why_ended: Callable[[], str]) -> Connection:
        """Make a shell. One that has waited longest for its client gives way. Raises SandboxNotReady if none does."""
        self._take_room()
        try:
            kept = KeptShell(make(), typed=typed, why_ended=why_ended, changed=self._forget_if_done)
            connection = kept.connect(0)
            with self._room:
                self._kept[kept.id] = kept
        finally:
            with self._room:
                self._opening -= 1
                self._room.notify_all()
        return connection

    def resume(self, resume: Resume, *, rows: int, columns: int) -> Connection:
        """Go on with a shell. Raises TerminalGone."""
        with self._room:
            kept = self._kept.get(resume.terminal_id)
        if kept is None:
            raise TerminalGone(NO_SUCH)
        connection = kept.connect(resume.have)
        connection.resize(rows, columns)
        return connection

    def _take_room(self) -> None:
        with self._room:
            if not self._room.wait_for(lambda: self._used() < SHELLS_EACH or self._longest_left(), ROOM_WAIT_S):
                raise SandboxNotReady(FULL)
            gives_way = self._longest_left() if self._used() >= SHELLS_EACH else None
            if gives_way is not None:
                del self._kept[gives_way.id]
            self._opening += 1
        if gives_way is not None:
            gives_way.end(LEFT)

    def _used(self) -> int:
        return self._opening + sum(kept.ended is None for kept in self._kept.values())

    def _longest_left(self) -> KeptShell | None:
        left = [kept for kept in self._kept.values() if kept.ended is None and kept.is_left]
        return min(left, key=lambda kept: kept.left_at, default=None)

    def _forget_if_done(self, kept: KeptShell) -> None:
        """Forget a shell that is done, and tell who waits for room."""
        with self._room:
            if kept.is_done:
                self._kept.pop(kept.id, None)
            self._room.notify_all()
