"""A benchmark's rows: the ratio, the table, the file."""

import json
from pathlib import Path

from benchmarks.rows import Row, beside, table, write_json


def test_the_ratio_is_of_the_exact_figures() -> None:
    row = beside("review-post", value=3.00049, baseline=1.50002, unit="ms")
    assert row == Row(name="review-post", value=3.0, unit="ms", baseline=1.5, ratio=2.0)


def test_columns_line_up() -> None:
    rows = [beside("a", value=12.5, baseline=5, unit="ms"), beside("longer", value=1, baseline=2, unit="s")]
    assert table(rows).splitlines() == [
        "name    value  unit  baseline  ratio",
        "a        12.5  ms           5    2.5",
        "longer      1  s            2    0.5",
    ]


def test_a_note_stands_behind_its_row() -> None:
    rows = [beside("a", value=1, baseline=2, unit="s", note="one run"), beside("b", value=1, baseline=2, unit="s")]
    assert table(rows).splitlines()[1:] == [
        "a         1  s            2    0.5  one run",
        "b         1  s            2    0.5",
    ]


def test_the_file_has_a_row_each(tmp_path: Path) -> None:
    path = tmp_path / "build" / "bench.json"
    write_json([beside("a", value=2, baseline=1, unit="ms")], path)
    assert json.loads(path.read_text()) == [
        {"name": "a", "value": 2, "unit": "ms", "baseline": 1, "ratio": 2.0, "note": ""}
    ]
