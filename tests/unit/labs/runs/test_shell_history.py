"""A shell's history file read into commands, whatever is in it."""

from datetime import UTC, datetime, timedelta

from quizapp.labs.runs.shell_history import COMMAND_CHARS, MOST, TypedCommand, read

BEGAN = datetime(2026, 11, 23, 11, tzinfo=UTC)
NOW = BEGAN + timedelta(minutes=10)


def at(seconds: float) -> str:
    return f"#{int(BEGAN.timestamp() + seconds)}"


def commands(*lines: str) -> list[str]:
    return [each.command for each in read("\n".join(lines), since=BEGAN, now=NOW)]


def test_commands_have_their_time() -> None:
    found = read(f"{at(5)}\ndocker ps\n{at(9)}\nfor a in 1 2\ndo echo $a\ndone\n", since=BEGAN, now=NOW)
    assert found == (
        TypedCommand(at=BEGAN + timedelta(seconds=5), command="docker ps"),
        TypedCommand(at=BEGAN + timedelta(seconds=9), command="for a in 1 2 do echo $a done"),
    )


def test_what_was_not_typed_in_this_run_is_left_out() -> None:
    assert commands(at(-60), "before", at(5), "within", at(3600), "in the future", "#99999999999", "never") == [
        "within"
    ]


def test_a_history_may_be_anything() -> None:
    assert commands() == []
    assert commands("cut in the middle", at(1), "ls\x1b[2J\x00", "#12", at(2), "", at(3), "x" * 5000) == [
        "ls[2J #12",
        "x" * COMMAND_CHARS,
    ]
    assert len(commands(*(line for number in range(200) for line in (at(number), "ls")))) == MOST
