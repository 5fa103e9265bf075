"""Tables for spreadsheets, written so that nothing in a cell is computed with. Pure."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute with, at the start of a text
MARK = "\ufeff"  # without it Excel takes UTF-8 for an encoding of Windows


def inert(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_written(text: str) -> str:
    """The text that `inert` was given, of what it gave; a spreadsheet's own cell as it is."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def table(rows: Iterable[Sequence[str]]) -> str:
    """The rows as CSV that Excel and LibreOffice open by a double click."""
    target = StringIO(newline="")
    csv.writer(target).writerows([inert(cell) for cell in row] for row in rows)
    return MARK + target.getvalue()
