"""What of a program's output the command box shows."""

import pytest

from quizapp.labs.runs.plain_text import plain
from tests.growth import LINEAR_MOST, growth


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("a\nb\n", "a\nb\n"),
        ("a\r\nb\r\n", "a\nb\n"),
        ("\tindented ä 🐋", "\tindented ä 🐋"),
        ("\x1b[1;31mred\x1b[0m and \x1b[38:2::1:2:3mmore", "red and more"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;javascript:alert(1)\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]52;c;bm8=\x07done", "done"),
        ("\x1bP$q q\x1b\\done", "done"),
        ("\x1b]0;never ended", ""),
        ("\x1b(Bplain\x1bc", "plain"),
        ("10 %\r50 %\r100 %\ndone", "100 %\ndone"),
        ("half\r", "half"),
        ("bell\x07 nul\x00 del\x7f csi\x9b31m", "bell nul del csi31m"),
        ("\x1b", ""),
    ],
)
def test_only_text_is_left(printed: str, shown: str) -> None:
    assert plain(printed) == shown


@pytest.mark.parametrize(
    "piece", ["a", "\r", "a\r", "a\n", "\x1b", "\x1b]", "\x1b[", "\x1b[0", "\x1b]x\x1b", "\x1b "], ids=repr
)
def test_a_hostile_output_takes_time_by_its_length_only(piece: str) -> None:
    assert growth(lambda size: plain(piece * size), 8_000) < LINEAR_MOST


def test_an_output_that_begins_a_sequence_takes_time_by_its_length_only() -> None:
    assert growth(lambda size: plain("\x1b[" + "0" * size), 64_000) < LINEAR_MOST
