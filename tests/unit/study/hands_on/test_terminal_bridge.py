"""A terminal towards the browser: what it is told, what it may ask for, and the end of its welcome."""

import pytest

from quizapp.labs.slots import NoSlot, Slots
from quizapp.sandboxes.client import Opened
from quizapp.study.hands_on import terminal_bridge
from quizapp.study.hands_on.terminal_bridge import MOST_COLUMNS, MOST_ROWS, SIGNED_OUT, Bridge, window


class Shell:
    """A terminal in memory that only notes what is done to it."""

    def __init__(self) -> None:
        self.opened = Opened(terminal_id="t1", start=7, seen=9, truncated=True)
        self.ended: str | None = None
        self.done: list[object] = []

    def ack(self, seen: int) -> None:
        self.done.append(("ack", seen))

    def send(self, data: bytes) -> None:
        self.done.append(data)

    def resize(self, rows: int, columns: int) -> None:
        self.done.append((rows, columns))

    def receive(self) -> bytes | None:
        return None

    def leave(self) -> None:
        self.done.append("left")

    def close(self) -> None:
        self.done.append("closed")


def test_first_comes_which_terminal_and_what_of_its_output() -> None:
    greeting = Bridge(Shell(), is_welcome=lambda: True).greeting()
    assert greeting == {"open": {"terminal": "t1", "start": 7, "seen": 9, "truncated": True}}


def test_the_end_says_why_and_a_lost_line_says_nothing() -> None:
    shell = Shell()
    ends = Bridge(shell, is_welcome=lambda: True)
    assert ends.farewell() is None
    shell.ended = "It has ended."
    assert ends.farewell() == {"ended": "It has ended."}


def test_the_browser_types_resizes_and_acknowledges_and_nothing_else() -> None:
    shell = Shell()
    browser = Bridge(shell, is_welcome=lambda: True)
    browser.send(b"ls")
    for message in (
        {"resize": {"rows": 50, "columns": 10**9}},
        {"resize": {"rows": 9e9, "columns": None}},
        {"ack": 5},
        {"ack": "5"},
        {"close": True},
        ["ack"],
        None,
    ):
        browser.control(message)
    browser.leave()
    assert shell.done == [b"ls", (50, MOST_COLUMNS), ("ack", 5), "left"]


def test_whoever_signed_out_is_told_and_the_shell_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([True, False])
    shell = Shell()
    browser = Bridge(shell, is_welcome=lambda: next(looks))
    assert browser.goes_on(), "the next look is not due yet"
    monkeypatch.setattr(terminal_bridge, "SIGN_IN_CHECK_S", 0)
    assert browser.goes_on()
    assert not browser.goes_on()
    assert shell.done == ["closed"]
    assert browser.farewell() == {"ended": SIGNED_OUT}


@pytest.mark.parametrize(
    ("asked", "given"),
    [((30, 100), (30, 100)), ((0, -5), (1, 1)), ((10**9, 10**9), (MOST_ROWS, MOST_COLUMNS))],
)
def test_windows_are_possible_ones(asked: tuple[int, int], given: tuple[int, int]) -> None:
    assert window(*asked) == given


def test_seats_are_counted_and_given_back() -> None:
    seats = Slots(1)
    with seats.one(), pytest.raises(NoSlot), seats.one():
        pass
    with seats.one():
        pass
