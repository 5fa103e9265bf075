"""Takes a question out of the text, list or quotation above it, which it continues without a blank line. Pure.

CommonMark takes a line that is not indented for a part of the paragraph above, however deep in a list that stands. A
line that begins with `Q:`, or with `C:` and has a gap, is meant as the next question. Nor does a number other than 1
begin a list in a paragraph.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from quizapp.catalogue.formats.markdown.blocks import LISTS, TAB, Block, Kind, content_column
from quizapp.catalogue.formats.markdown.labels import QUESTION_LEAD, first_label
from quizapp.catalogue.formats.markdown.wording import Asks, may_be_named, read

_GAP_TEXT = re.compile(r"C: .*\[[^\[\]\s][^\[\]]*\]")
_NUMBERED = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")


def questions_taken_out(blocks: Sequence[Block], lines: Sequence[str]) -> list[Block]:
    """The blocks of a note, with each such question as a paragraph of its own behind what stands before it."""
    found: list[Block] = []
    for block in blocks:
        if block.kind is Kind.PARAGRAPH and "\n" not in block.text:  # most blocks; one line is parted from nothing
            found.append(block)
            continue
        left = [block]
        while left:
            one = left.pop(0)
            line = _question_in(one, lines) if one.kind in (*LISTS, Kind.QUOTE) else None
            if line is None:
                found += (part for text in _gap_texts_taken_out(one) for part in _numbered_taken_out(text))
                continue
            head, question, rest = _parted(one, line)
            found += [head, question]
            left[:0] = rest
    return found


def answers_taken_out(blocks: Sequence[Block], lines: Sequence[str]) -> list[Block]:
    """The blocks, in which an answer by name that is indented less than the last item of a list stands behind the list.

    Without a blank line CommonMark takes it for the end of that item, which is an option.
    """
    found: list[Block] = []
    for block in blocks:
        if block.children:
            block.children = answers_taken_out(block.children, lines)
        item = block.children[-1] if block.kind in LISTS and block.children else None
        last = item.children[-1] if item is not None and item.children else None
        found.append(block)
        if item is None or last is None or last.kind is not Kind.PARAGRAPH:
            continue
        column, texts = content_column(lines[item.first], item.column), last.text.split("\n")
        at = next((at for at, text in enumerate(texts) if _answers_outside(text, lines[last.first + at], column)), None)
        if at is not None and last.first + at > item.first:
            found.append(replace(last, first=last.first + at, column=block.column, text="\n".join(texts[at:])))
            last.last, last.text = last.first + at, "\n".join(texts[:at])
            item.children = item.children if at else item.children[:-1]
            item.last = block.last = item.children[-1].last
    return found


def _answers_outside(text: str, line: str, column: int) -> bool:
    return first_label(text) == "a" and _is_outside(line, column)


def _gap_texts_taken_out(block: Block) -> list[Block]:
    """Each question, answer and text with gaps behind a `C:` that stand in one paragraph as one of its own."""
    if block.kind is not Kind.PARAGRAPH or "C: " not in block.text or "\n" not in block.text:
        return [block]
    lines = block.text.split("\n")
    gapped = [at for at, line in enumerate(lines) if _GAP_TEXT.match(line)]
    if not gapped or not (gapped[0] == 0 or _by_name(block.text)):
        return [block]
    starts = sorted({0, *gapped, *(at for at in range(gapped[0], len(lines)) if QUESTION_LEAD.match(lines[at]))})
    return [
        replace(block, first=block.first + start, last=block.first + end, text="\n".join(lines[start:end]))
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]


def _by_name(text: str) -> bool:
    return QUESTION_LEAD.match(text) is not None or first_label(text) == "a"


def _numbered_taken_out(block: Block) -> list[Block]:
    """A paragraph, and each numbered question that stands in it as a list of its own; any other block as it is."""
    if block.kind is not Kind.PARAGRAPH or "\n" not in block.text:
        return [block]
    lines = block.text.split("\n")
    starts = [
        at for at, line in enumerate(lines) if at and (_NUMBERED.match(line) and read(line).asks >= Asks.IMPERATIVE)
    ]
    found = [replace(block, last=block.first + starts[0], text="\n".join(lines[: starts[0]]))] if starts else [block]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        number = _NUMBERED.match(lines[start])
        assert number is not None
        text = "\n".join([lines[start][number.end() :], *lines[start + 1 : end]])
        part = replace(block, first=block.first + start, last=block.first + end, text=text, column=number.end())
        item = replace(part, kind=Kind.ITEM, text="", info=number[1], column=0, children=[part])
        found.append(replace(item, kind=Kind.NUMBERS, info="", children=[item]))
    return found


def _question_in(block: Block, lines: Sequence[str]) -> int | None:
    """The first line of a list or quotation that names a question and belongs to it only as a continuation."""
    items = block.children if block.kind in LISTS else [block]
    for item in items:
        for part in item.walk():
            if part.kind is not Kind.PARAGRAPH or part.last - part.first < 2:
                continue
            column = content_column(lines[item.first], item.column) if item.kind is Kind.ITEM else TAB
            for number, text in enumerate(part.text.split("\n")[1:], start=part.first + 1):
                if _is_outside(lines[number], column) and _is_named(text):
                    return number
    return None


def _is_outside(line: str, column: int) -> bool:
    width = len(line.expandtabs(TAB)) - len(line.expandtabs(TAB).lstrip())
    return width < column and not line.lstrip().startswith(">")


def _is_named(line: str) -> bool:
    if not may_be_named(line):
        return False
    wording = read(line)
    return wording.asks is Asks.NAMED and bool(wording.prompt)


def _parted(block: Block, line: int) -> tuple[Block, Block, list[Block]]:
    """A block up to a line of one of its paragraphs, that paragraph from this line on, and the blocks of the rest."""
    if block.kind is Kind.PARAGRAPH:
        texts, place = block.text.split("\n"), line - block.first
        head = replace(block, last=line, text="\n".join(texts[:place]))
        return head, replace(block, first=line, column=0, text="\n".join(texts[place:])), []
    place = next(number for number, child in enumerate(block.children) if child.first <= line < child.last)
    inner, question, rest = _parted(block.children[place], line)
    after = block.children[place + 1 :]
    head = replace(block, last=inner.last, children=[*block.children[:place], inner])
    if after and block.kind is not Kind.ITEM:
        after = [replace(block, first=after[0].first, children=after)]
    return head, question, [*rest, *after]
