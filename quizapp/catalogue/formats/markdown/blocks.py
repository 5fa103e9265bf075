"""A note as a tree of blocks: each with its lines, the column at which its container's content begins, and its text.

Made from a Markdown parser's block tokens. Lines count from 0 here, and `last` is the line after the block. Pure.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum

from markdown_it.token import Token

from quizapp.catalogue.formats.markdown.labels import first_label, without_name
from quizapp.catalogue.formats.markdown.wording import Asks, asks_by_words
from quizapp.markdown_left_out import REST

TAB = 4  # columns between tab stops, as CommonMark has them
_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])")
# A card on one line: what is underlined with dashes then stands above a rule, and is no title.
_CARD = re.compile(r"^C:\s+\S|\S\s+:{2,3}\s+\S|\{\{c(?:\d{1,3}::|loze\s)")
_WITHOUT_TABS = re.compile(r" *(?:[-*+]|\d{1,9}[.)])")


class Kind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLETS = "bullet list"
    NUMBERS = "ordered list"
    ITEM = "list item"
    CODE = "code"
    QUOTE = "quote"
    TABLE = "table"
    RULE = "rule"


LISTS = (Kind.BULLETS, Kind.NUMBERS)
_CONTAINERS = {
    "bullet_list_open": Kind.BULLETS,
    "ordered_list_open": Kind.NUMBERS,
    "list_item_open": Kind.ITEM,
    "blockquote_open": Kind.QUOTE,
}
_ENDS = frozenset(name.replace("_open", "_close") for name in _CONTAINERS)
_LEAVES = {"fence": Kind.CODE, "code_block": Kind.CODE, "hr": Kind.RULE}
_TEXTS = {"paragraph_open": Kind.PARAGRAPH, "heading_open": Kind.HEADING, "table_open": Kind.TABLE}


@dataclass(kw_only=True, slots=True)
class Block:
    """A block of a note."""

    kind: Kind
    first: int
    last: int
    """The line after the block's last one that is not blank."""
    column: int = 0
    """Where the lines of the container that holds it begin; their indentation up to there is not the block's own."""
    text: str = ""
    """The Markdown of a heading or a paragraph, without indentation; the content of code."""
    level: int = 0
    """Of a heading, from 1."""
    fenced: bool = False
    """Whether it is code between fences, and not code by its indentation."""
    info: str = ""
    """The language of a code block; the number of an item in an ordered list."""
    cells: list[list[str]] = field(default_factory=list)
    """The Markdown of a table's cells by row, the head first."""
    wide: list[int] = field(default_factory=list)
    """The lines of a table's rows that had more cells than its head."""
    children: list["Block"] = field(default_factory=list)

    @property
    def lines(self) -> range:
        """The numbers of its lines."""
        return range(self.first, self.last)

    def walk(self) -> Iterator["Block"]:
        """The block and everything in it, in the order of the note."""
        left = [self]
        while left:  # and not by calls of itself, of which each block would pass as many as it is deep
            block = left.pop()
            yield block
            if block.children:
                left += reversed(block.children)


def tree(tokens: Sequence[Token], lines: Sequence[str]) -> list[Block]:
    """The blocks of a document from the tokens of `markdown_html.parse_document`, which were made of `lines`."""
    top: list[Block] = []
    # The blocks within each container that is open, and the column at which their lines begin.
    stack: list[tuple[list[Block], int]] = [(top, 0)]
    leaf: Block | None = None
    for token in tokens:
        name, (into, column) = token.type, stack[-1]
        if name == "inline" and leaf is not None:
            _put_text(leaf, token.content)
        elif name in _TEXTS:
            leaf = _block(token, _TEXTS[name], lines, column)
            into.append(leaf)
        elif name in _CONTAINERS:
            holder = _block(token, _CONTAINERS[name], lines, column)
            into.append(holder)
            inner = content_column(lines[holder.first], column) if holder.kind is Kind.ITEM else column
            stack.append((holder.children, inner))
        elif name in _ENDS:
            stack.pop()
        elif name == "tr_open" and leaf is not None:
            leaf.cells.append([])
            if token.map is not None and token.meta.get(REST):
                leaf.wide.append(token.map[0])
        elif (
            name == "heading_close" and leaf is not None and token.markup in "-=" and _is_ruled_off(leaf, token.markup)
        ):
            # Nobody writes a heading of several lines, or with a full stop, but many a rule without a blank line.
            leaf.kind, leaf.level, leaf.last = Kind.PARAGRAPH, 0, leaf.last - 1
            if token.markup == "-":
                into.append(Block(kind=Kind.RULE, first=leaf.last, last=leaf.last + 1, column=column))
        elif name in _LEAVES:
            into.append(_block(token, _LEAVES[name], lines, column))
    return top


