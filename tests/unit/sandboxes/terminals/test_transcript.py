"""What commands printed, cut out of a shell's output by the marks round them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.sandboxes.terminals.transcript import COMMANDS_KEPT, HEAD_BYTES, TAIL_BYTES, Transcript

AT = 1_795_000_000
OUTPUT = (
    b"\x1b]133;D;0\x07docker-host:~# id\r\n"
    + f"\x1b]133;C;{AT}\x07".encode()
    + b"uid=0\x1b[0m\r\n\x1b]133;D;0\x07docker-host:~# nope\r\n"
    + f"\x1b]133;C;{AT + 2}\x07".encode()
    + b"not found\r\n\x1b]133;D;127\x07docker-host:~# "
)


def told(*pieces: bytes) -> list[tuple[int, str, int | None]]:
    transcript = Transcript()
    recorder = transcript.recorder()
    for piece in pieces:
        recorder.take(piece)
    return [(int(one.at.timestamp()) - AT, one.output, one.exit_code) for one in transcript.printed()]


@given(st.lists(st.integers(0, len(OUTPUT)), max_size=12))
def test_each_command_has_what_it_printed_however_the_output_comes_in_pieces(cuts: list[int]) -> None:
    ends = [*sorted(cuts), len(OUTPUT)]
    pieces = [OUTPUT[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert told(*pieces) == [(0, "uid=0\x1b[0m\r\n", 0), (2, "not found\r\n", 127)]


def test_of_a_flood_the_beginning_and_the_end_are_kept() -> None:
    transcript = Transcript()
    recorder = transcript.recorder()
    recorder.take(f"\x1b]133;C;{AT}\x07first".encode())
    for _ in range(300):
        recorder.take(b"y\r\n" * 1000)
    recorder.take(b"last\x1b]133;D;130\x07")
    (one,) = transcript.printed()
    assert one.is_cut
    assert one.output.startswith("first")
    assert one.output.endswith("last")
    assert len(one.output.encode()) <= HEAD_BYTES + TAIL_BYTES + 5


def test_only_the_newest_commands_are_kept_of_all_shells_together() -> None:
    transcript = Transcript()
    shells = [transcript.recorder(), transcript.recorder()]
    for number in range(COMMANDS_KEPT + 5):
        shells[number % 2].take(f"\x1b]133;C;{AT + number}\x07{number}\x1b]133;D;0\x07".encode())
    assert [one.output for one in transcript.printed()] == [str(number) for number in range(5, COMMANDS_KEPT + 5)]


def test_a_command_that_runs_has_no_exit_code_yet() -> None:
    assert told(f"\x1b]133;C;{AT}\x07half".encode()) == [(0, "half", None)]


@pytest.mark.parametrize("noise", [b"\x1b]133;C\x07x", b"\x1b]133;C;12\x07x", b"\x1b]133;D;0\x07x", b"\x1b" * 50, b""])
def test_what_is_no_mark_begins_no_command(noise: bytes) -> None:
    assert told(noise) == []


def test_the_time_is_the_shells() -> None:
    transcript = Transcript()
    transcript.recorder().take(f"\x1b]133;C;{AT}\x07".encode())
    assert transcript.printed()[0].at == datetime.fromtimestamp(AT, UTC)
