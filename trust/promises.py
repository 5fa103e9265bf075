"""The results of `make trust`: promises with what was seen and what their controls showed, as a table and as JSON."""

import json
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import Enum, StrEnum
from pathlib import Path


class Scale(Enum):
    """How much of a row is tried."""

    SHORT = "short"
    """Seconds to a minute a row: whether all of it works still."""
    FULL = "full"
    """What the promise says."""

    def of(self, *, short: float, full: float) -> float:
        """The number for this scale."""
        return full if self is Scale.FULL else short

    def count(self, *, short: int, full: int) -> int:
        """The whole number for this scale."""
        return full if self is Scale.FULL else short


class Judged(StrEnum):
    """What became of a promise."""

    HELD = "held"
    MISSED = "missed"
    CONTROL_HELD = "control held"
    """The control, which must fail, did not: the row would not have noticed a fault."""
    NOT_RUN = "not run"
    """Something that it needs is not there; says nothing."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """The same attack on a set-up that is weak on purpose."""

    weakness: str
    seen: str
    failed: bool
    """Whether the row noticed the weakness, as it must."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One row of the table."""

    name: str
    done: str
    seen: str
    aim: str
    held: bool
    control: Control
    missing: str = ""
    """Why it could not be tried; empty if it was."""

    @property
    def judged(self) -> Judged:
        """What became of it. Without a control that failed nothing is held."""
        if self.missing:
            return Judged.NOT_RUN
        if not self.held:
            return Judged.MISSED
        return Judged.HELD if self.control.failed else Judged.CONTROL_HELD


def not_run(name: str, *, aim: str, missing: str) -> Promise:
    """A row for a promise that cannot be tried here, and why."""
    control = Control(weakness="", seen="", failed=False)
    return Promise(name=name, done="", seen=missing, aim=aim, held=False, control=control, missing=missing)


_TITLES = ("row", "", "what was done", "seen", "aim", "control, which must fail")
_WIDTHS = (20, 12, 34, 34, 30, 38)  # of the columns, in characters


def table(promises: Iterable[Promise]) -> str:
    """The promises as text in columns, whose cells have several lines."""
    lines = [_line(_TITLES), "  ".join("-" * width for width in _WIDTHS)]
    for one in promises:
        shown = f"{one.control.weakness}: {one.control.seen}" if one.control.weakness else ""
        cells = [textwrap.wrap(text, width) for text, width in zip(_cells(one, shown), _WIDTHS, strict=True)]
        height = max(map(len, cells))
        lines += [_line([cell[row] if row < len(cell) else "" for cell in cells]) for row in range(height)]
    return "\n".join(lines)


def _cells(one: Promise, control: str) -> tuple[str, ...]:
    return (one.name, one.judged.value, one.done, one.seen, one.aim, control)


def _line(cells: Sequence[str]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()


def write_json(promises: Sequence[Promise], path: Path, *, scale: Scale) -> None:
    """Write the promises to `path`, and make its folder if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{**asdict(one), "judged": one.judged.value} for one in promises]
    path.write_text(json.dumps({"scale": scale.value, "rows": rows}, indent=2) + "\n", encoding="utf-8")
