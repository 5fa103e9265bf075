"""The line that says what a command does at the moment."""

from io import StringIO

import pytest

from quizapp.web.working_line import PAUSE_S, SILENT_S, working_line


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_what_is_done_within_a_second_says_nothing(clock: Clock) -> None:
    screen = Terminal()
    with working_line(screen, monotonic=clock) as show:
        clock.now = SILENT_S / 2
        show("Reading a.md")
    assert screen.getvalue() == ""


def test_a_longer_one_says_what_it_does_and_takes_the_line_away(clock: Clock) -> None:
    screen = Terminal()
    with working_line(screen, monotonic=clock) as show:
        clock.now = SILENT_S
        show("Reading a.md")
        show("Reading b.md")  # too soon to be read
        clock.now += PAUSE_S
        show("Reading c\n.md")
    assert screen.getvalue() == "\r\033[KReading a.md\r\033[KReading c?.md\r\033[K"


def test_a_file_or_pipe_gets_no_such_line(clock: Clock) -> None:
    file = StringIO()
    with working_line(file, monotonic=clock) as show:
        clock.now = SILENT_S
        show("Reading a.md")
    assert file.getvalue() == ""
