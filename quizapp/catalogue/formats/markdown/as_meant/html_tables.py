"""Tables of questions in HTML, as lines that ask by name: `Q: …`, `A: …`. Pure. Lines count from 0.

Any other table in HTML stays what it is.
"""

import re
from collections.abc import Container, Iterator, Sequence

from quizapp.catalogue.formats.markdown.conventions.field_names import ANSWER_COLUMNS, QUESTION_COLUMNS

_TABLE = re.compile(r"<(?P<closes>/?)table\b[^<>]{0,300}>", re.IGNORECASE)
_PART = re.compile(r"<(?P<closes>/?)(?P<name>tr|t[hd])\b[^<>]{0,300}>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|strong|i|em|span|p|div|center|font|thead|tbody|table)\b[^<>]{0,300}>", re.IGNORECASE)
_CODE = re.compile(r"<code\b[^<>]{0,100}>([^<>`]*)</code>", re.IGNORECASE)
Row = tuple[range, list[str]]  # its lines, and its cells


def as_questions(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """The lines that are meant by those of tables with a column of questions and one of answers; the rest is blank."""
    found: dict[int, str] = {}
    for first, last in _tables(lines, code):
        rows = list(_rows(lines, first, last))
        heads = [cell.strip("*_ :").lower() for cell in rows[0][1]] if rows else []
        asked = next((place for place, head in enumerate(heads) if head in QUESTION_COLUMNS), None)
        answered = next((place for place, head in enumerate(heads) if head in ANSWER_COLUMNS), None)
        if asked is None or answered is None:
            continue
        found |= dict.fromkeys(range(first, last), "")
        for own, cells in rows[1:]:
            if max(asked, answered) < len(cells) and cells[asked]:
                found |= _as_lines(own, cells[asked], cells[answered])
    return found


def _as_lines(own: range, asked: str, answered: str) -> dict[int, str]:
    if len(own) == 1:
        return {own.start: f"{asked} :: {answered}" if answered else f"Q: {asked}"}
    return {own.start: f"Q: {asked}", own.start + 1: f"A: {answered}"}


def _tables(lines: Sequence[str], code: Container[int]) -> Iterator[tuple[int, int]]:
    """First line, and the line after the last one, of each table that has no other one in it."""
    opened: list[int] = []
    for number, line in enumerate(lines):
        if "table" not in line.lower() or number in code:
            continue
        for tag in _TABLE.finditer(line):
            if not tag["closes"]:
                opened.append(number)
            elif opened:
                first = opened.pop()
                if not opened:
                    yield first, number + 1


def _rows(lines: Sequence[str], first: int, last: int) -> Iterator[Row]:
    """The rows of a table; two that begin on one line are both read from it, and the first is told alone."""
    begun = first
    cells: list[str] = []
    inside = False
    for number in range(first, last):
        line, at = lines[number], 0
        for tag in _PART.finditer(line):
            if inside:
                cells[-1] += f" {line[at : tag.start()]}"
            at = tag.end()
            name = tag["name"].lower()
            inside = name != "tr" and not tag["closes"]
            if name == "tr" and not tag["closes"]:
                begun, cells = number, []
            elif name == "tr" and cells:
                yield range(begun, number + 1), [_text(cell) for cell in cells]
                cells = []
            elif inside:
                cells.append("")
        if inside:
            cells[-1] += f" {line[at:]}"


def _text(html: str) -> str:
    return " ".join(_TAG.sub(" ", _CODE.sub(r"`\1`", html)).split())
