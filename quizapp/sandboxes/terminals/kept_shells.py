"""The shells of one sandbox, each kept for a while after its client has left. Knows no engine and no socket.

A shell's output goes into a ring with numbered bytes, so that a client that reconnects gets exactly the bytes it lacks.
A shell is read at most RING_BYTES further than its client has acknowledged; a shell that prints more blocks.
"""

import secrets
import threading
import time
from collections.abc import Callable, Sequence

from quizapp.sandboxes.client import Opened, Printed, Resume, SandboxNotReady, TerminalGone
from quizapp.sandboxes.engine.protocol import Shell
from quizapp.sandboxes.terminals.transcript import Recorder, Transcript

RING_BYTES = 64 * 1024  # of output kept for a client that reconnects, and at most sent to it without acknowledgement
PIECE_BYTES = 16 * 1024  # returned by one `receive`; a WebSocket message may have four times as much
SHELLS_EACH = 4  # per sandbox: tabs of one learner
WAITS_S = 60.0  # that a shell is kept without a client: longer than a lift or tunnel cuts a connection off
# Ctrl-C, Ctrl-Z and Ctrl-\: the kernel's terminal drops its unread output when one of these is typed. Some 2 MiB more
# are buffered between shell and sandboxd, mostly in the engine; a browser or a slow connection needs seconds for them.
INTERRUPTS = frozenset(b"\x03\x1a\x1c")
SKIPS_S = 1.0  # after an interrupt; a program that prints on after that waits for its client's acknowledgement again
TAIL_BYTES = 4 * 1024  # kept of skipped output, since the prompt is at its end
CANCEL = b"\x18"  # ends an escape sequence in the client's terminal whose rest was skipped
ROOM_WAIT_S = 5.0  # for a shell to be killed, which takes 0.1 s, on a busy machine 1 or 2
INPUT_WAIT_S = 10.0  # for a shell to read any input; one that is only busy reads sooner

FULL = f"This host has {SHELLS_EACH} terminals open already. Close one of them, then open this one again."
NO_SUCH = "This terminal has ended."
NOT_READING = "The shell did not read its input for too long."
TAKEN_OVER = "This terminal goes on in another tab."
LEFT = "Nobody came back to this terminal."
CLOSED = "This terminal was closed."


