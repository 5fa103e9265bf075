"""Puts items of a numbered list below the item that they are indented under. Pure.

CommonMark takes `  1. a part` below `1. A question` for the next item, since it is not indented up to the text. An
author who indents it and begins to count anew means a part of the item above.
"""

from collections.abc import Sequence
from dataclasses import replace

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind


def as_indented(blocks: Sequence[Block], lines: Sequence[str]) -> list[Block]:
    """The blocks of a note, in which such items are lists of their own in the item above them."""
    found = []
    for block in blocks:
        if block.kind in LISTS:
            block.children = [replace(item, children=as_indented(item.children, lines)) for item in block.children]
        found.append(_nested(block, lines) if block.kind is Kind.NUMBERS else block)
    return found


def _nested(block: Block, lines: Sequence[str]) -> Block:
    own: list[Block] = []
    margin = _indent(lines[block.children[0].first]) if block.children else 0
    begun = False
    for item in block.children:
        deeper = bool(own) and _indent(lines[item.first]) > margin
        if not deeper or not (begun or _starts_anew(item)):
            own.append(item)
            begun = False
            continue
        above = own[-1]
        if begun:
            inner = above.children[-1]
            above.children[-1] = replace(inner, last=item.last, children=[*inner.children, item])
        else:
            inner = replace(block, first=item.first, last=item.last, children=[item])
            own[-1] = replace(above, children=[*above.children, inner])
        own[-1].last = item.last
        begun = True
    return replace(block, children=own)


def _starts_anew(item: Block) -> bool:
    return item.info in ("0", "1")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
