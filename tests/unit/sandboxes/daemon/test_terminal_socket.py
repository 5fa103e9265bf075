"""What sandboxd's client may tell a terminal, and what it is told."""

import pytest

from quizapp.sandboxes.client import BadSandboxRequest
from quizapp.sandboxes.daemon.terminal_socket import TerminalPeer, window
from quizapp.sandboxes.terminals.kept_shells import Connection, Shells
from tests.unit.sandboxes.engines import FakeShell

NONSENSE = [
    None,
    [],
    "resize",
    {},
    {"resize": {}},
    {"resize": {"rows": 0, "columns": 80}},
    {"resize": {"rows": "24", "columns": 80}},
    {"resize": {"rows": 1e9, "columns": 80}},
    {"resize": {"rows": 10**9, "columns": 80}},
    {"ack": "7"},
    {"ack": -1},
    {"close": False},
]


@pytest.fixture
def shell() -> FakeShell:
    return FakeShell()


@pytest.fixture
def connection(shell: FakeShell) -> Connection:
    return Shells().open(lambda: shell, typed=lambda: None, why_ended=lambda: "It was over.")


def test_first_comes_which_terminal_it_is_and_last_why_it_is_over(shell: FakeShell, connection: Connection) -> None:
    side = TerminalPeer(connection)
    terminal_id = connection.opened.terminal_id
    assert side.greeting() == {"open": {"terminal_id": terminal_id, "start": 0, "seen": 0, "truncated": False}}
    assert side.goes_on()
    assert side.farewell() is None
    shell.close()
    assert side.receive() is None
    assert side.farewell() == {"ended": "It was over."}


@pytest.mark.parametrize("message", NONSENSE, ids=str)
def test_nonsense_is_passed_over(shell: FakeShell, connection: Connection, message: object) -> None:
    TerminalPeer(connection).control(message)
    assert shell.sizes == []
    assert not shell.closed.is_set()


def test_it_resizes_acknowledges_and_closes(shell: FakeShell, connection: Connection) -> None:
    side = TerminalPeer(connection)
    side.control({"resize": {"rows": 40, "columns": 120}})
    assert shell.sizes == [(40, 120)]
    side.send(b"typed")
    assert side.receive() == b"typed"
    side.control({"ack": 5})
    side.control({"close": True})
    assert shell.closed.is_set()


@pytest.mark.parametrize(("rows", "columns"), [(0, 80), (24, -1), (24, 1001), (None, 80)])
def test_a_window_that_cannot_be(rows: int | None, columns: int | None) -> None:
    with pytest.raises(BadSandboxRequest):
        window(rows, columns)
