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
    """Of the simplest thing that does the same, in `unit`."""
    ratio: float
    """`value` divided by `baseline`, before both are rounded."""


def beside(name: str, *, value: float, baseline: float, unit: str) -> Row:
    """A row with the ratio of its two figures, all of them rounded."""
    return Row(
        name=name, value=round(value, 3), unit=unit, baseline=round(baseline, 3), ratio=round(value / baseline, 2)
    )


def table(rows: Sequence[Row]) -> str:
    """The rows as text in columns, with numbers aligned to the right."""
    lines = [("name", "value", "unit", "baseline", "ratio")]
    lines += [(row.name, f"{row.value:g}", row.unit, f"{row.baseline:g}", f"{row.ratio:g}") for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    name, value, unit, baseline, ratio = widths
    return "\n".join(
        f"{line[0]:<{name}}  {line[1]:>{value}}  {line[2]:<{unit}}  {line[3]:>{baseline}}  {line[4]:>{ratio}}"
        for line in lines
    )


def write_json(rows: Sequence[Row], path: Path) -> None:
    """Write the rows to `path`, and make its folder if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
