"""What an engine passes on of a container's output: lines out of pieces, and their times. Knows no engine."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime


def lines(output: Iterable[bytes]) -> Iterator[str]:
    """The lines in `output`, whose pieces may end anywhere; the last line may have no line feed."""
    rest = b""
    for piece in output:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line.decode(errors="replace") for line in whole)
    if rest:
        yield rest.decode(errors="replace")


def moment(text: str) -> datetime:
    """The engine's time stamp in UTC, with its nanoseconds cut to the microseconds of a datetime. Raises ValueError."""
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text)).astimezone(UTC)
