"""What a learner typed in the terminals of a host, as its shell remembers it. Knows no run and no sandbox.

The history is the learner's own file: it may be missing, be anything, or have any times in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# The newest of it, as the check's own root sees it; a plain file, since anything else could make the reader wait.
COMMAND = """file=/proc/1/root/root/.bash_history
if [ -f "$file" ] && [ ! -L "$file" ]; then tail -c 6000 "$file"; fi
true"""
COMMAND_CHARS = 300  # a line or two on a page; a pasted script is told by its beginning
MOST = 60  # of one look, the newest
_TIME = re.compile(r"#([0-9]{9,11})")


@dataclass(frozen=True, kw_only=True)
class TypedCommand:
    """One command, and when the shell took it."""

    at: datetime
    command: str


def read(output: str, *, since: datetime, now: datetime) -> tuple[TypedCommand, ...]:
    """The commands that were typed from `since` to `now`, in the order of the file."""
    found = [each for each in _entries(output) if since - timedelta(seconds=1) <= each.at <= now]
    return tuple(found[-MOST:])


def _entries(output: str) -> Iterator[TypedCommand]:
    """Each command below its line with the time; what stands before the first such line was cut."""
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