class Ring:
    """The last bytes of a shell's output, numbered from 0 on. `end` is the number of the next byte to come."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self.end = 0

    @property
    def start(self) -> int:
        """The number of the oldest byte kept."""
        return self.end - len(self._kept)

    def add(self, data: bytes, *, needed_from: int) -> None:
        """Append `data`, and drop the oldest bytes beyond RING_BYTES, but none from number `needed_from` on."""
        self._kept += data
        self.end += len(data)
        surplus = min(len(self._kept) - RING_BYTES, needed_from - self.start)
        if surplus > 0:
            del self._kept[:surplus]

    def shorten(self, start: int) -> None:
        """Reduce the bytes from number `start` on, if there are more, to CANCEL and the last TAIL_BYTES of them.

        These are renumbered from `start` on, so no client may have been sent a byte from `start` on.
        """
        at = start - self.start
        if len(self._kept) - at > TAIL_BYTES:
            self._kept[at:] = CANCEL + self._kept[-TAIL_BYTES:]
            self.end = start + len(CANCEL) + TAIL_BYTES

    def read(self, at: int) -> bytes:
        """At most PIECE_BYTES from number `at` on, which must still be kept; empty at the end."""
        offset = at - self.start
        return bytes(self._kept[offset : offset + PIECE_BYTES])


class KeptShell:
    """One shell, its ring, and a thread that reads the shell into the ring and the `recorder`.

    `typed` is called at each input, `changed` when the client has left or the shell has ended, and `why_ended` when the
    shell has ended by itself. All are called without the lock `_news`.
    """

    def __init__(
        self,
        shell: Shell,
        *,
        recorder: Recorder,
        typed: Callable[[], None],
        why_ended: Callable[[], str],
        changed: Callable[["KeptShell"], None],
    ) -> None:
        self.id = secrets.token_hex(16)
        self._shell = shell
        self._recorder = recorder
        self._typed = typed
        self._why_ended = why_ended
        self._changed = changed
        self._ring = Ring()
        self._acked = 0  # the number after the last byte that a client acknowledged
        self._sent = 0  # the number after the last byte that any client got
        self._skips_until = 0.0  # in time.monotonic(): until then, output that was not sent is skipped
        self._news = threading.Condition()  # guards the fields here; notified whenever one of them changes
        self._client: Connection | None = None  # None while no client is connected
        self._timer: threading.Timer | None = None  # ends the shell WAITS_S after its client left
        self.used_at = time.monotonic()  # when something was last typed into it, or it was opened
        self.size: tuple[int, int] | None = None  # of its window, in rows and columns; None before it is known
        self.left_at = 0.0  # in time.monotonic(): when the last client left
        self.ended: str | None = None  # why the shell is over, a sentence for the learner; None while it runs
        self.is_done = False  # whether no client can resume it: closed, its end seen, or nobody came within WAITS_S
        threading.Thread(target=self._read, name="shell output", daemon=True).start()

    @property
    def is_left(self) -> bool:
        """Whether no client is connected."""
        return self._client is None

    def connect(self, have: int) -> "Connection":
        """A connection for a client that has the first `have` bytes; any other connection ends. Raises TerminalGone."""
        with self._news:
            if self.is_done:
                raise TerminalGone(NO_SUCH)
            self._stop_timer()
            start = have if self._ring.start <= have <= self._ring.end else self._ring.start
            opened = Opened(terminal_id=self.id, start=start, seen=self._acked, truncated=start != have)
            self._client = Connection(self, opened)
            self._news.notify_all()
            return self._client

    def leave(self, client: "Connection", *, for_good: bool) -> bool:
        """Disconnect this client; the shell is kept for WAITS_S, unless it leaves `for_good`: then none can resume it.

        Returns False, and does nothing, if another client has taken its place.
        """
        with self._news:
            if self._client is not client:
                return False
            self._client = None
            self.left_at = time.monotonic()
            self.is_done = for_good
            if not for_good:
                self._timer = threading.Timer(WAITS_S, self._give_up)
                self._timer.daemon = True
                self._timer.start()
            self._news.notify_all()
        self._changed(self)
        return True

    def end(self, why: str) -> None:
        """Kill the shell for the reason `why`, if it still runs."""
        with self._news:
            if self.ended is not None:
                return
            self.ended = why
            self._news.notify_all()
        self._shell.close()
        self._changed(self)

    def ack(self, client: "Connection", seen: int) -> None:
        """Note that `client` has shown the bytes before number `seen`; ignored if it was not sent all of them."""
        with self._news:
            if self._client is client and self._acked < seen <= client.at:
                self._acked = seen
                self._news.notify_all()

    def next_for(self, client: "Connection") -> bytes | None:
        """Wait for the client's next bytes; None once it is not connected, or has all output of a shell that ended."""
        with self._news:
            self._news.wait_for(lambda: self._client is not client or self.ended or client.at < self._ring.end)
            if self._client is not client:
                return None
            piece = self._ring.read(client.at)
            client.at += len(piece)
            self._sent = max(self._sent, client.at)
            self._news.notify_all()
            return piece or None

    def from_number(self, at: int, *, wait_s: float) -> tuple[int, bytes]:
        """Output from byte number `at` on, and its first byte's number: another one if `at` is no longer kept.

        For whoever only looks on: nobody is acknowledged and nothing waits for it. Waits up to `wait_s` for a byte;
        empty without one.
        """
        with self._news:
            self._news.wait_for(lambda: self.ended or at != self._ring.end, wait_s)
            start = at if self._ring.start <= at <= self._ring.end else self._ring.start
            return start, self._ring.read(start)

    def is_of(self, client: "Connection") -> bool:
        """Whether `client` is the connected one."""
        return self._client is client

    def type(self, data: bytes) -> None:
        """Send typed bytes to the shell. If it reads none for INPUT_WAIT_S, end it: it would not read Ctrl-C either.

        After an interrupt, output that was not sent yet is skipped, if half a ring or more is unacknowledged.
        """
        self._typed()
        self.used_at = time.monotonic()
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
        """Set the size of the shell's window, in characters."""
        self.size = rows, columns
        if self.ended is None:
            self._shell.resize(rows, columns)

    def _read(self) -> None:
        while self._may_read() and (data := self._shell.receive()) is not None:
            self._recorder.take(data)
            with self._news:
                self._ring.add(data, needed_from=self._needed_from())
                if self._skips():
                    self._ring.shorten(self._sent)
                self._news.notify_all()
        if self.ended is None:
            self.end(self._why_ended())

    def _may_read(self) -> bool:
        """Wait until less than RING_BYTES is unacknowledged, or output is skipped. False once the shell has ended."""
        with self._news:
            self._news.wait_for(lambda: self.ended or self._skips() or self._behind() < RING_BYTES)
            return self.ended is None

    def _behind(self) -> int:
        """How many bytes of output a client has not acknowledged, or not been sent again yet."""
        return self._ring.end - self._needed_from()

    def _skips(self) -> bool:
        return time.monotonic() < self._skips_until

    def _needed_from(self) -> int:
        """The number of the oldest byte that was not acknowledged, or that a reconnected client was not sent yet."""
        return self._acked if self._client is None else min(self._acked, self._client.at)

    def _give_up(self) -> None:
        with self._news:
            if self._client is not None:
                return  # a client has connected while this thread waited for the lock
            self.is_done = True
        self.end(LEFT)
        self._changed(self)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Connection:
    """One client's connection to a shell. See Terminal. `at` is the number of the next byte that the client gets."""

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
        self._kept.leave(self, for_good=self._ended is not None)

    def close(self) -> None:
        """See Terminal.close."""
        self._left = True
        if self._kept.leave(self, for_good=True):  # before the kill, which takes seconds on a busy machine
            self._kept.end(CLOSED)


