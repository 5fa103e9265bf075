"""Keeps what a Markdown parser leaves out: cells beyond a table's columns, and the numbers of items. Pure.

GFM 0.29, section 4.10, ends a cell at each pipe without a backslash, in code too, and ignores the cells of a row that
are too many. Of `| Count the lines | ps aux | wc -l |` below two heads the end of the command would be gone. CommonMark
0.31, section 5.3, counts on from a list's first number, so of an answer key `1. b` and `3. d` the second would be 2.
"""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

REST = "rest"
"""What a row's first token has in its `meta`, with True, if the row had more cells than its table has columns."""


def keep_whole_rows(parser: MarkdownIt) -> None:
    """Let a parser keep each row of a table whole: a pipe too many belongs to the cell that it stands in."""
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})


def keep_numbers(state: StateCore) -> None:
    """Give an item its own number where that is higher than the next one; a list of 1. and 1. is counted on."""
    due: list[int | None] = []  # the next number of each list that is open; None where items have none
    for token in state.tokens:
        if token.type == "ordered_list_open":
            due.append(int(token.attrGet("start") or 1))
        elif token.type == "bullet_list_open":
            due.append(None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            due.pop()
        elif token.type == "list_item_open" and due and (following := due[-1]) is not None:
            written = int(token.info) if token.info.isdecimal() else following
            if written > following:
                token.attrSet("value", str(written))
            due[-1] = max(written, following) + 1


def _table(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    made = len(state.tokens)
    if not table(state, first, end, silent):
        return False
    if not silent:
        _complete(state, state.tokens[made:])
    return True


def _complete(state: StateBlock, tokens: Sequence[Token]) -> None:
    """Give the cells of a table's tokens the text that the parser has left out."""
    columns = sum(token.type == "th_open" for token in tokens)
    for at, token in enumerate(tokens):
        if token.type != "tr_open" or token.map is None:
            continue
        number = token.map[0]
        line = state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].strip()
        if line.count("|") < columns + line.startswith("|") + line.endswith("|"):  # one less between cells than cells
            continue
        cells = _cells(line)
        if len(cells) > columns:
            token.meta = {REST: True}
            # Each cell is three tokens: what opens it, its text, and what closes it.
            for text, cell in zip(tokens[at + 2 :: 3], _joined(cells, columns), strict=False):
                text.content = cell


def _cells(line: str) -> list[str]:
    """A row's cells as the parser parts them; without blank ones at its end, of which nothing is lost."""
    cells = escapedSplit(line)
    if cells and cells[0] == "":
        cells.pop(0)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _joined(cells: Sequence[str], columns: int) -> list[str]:
    """The cells put together to as many as there are columns: those of one piece of code first, then the last ones."""
    left = len(cells) - columns
    found: list[str] = []
    for cell in cells:
        if left and found and found[-1].count("`") % 2:
            found[-1] += "|" + cell
            left -= 1
        else:
            found.append(cell)
    kept, rest = found[: columns - 1], found[columns - 1 :]
    return [cell.strip() for cell in (*kept, "|".join(rest))]
