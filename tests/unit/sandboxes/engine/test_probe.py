"""The probe's language is read to the letter."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.sandboxes.client import BadSandboxRequest, CommandResult, NoClearAnswer
from quizapp.sandboxes.engine import probe

GOOD = b"0 0 12 0 aGkK\n1 timeout 1000 1 \n2 127 3 0 /w==\n"


def test_a_good_answer() -> None:
    assert probe.decode(GOOD, count=3) == (
        CommandResult(exit_code=0, output="hi\n", milliseconds=12, timed_out=False, truncated=False),
        CommandResult(exit_code=None, output="", milliseconds=1000, timed_out=True, truncated=True),
        CommandResult(exit_code=127, output="\ufffd", milliseconds=3, timed_out=False, truncated=False),
    )
    assert probe.decode(b"", count=0) == ()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        GOOD[:-1],  # cut short
        GOOD + b"\n",
        GOOD + b"3 0 1 0 \n",  # one too many
        GOOD.replace(b"0 0 12", b"1 0 12"),  # out of order
        GOOD.replace(b"0 0 12", b"0 -1 12"),
        GOOD.replace(b"0 0 12", b"0 0x 12"),
        GOOD.replace(b"0 0 12", b" 0 0 12"),
        GOOD.replace(b" 0 aGkK", b" 2 aGkK"),
        GOOD.replace(b"aGkK", b"aGk"),  # not whole
        GOOD.replace(b"aGkK", b"aG=K"),
        GOOD.replace(b"aGkK", b"a{K="),
        GOOD.replace(b"\n", b"\r\n"),
        b"bash: fork: Resource temporarily unavailable\n",
        GOOD.replace(b"12", "١٢".encode()),  # digits, but not ours
    ],
)
def test_anything_else_proves_nothing(answer: bytes) -> None:
    with pytest.raises(NoClearAnswer):
        probe.decode(answer, count=3)


@given(st.binary(max_size=200), st.integers(0, 3))
def test_no_bytes_break_the_reader(answer: bytes, count: int) -> None:
    try:
        results = probe.decode(answer, count=count)
    except NoClearAnswer:
        return
    assert len(results) == count


@given(st.lists(st.text(min_size=1), max_size=5))
def test_commands_arrive_as_they_are(commands: list[str]) -> None:
    lines = probe.encode(commands).splitlines()
    assert [base64.b64decode(line) for line in lines] == [text.encode(errors="replace") for text in commands]


def test_the_longest_answer_has_room_for_a_real_one() -> None:
    output = base64.b64encode(b"x" * 5000)
    line = b"49 timeout 30000 1 %s\n" % output
    assert len(line) <= probe.longest_answer(1, output_bytes=5000)


def test_the_options_come_first() -> None:
    assert probe.request([], learner=True, each_s=2.5, output_bytes=10) == b"go --learner --each 2.5 --bytes 10\n"
    assert probe.request(["a"], learner=False, each_s=1, output_bytes=10) == b"go --each 1 --bytes 10\nYQ==\n"


@pytest.mark.parametrize(
    ("commands", "each_s", "output_bytes"),
    [
        (["true"] * 51, 1.0, 10),
        ([" "], 1.0, 10),
        (["true\0"], 1.0, 10),
        (["x" * 65_536], 1.0, 10),
        (["true"], 0.0, 10),
        (["true"], 31.0, 10),
        (["true"], float("nan"), 10),
        (["true"], 1.0, 0),
        (["true"], 1.0, 65_537),
    ],
)
def test_what_cannot_run_is_refused_before_it_is_tried(commands: list[str], each_s: float, output_bytes: int) -> None:
    with pytest.raises(BadSandboxRequest):
        probe.check_request(commands, each_s=each_s, output_bytes=output_bytes)


def test_what_can_run_is_not_refused() -> None:
    probe.check_request(["true", "docker ps\n"], each_s=30.0, output_bytes=65_536)