def texts_of(blocks: Sequence[Block]) -> list[Block]:
    """The paragraphs and headings among blocks, however deep, in the order of the note."""
    return [part for block in blocks for part in block.walk() if part.kind in (Kind.PARAGRAPH, Kind.HEADING)]


def split_paragraphs(blocks: Sequence[Block], borders: Set[int]) -> list[Block]:
    """The blocks with each paragraph divided before the lines in `borders`, and lists that count anew behind one."""
    if not borders:
        return list(blocks)
    divided: list[Block] = []
    for block in blocks:
        block.children = split_paragraphs(block.children, borders)
        if block.kind is not Kind.PARAGRAPH:
            divided += _counted_anew(block, borders) if block.kind is Kind.NUMBERS else [block]
            continue
        starts = [block.first, *(line for line in range(block.first + 1, block.last) if line in borders)]
        texts = block.text.split("\n")
        for start, end in zip(starts, [*starts[1:], block.last], strict=True):
            text = "\n".join(texts[start - block.first : end - block.first])
            divided.append(replace(block, first=start, last=end, text=text))
    return divided


def _counted_anew(block: Block, borders: Set[int]) -> list[Block]:
    """A list, divided where its numbers begin anew behind a border, which CommonMark does not see."""
    parts: list[list[Block]] = [[]]
    for item in block.children:
        before = parts[-1][-1] if parts[-1] else None
        anew = (
            before is not None and item.info == "1" and not borders.isdisjoint(range(before.first + 1, item.first + 1))
        )
        parts += [[item]] if anew else []
        parts[-1] += [] if anew else [item]
    if len(parts) == 1:
        return [block]
    return [replace(block, first=part[0].first, last=part[-1].last, children=part) for part in parts]


def split_bullets(blocks: Sequence[Block], regions: Sequence[range]) -> list[Block]:
    """The blocks with each list of bullets divided where an item stands in another of `regions` than the one before.

    These are the lines of `<details>`, in order, whose tags stand in no block: what is on both sides of one is no list.
    """
    if not regions:
        return list(blocks)
    divided: list[Block] = []
    at, around = 0, list[range]()
    for block in blocks:
        parts: list[list[Block]] = []
        last: range | None = None
        for item in block.children if block.kind is Kind.BULLETS else ():
            while at < len(regions) and regions[at].start <= item.first:
                around.append(regions[at])
                at += 1
            while around and around[-1].stop <= item.first:
                around.pop()
            own = around[-1] if around else range(0)
            parts += [[item]] if own != last else []
            parts[-1] += [item] if own == last else []
            last = own
        pieces = (replace(block, first=part[0].first, last=part[-1].last, children=part) for part in parts)
        divided += pieces if len(parts) > 1 else [block]
    return divided


def own_column(block: Block, line: str) -> int:
    """The column at which a block's text begins, from its first line: it may be indented more than its container."""
    if block.kind is Kind.CODE and not block.fenced:
        return block.column
    if "\t" not in line:
        return max(len(line) - len(line[block.column :].lstrip(" ")), block.column)
    rest = cut(line, block.column)
    width = 0
    for letter in rest:
        if letter not in " \t":
            break
        width += _width(letter, block.column + width)
    return block.column + width


def content_column(line: str, column: int) -> int:
    """The column at which the content of a list item begins; `column` is where the lines of its container begin."""
    if "\t" not in line:
        return _content_column_without_tabs(line, column)
    at, width = _skip(line, column)
    while at < len(line) and line[at] in " \t":
        width += _width(line[at], width)
        at += 1
    marker = _MARKER.match(line, at)
    if marker is None:
        return column
    at, width = marker.end(), width + len(marker[0])
    if not line[at:].strip():
        return width + 1
    after = width
    while line[at] in " \t":
        after += _width(line[at], after)
        at += 1
    return after if after - width <= TAB else width + 1


def _content_column_without_tabs(line: str, column: int) -> int:
    marker = _WITHOUT_TABS.match(line, column)
    if marker is None:
        return column
    text = line[marker.end() :]
    blanks = len(text) - len(text.lstrip(" "))
    return marker.end() + (blanks if blanks <= TAB and text.strip() else 1)


