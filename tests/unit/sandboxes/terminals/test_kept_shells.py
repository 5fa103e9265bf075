"""The kept shells of a sandbox: replay without loss or doubles, flow control, taking over, waiting, giving way."""

import random
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from quizapp.sandboxes.client import Resume, SandboxNotReady, TerminalGone
from quizapp.sandboxes.terminals import kept_shells as module
from quizapp.sandboxes.terminals.kept_shells import (
    CANCEL,
    NOT_READING,
    PIECE_BYTES,
    RING_BYTES,
    SHELLS_EACH,
    TAIL_BYTES,
    TAKEN_OVER,
    Connection,
    Ring,
    Shells,
)
from tests.unit.sandboxes.engines import FakeShell

ENDED = "It was over."


@pytest.fixture
def shells() -> Shells:
    return Shells()


@pytest.fixture
def shell() -> FakeShell:
    return FakeShell()


def open_on(shells: Shells, shell: FakeShell) -> Connection:
    return shells.open(lambda: shell, typed=lambda: None, why_ended=lambda: ENDED)


def back(shells: Shells, before: Connection, *, have: int) -> Connection:
    return shells.resume(Resume(terminal_id=before.opened.terminal_id, have=have), rows=30, columns=90)


def take(connection: Connection, count: int) -> bytes:
    """The next `count` bytes, each piece acknowledged."""
    got = b""
    while len(got) < count:
        piece = connection.receive()
        assert piece is not None, connection.ended
        got += piece
        connection.ack(connection.at)
    assert len(got) == count
    return got


