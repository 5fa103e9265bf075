"""Whoever only looks on at a terminal: sees what is shown, types nothing, and nobody waits for them."""

import pytest

from quizapp.sandboxes.client import TerminalGone
from quizapp.sandboxes.terminals.kept_shells import PIECE_BYTES, RING_BYTES, Shells
from quizapp.sandboxes.terminals.onlooker import NOTHING_OPEN, RESET, Onlooker
from tests.unit.sandboxes.engines import FakeShell
from tests.unit.sandboxes.terminals.test_kept_shells import open_on, take


@pytest.fixture
def shells() -> Shells:
    return Shells()


@pytest.fixture
def shell() -> FakeShell:
    return FakeShell()


def seen_by(onlooker: Onlooker, count: int) -> bytes:
    """At least the next `count` bytes."""
    got = b""
    while len(got) < count:
        piece = onlooker.receive()
        assert piece is not None
        got += piece
    return got


def test_what_was_shown_and_what_comes_is_seen(shells: Shells, shell: FakeShell) -> None:
    learner = open_on(shells, shell)
    learner.resize(30, 100)
    shell.output.put(b"$ before\n")
    take(learner, 9)
    onlooker = Onlooker(shells.last_used)
    first = RESET + b"\x1b[8;30;100t$ before\n"
    assert seen_by(onlooker, len(first)) == first
    shell.output.put(b"after")
    assert seen_by(onlooker, 5) == b"after"
    learner.resize(10, 40)
    assert onlooker.receive() == b"\x1b[8;10;40t"


def test_nothing_that_an_onlooker_does_reaches_the_shell(shells: Shells, shell: FakeShell) -> None:
    learner = open_on(shells, shell)
    learner.resize(30, 100)
    onlooker = Onlooker(shells.last_used)
    onlooker.send(b"rm -rf /\n")
    onlooker.resize(1, 1)
    onlooker.ack(5)
    onlooker.close()
    assert onlooker.receive() is None
    assert shell.sizes == [(30, 100)]
    shell.output.put(b"goes on")
    assert take(learner, 7) == b"goes on"  # the shell echoes all that is typed into it


def test_one_that_takes_nothing_holds_nobody_up_and_sees_what_is_kept(shells: Shells, shell: FakeShell) -> None:
    learner = open_on(shells, shell)
    onlooker = Onlooker(shells.last_used)
    shell.output.put(b"x")
    seen_by(onlooker, 1)
    for _ in range(3 * RING_BYTES // PIECE_BYTES):
        shell.output.put(b"y" * PIECE_BYTES)
        take(learner, PIECE_BYTES + (_ == 0))  # the learner gets all of it, and at once
    caught_up = onlooker.receive()
    assert caught_up is not None
    assert caught_up.startswith(RESET + b"y")
    assert len(seen_by(onlooker, RING_BYTES - PIECE_BYTES)) <= RING_BYTES


def test_it_follows_to_the_terminal_that_is_typed_into(shells: Shells, shell: FakeShell) -> None:
    first, other = open_on(shells, shell), FakeShell()
    second = open_on(shells, other)
    shell.output.put(b"one")
    other.output.put(b"two")
    take(first, 3)
    take(second, 3)
    onlooker = Onlooker(shells.last_used)
    assert seen_by(onlooker, 5) == RESET + b"two"
    first.send(b"a")
    assert seen_by(onlooker, 5).startswith(RESET + b"one")


def test_it_ends_where_no_terminal_is_open(shells: Shells, shell: FakeShell) -> None:
    with pytest.raises(TerminalGone, match=NOTHING_OPEN):
        Onlooker(shells.last_used)
    learner = open_on(shells, shell)
    onlooker = Onlooker(shells.last_used)
    learner.close()
    while onlooker.receive() is not None:
        pass
    assert onlooker.ended == NOTHING_OPEN