def outdented(line: str, column: int) -> str:
    """A line without its indentation up to a column. A tab that reaches over the column leaves blanks behind."""
    if "\t" not in line:
        return line[min(len(line) - len(line.lstrip(" ")), column) :]
    width = 0
    for at, letter in enumerate(line):
        if width >= column or letter not in " \t":
            return " " * max(width - column, 0) + line[at:]
        width += _width(letter, width)
    return ""


def cut(line: str, column: int) -> str:
    """A line from a column on, whatever is before it, such as the marker of the item that it begins."""
    if "\t" not in line:
        return line[column:]
    at, width = _skip(line, column)
    return " " * (width - column) + line[at:] if at < len(line) else ""


def _skip(line: str, column: int) -> tuple[int, int]:
    """The first position of a line at or after a column, and its column."""
    at = width = 0
    while at < len(line) and width < column:
        width += _width(line[at], width)
        at += 1
    return at, width


def _width(letter: str, column: int) -> int:
    return TAB - column % TAB if letter == "\t" else 1


def _block(token: Token, kind: Kind, lines: Sequence[str], column: int) -> Block:
    first, last = token.map if token.map is not None else (0, 0)
    while last > first and not lines[last - 1].strip():
        last -= 1
    block = Block(kind=kind, first=first, last=last, column=column, text=token.content)
    if token.info:
        block.info = token.info.strip()
    block.fenced = token.type == "fence"
    if kind is Kind.HEADING:
        block.level = int(token.tag[1])
    return block


def _is_ruled_off(leaf: Block, sign: str) -> bool:
    """Whether what is underlined with dashes is a text above a rule: several lines, a sentence, an answer, a card."""
    text = leaf.text
    if "\n" in text or sign != "-":
        return "\n" in text
    if text.endswith(".") and not text[:1].isdigit() and not asks_by_words(text):
        return True
    return _CARD.search(text) is not None or (first_label(text) == "a" and without_name(text) != "")


def _put_text(leaf: Block, content: str) -> None:
    if leaf.kind is Kind.TABLE:
        leaf.cells[-1].append(content)
    else:
        leaf.text = "\n".join([line.lstrip() for line in content.split("\n")])


def as_indented(blocks: Sequence[Block], lines: Sequence[str], borders: Set[int]) -> list[Block]:
    """The blocks of a note, in which items of a numbered list are below the item that they are indented under.

    `borders` are the lines of `<details>` tags, which stand in no block and part what is on both sides.

    CommonMark takes `  1. a part` below `1. A question` for the next item, since it is not indented up to the text. An
    author who indents it and begins to count anew means a part of the item above.
    """
    found = []
    for block in blocks:
        if block.kind in LISTS:
            for item in block.children:
                item.children = as_indented(item.children, lines, borders)
        found.append(_restarted(_nested(block, lines), borders) if block.kind is Kind.NUMBERS else block)
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


def _restarted(block: Block, borders: Set[int]) -> Block:
    """The list, in which items that begin again at 1 below one that asks, and ask nothing, are below that one.

    "3. Why does a pod stay pending?", "1. See its events", "2. See the nodes", "4. What is a node?" are two questions.
    """
    own: list[Block] = []
    run: list[Block] = []
    for item in block.children:
        asks = asks_by_words(_first_line(item))
        above = own[-1] if own else item
        if run and (asks is Asks.MARK or int(item.info) == int(above.info) + 1):
            own[-1] = _with_list(above, block, run)
            run = []
        begins = not run and item.info == "1" and above.info.isdigit() and int(above.info) > 1
        begins = begins and borders.isdisjoint(range(above.last, item.first))
        if run or (begins and asks < Asks.MARK and asks_by_words(_first_line(above)) >= Asks.IMPERATIVE):
            run.append(item)
        else:
            own.append(item)
    if run:
        own[-1] = _with_list(own[-1], block, run)
    return replace(block, children=own)


def _with_list(item: Block, block: Block, inner: Sequence[Block]) -> Block:
    last = inner[-1].last
    below = replace(block, first=inner[0].first, last=last, children=list(inner))
    return replace(item, last=last, children=[*item.children, below])


def _first_line(item: Block) -> str:
    return item.children[0].text.split("\n", 1)[0] if item.children else ""


def _starts_anew(item: Block) -> bool:
    return item.info in ("0", "1")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
