"""Lists and tables as they are copied out of pages and word processors, written as Markdown. Pure.

A list is lines that begin with a sign of print, a table is lines of as many cells between tabs. Markdown takes both for
one paragraph, in which all of it runs on in one line.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

ROWS_FEWEST = 2
_SIGNS = "\u2022\u25cf\u25aa\u25e6\u2023\u2219\uf0b7"
_POINT = re.compile(rf"^\s*(?P<sign>[{_SIGNS}])\s*(?P<text>\S.*)$")
_FENCE = re.compile(r"^\s*(?:`{3,}|~{3,})")
_BLANKS = re.compile(r"\n{3,}")  # where a blank line stood already beside a table
_MARKER = re.compile(r"\s*(?:[-*+>|]|#{1,6}|\d{1,4}[.)])")  # of an item, a quotation, a heading
_CODE_INDENT = "    "
_NESTED = "  "  # what indents a list in a list


def with_copied_blocks(text: str) -> str:
    """The text with such lists and tables as Markdown's; code in fences, and all other text, as it is."""
    if "\t" not in text and not any(sign in text for sign in _SIGNS):
        return text
    lines = text.split("\n")
    if any(_FENCE.match(line) for line in lines):
        return text
    return _BLANKS.sub("\n\n", "\n".join(_with_tables(list(_with_lists(lines))))).strip("\n")


def _with_lists(lines: Sequence[str]) -> Iterator[str]:
    """The lines with each sign as a dash; a sign that stands first below another one is of the list within."""
    signs: list[str] = []
    for line in lines:
        found = _POINT.match(line)
        if found is None:
            signs = signs if line.strip() else []
            yield line
            continue
        if found["sign"] not in signs:
            signs.append(found["sign"])
        yield f"{_NESTED * signs.index(found['sign'])}- {found['text']}"


def _with_tables(lines: Sequence[str]) -> Iterator[str]:
    """The lines with each run of rows between tabs as a table, whose first row names its columns."""
    for count, run in groupby(lines, key=_cells):
        rows = list(run)
        if not count or len(rows) < ROWS_FEWEST:
            yield from rows
            continue
        head, *below = (_row(line) for line in rows)
        yield from ("", head, "|" + "---|" * count, *below, "")


def _cells(line: str) -> int:
    """How many cells a line has between tabs; 0 for a line that is no row: indented as code is, or an item."""
    cells = line.strip(" ").split("\t")
    is_row = len(cells) > 1 and all(cell.strip() for cell in cells) and not line.startswith(_CODE_INDENT)
    return len(cells) if is_row and _MARKER.fullmatch(cells[0]) is None else 0


def _row(line: str) -> str:
    cells = (cell.strip().replace("|", "\\|") for cell in line.split("\t"))
    return f"| {' | '.join(cells)} |"