def eventually(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < until
        threading.Event().wait(0.005)


def pieces(count: int) -> Iterator[bytes]:
    """Output of which no two bytes nearby can be mistaken for each other."""
    rng = random.Random(7)
    for _ in range(count):
        yield rng.randbytes(rng.randint(1, 3000))


def test_a_ring_keeps_the_last_bytes_and_their_numbers() -> None:
    ring, whole = Ring(), b""
    for piece in pieces(200):
        ring.add(piece, needed_from=ring.end)
        whole += piece
    assert (ring.end, ring.end - ring.start) == (len(whole), RING_BYTES)
    assert ring.read(ring.start) == whole[-RING_BYTES:][:PIECE_BYTES]
    assert ring.read(ring.end - 5) == whole[-5:]
    assert ring.read(ring.end) == b""


def test_a_ring_keeps_what_is_needed_however_old() -> None:
    ring = Ring()
    ring.add(b"x" * RING_BYTES, needed_from=0)
    ring.add(b"y" * 100, needed_from=40)
    assert ring.start == 40


def test_whoever_comes_back_gets_exactly_what_is_lacking(shells: Shells, shell: FakeShell) -> None:
    """Fifty lost lines, some with output still under way: the bytes received are those printed."""
    rng = random.Random(11)
    connection = open_on(shells, shell)
    printed, received = b"", b""
    for piece in pieces(50):
        shell.output.put(piece)
        printed += piece
        wanted = rng.randint(0, len(printed) - len(received))
        while len(received) < len(printed) - wanted:
            received += connection.receive() or b""
        connection.ack(len(received))
        connection.leave()
        connection = back(shells, connection, have=len(received))
        assert (connection.opened.start, connection.opened.truncated) == (len(received), False)
    while len(received) < len(printed):
        received += connection.receive() or b""
    assert received == printed


def test_a_page_that_is_drawn_anew_gets_the_whole_ring(shells: Shells, shell: FakeShell) -> None:
    connection = open_on(shells, shell)
    whole = b"".join(pieces(100))
    assert len(whole) > 2 * RING_BYTES
    for start in range(0, len(whole), 1000):
        shell.output.put(whole[start : start + 1000])
    take(connection, len(whole))
    again = back(shells, connection, have=0)
    assert again.opened.truncated
    assert again.opened.seen == len(whole)
    assert again.opened.start == len(whole) - RING_BYTES
    assert take(again, RING_BYTES) == whole[-RING_BYTES:]
    assert shell.sizes == [(30, 90)]


@pytest.mark.parametrize("have", [-1, 10**12])
def test_a_number_that_cannot_be_gets_the_whole_ring(shells: Shells, shell: FakeShell, have: int) -> None:
    connection = open_on(shells, shell)
    shell.output.put(b"all of it")
    take(connection, 9)
    again = back(shells, connection, have=have)
    assert (again.opened.start, again.opened.truncated) == (0, True)
    assert take(again, 9) == b"all of it"


def test_output_during_a_replay_loses_nothing_of_it(shells: Shells, shell: FakeShell) -> None:
    connection = open_on(shells, shell)
    first, second = b"a" * RING_BYTES, b"b" * RING_BYTES
    shell.output.put(first)
    take(connection, RING_BYTES)
    again = back(shells, connection, have=0)
    for start in range(0, RING_BYTES, 1024):
        shell.output.put(second[start : start + 1024])
    assert take(again, 2 * RING_BYTES) == first + second


def test_a_flood_waits_for_acknowledgement_with_a_client_and_without(shells: Shells, shell: FakeShell) -> None:
    connection = open_on(shells, shell)
    for _ in range(200):
        shell.output.put(b"y" * 1024)
    got = b""
    while len(got) < RING_BYTES:
        got += connection.receive() or b""
    eventually(lambda: shell.output.qsize() == 200 - RING_BYTES // 1024)
    connection.ack(10**9)  # of what it did not get, it cannot say so
    connection.leave()
    threading.Event().wait(0.05)  # long enough for all the rest, if nothing held it back
    assert shell.output.qsize() == 200 - RING_BYTES // 1024
    again = back(shells, connection, have=len(got))
    again.ack(len(got))
    assert len(take(again, 200 * 1024 - len(got))) == 200 * 1024 - len(got)


def test_an_interrupt_skips_what_a_flood_has_not_shown_yet(shells: Shells, shell: FakeShell) -> None:
    connection = open_on(shells, shell)
    for number in range(100):
        shell.output.put(b"%04d" % number * 256)
    eventually(lambda: shell.output.qsize() == 100 - RING_BYTES // 1024)
    got = connection.receive() or b""
    connection.send(b"\x03")
    eventually(shell.output.empty)
    rest = take(connection, len(CANCEL) + TAIL_BYTES)
    assert rest[:1] == CANCEL
    assert rest.endswith(b"00990099\x03")
    again = back(shells, connection, have=len(got) + len(rest))
    assert not again.opened.truncated  # its numbers are those of what was sent


@pytest.mark.parametrize("typed", [b"\x03", b"x"])
def test_nothing_is_skipped_of_what_a_client_keeps_up_with(shells: Shells, shell: FakeShell, typed: bytes) -> None:
    connection = open_on(shells, shell)
    whole = bytes(range(32, 127)) * 300  # less than half a ring
    shell.output.put(whole)
    eventually(shell.output.empty)
    connection.send(typed)
    assert take(connection, len(whole) + 1) == whole + typed


def test_the_end_is_told_after_the_last_byte(shells: Shells, shell: FakeShell) -> None:
    connection = open_on(shells, shell)
    shell.output.put(b"bye")
    shell.output.put(None)
    assert (connection.receive(), connection.receive(), connection.ended) == (b"bye", None, ENDED)
    assert connection.receive() is None
    assert shell.closed.is_set()
    connection.leave()
    with pytest.raises(TerminalGone):
        back(shells, connection, have=0)


def test_an_end_while_nobody_is_there_is_told_to_who_comes_back(shells: Shells, shell: FakeShell) -> None:
    connection = open_on(shells, shell)
    connection.leave()
    shell.output.put(b"last words")
    shell.output.put(None)
    eventually(lambda: shells.count == 0)
    again = back(shells, connection, have=0)
    assert (again.receive(), again.receive(), again.ended) == (b"last words", None, ENDED)


def test_a_second_client_takes_the_shell_over(shells: Shells, shell: FakeShell) -> None:
    first = open_on(shells, shell)
    second = back(shells, first, have=0)
    assert (first.receive(), first.ended) == (None, TAKEN_OVER)
    first.send(b"not mine any more")
    first.resize(1, 1)
    first.close()
    second.send(b"mine")
    assert second.receive() == b"mine"
    assert not shell.closed.is_set()


def test_a_client_that_left_is_told_nothing(shells: Shells, shell: FakeShell) -> None:
    connection = open_on(shells, shell)
    connection.leave()
    connection.leave()
    assert (connection.receive(), connection.ended) == (None, None)


def test_a_shell_that_nobody_comes_back_to_is_killed(
    shells: Shells, shell: FakeShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAITS_S", 0.05)
    connection = open_on(shells, shell)
    connection.leave()
    assert shell.closed.wait(60)
    eventually(lambda: shells.count == 0)
    with pytest.raises(TerminalGone):
        back(shells, connection, have=0)


def test_coming_back_stops_the_clock(shells: Shells, shell: FakeShell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITS_S", 0.05)
    connection = open_on(shells, shell)
    connection.leave()
    again = back(shells, connection, have=0)
    assert not shell.closed.wait(0.2)
    assert again.ended is None


def test_closing_kills_it_and_forgets_it(shells: Shells, shell: FakeShell) -> None:
    connection = open_on(shells, shell)
    connection.close()
    connection.close()
    assert shell.closed.is_set()
    assert shells.count == 0
    with pytest.raises(TerminalGone):
        back(shells, connection, have=0)


def test_nobody_comes_back_to_a_closed_one_while_it_is_being_killed(
    shells: Shells, shell: FakeShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = open_on(shells, shell)
    refused = []

    def kill() -> None:  # takes seconds on a busy machine
        with pytest.raises(TerminalGone) as caught:
            back(shells, connection, have=0)
        refused.append(caught.value)

    monkeypatch.setattr(shell, "close", kill)
    connection.close()
    assert refused


def test_so_many_and_no_more(shells: Shells, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = [open_on(shells, FakeShell()) for _ in range(SHELLS_EACH)]
    monkeypatch.setattr(module, "ROOM_WAIT_S", 0.01)
    with pytest.raises(SandboxNotReady, match="Close one"):
        open_on(shells, FakeShell())
    opened[0].close()
    open_on(shells, FakeShell())
    assert shells.count == SHELLS_EACH


def test_the_one_that_was_left_first_gives_way(shells: Shells) -> None:
    each = [FakeShell() for _ in range(SHELLS_EACH)]
    opened = [open_on(shells, shell) for shell in each]
    opened[2].leave()
    opened[1].leave()
    open_on(shells, FakeShell())
    assert [shell.closed.is_set() for shell in each] == [False, False, True, False]
    assert shells.count == SHELLS_EACH
    with pytest.raises(TerminalGone):
        back(shells, opened[2], have=0)
    assert back(shells, opened[1], have=0).ended is None


def test_whoever_opens_one_waits_for_another_to_be_left(shells: Shells) -> None:
    opened = [open_on(shells, FakeShell()) for _ in range(SHELLS_EACH)]
    leaving = threading.Timer(0.05, opened[0].leave)
    leaving.start()
    assert open_on(shells, FakeShell()).ended is None
    leaving.join()


def test_a_shell_that_cannot_be_made_takes_no_room(shells: Shells) -> None:
    def fails() -> FakeShell:
        raise SandboxNotReady("No.")

    for _ in range(SHELLS_EACH + 1):
        with pytest.raises(SandboxNotReady, match=r"^No\.$"):
            shells.open(fails, typed=lambda: None, why_ended=str)


def test_a_shell_that_does_not_read_is_ended(shells: Shells, shell: FakeShell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INPUT_WAIT_S", 0.01)
    shell.takes_input = False
    connection = open_on(shells, shell)
    connection.send(b"into the void")
    assert (connection.receive(), connection.ended) == (None, NOT_READING)
    connection.send(b"more")
    assert shell.closed.is_set()


def test_one_sandbox_does_not_know_the_shells_of_another(shells: Shells, shell: FakeShell) -> None:
    connection = open_on(shells, shell)
    with pytest.raises(TerminalGone):
        back(Shells(), connection, have=0)


def test_ids_cannot_be_guessed(shells: Shells) -> None:
    ids = {open_on(shells, FakeShell()).opened.terminal_id for _ in range(SHELLS_EACH)}
    assert len(ids) == SHELLS_EACH
    assert all(len(bytes.fromhex(each)) == 16 for each in ids)