class Shells:
    """The shells of one sandbox, at most SHELLS_EACH at once. Safe to call from any thread."""

    def __init__(self) -> None:
        self._kept: dict[str, KeptShell] = {}
        self._opening = 0
        self._transcript = Transcript()
        self._room = threading.Condition()

    @property
    def count(self) -> int:
        """How many shells run, with a client or without."""
        with self._room:
            return sum(kept.ended is None for kept in self._kept.values())

    def printed(self) -> Sequence[Printed]:
        """What the newest commands of all shells printed, those of ended ones too."""
        return self._transcript.printed()

    def last_used(self) -> KeptShell | None:
        """The running shell into which something was typed last; None if none runs."""
        with self._room:
            running = [kept for kept in self._kept.values() if kept.ended is None]
        return max(running, key=lambda kept: kept.used_at, default=None)

    def open(
        self,
        make: Callable[[], Shell],
        *,
        typed: Callable[[], None],
        why_ended: Callable[[], str],
        size: tuple[int, int] | None = None,
    ) -> Connection:
        """Make a shell, whose window has `size` rows and columns, and connect to it.

        If there is no room, the shell that is longest without a client is ended.

        Raises SandboxNotReady if all have clients for ROOM_WAIT_S, and what `make` raises.
        """
        self._take_room()
        try:
            recorder = self._transcript.recorder()
            kept = KeptShell(make(), recorder=recorder, typed=typed, why_ended=why_ended, changed=self._forget_if_done)
            kept.size = size
            connection = kept.connect(0)
            with self._room:
                self._kept[kept.id] = kept
        finally:
            with self._room:
                self._opening -= 1
                self._room.notify_all()
        return connection

    def resume(self, resume: Resume, *, rows: int, columns: int) -> Connection:
        """Connect to a kept shell. Raises TerminalGone if there is none with this id."""
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
        """Drop the shell if it is done, and wake the threads that wait for room."""
        with self._room:
            if kept.is_done:
                self._kept.pop(kept.id, None)
            self._room.notify_all()
