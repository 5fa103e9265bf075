"""Reads the commands that were typed in a host's terminals from its shell's history file. Knows no run and no sandbox.

The learner can change that file: it may be missing, have any content, and have any times in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# Prints the end of the file, at its path for the root that runs checks. Only of a plain file: another could block.
COMMAND = """file=/proc/1/root/root/.bash_history
if [ -f "$file" ] && [ ! -L "$file" ]; then tail -c 6000 "$file"; fi
true"""
COMMAND_CHARS = 300  # a line or two on a page; a pasted script is cut
MOST = 60  # the newest commands of one reading
_TIME = re.compile(r"#([0-9]{9,11})")


@dataclass(frozen=True, kw_only=True)
class TypedCommand:
    """A command and the time that the history has for it."""

    at: datetime
    command: str


def read(output: str, *, since: datetime, now: datetime) -> tuple[TypedCommand, ...]:
    """The commands that were typed from `since` to `now`, in the order of the file."""
    found = [each for each in _entries(output) if since - timedelta(seconds=1) <= each.at <= now]
    return tuple(found[-MOST:])


def _entries(output: str) -> Iterator[TypedCommand]:
    """Each command with the time in the line above it. Lines before the first such line are skipped."""
    at: datetime | None = None
    lines: list[str] = []
    for line in [*output.splitlines(), "#0000000000"]:
        time = _TIME.fullmatch(line)
        if time is None:
            lines.append(line)
            continue
        text = " ".join(" ".join(lines).split())[:COMMAND_CHARS]
        if at is not None and text:
            yield TypedCommand(at=at, command="".join(char for char in text if char.isprintable()))
        at, lines = datetime.fromtimestamp(int(time[1]), UTC), []
