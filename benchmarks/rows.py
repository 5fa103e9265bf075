"""A benchmark's results: rows of a figure with its baseline, as a table and as JSON. Measures nothing."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure of a benchmark."""

    name: str
    value: float
    """Of the product, in `unit`."""
    unit: str
    baseline: float
    """Of the simplest thing that does the same, or of an earlier revision, in `unit`."""
    ratio: float
    """`value` divided by `baseline`, before both are rounded."""
    note: str = ""
    """What must be known to read the figures right."""


def beside(name: str, *, value: float, baseline: float, unit: str, note: str = "") -> Row:
    """A row with the ratio of its two figures, all of them rounded."""
    return Row(
        name=name,
        value=round(value, 3),
        unit=unit,
        baseline=round(baseline, 3),
        ratio=round(value / baseline, 2),
        note=note,
    )


def table(rows: Sequence[Row]) -> str:
    """The rows as text in columns, with numbers aligned to the right."""
    lines = [("name", "value", "unit", "baseline", "ratio", "")]
    lines += [(row.name, f"{row.value:g}", row.unit, f"{row.baseline:g}", f"{row.ratio:g}", row.note) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(_aligned(line, widths) for line in lines)


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    name, value, unit, baseline, ratio = (
        f"{text:{side}{width}}" for text, side, width in zip(line, "<><>>", widths, strict=False)
    )
    return f"{name}  {value}  {unit}  {baseline}  {ratio}  {line[5]}".rstrip()


def write_json(rows: Sequence[Row], path: Path) -> None:
    """Write the rows to `path`, and make its folder if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
