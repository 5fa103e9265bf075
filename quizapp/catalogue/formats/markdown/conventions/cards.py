"""Flashcards of note programs: `front :: back`, `?` between lines, `#card`. Pure.

`::` counts with a blank on both sides, so that addresses (`::1`), names in code (`std::env`) and properties
(`tags:: net`) are none; in a note that is tagged as a deck also without, between words that are no name.
"""

import re
from collections.abc import Iterator, Sequence

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.gaps import gaps_of
from quizapp.catalogue.formats.markdown.labels import first_label, without_code
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.parsed import LineUse

TAG = re.compile(r"(?:(?<=\s)|^)#(?:flash)?cards?(?:/[\w/-]+)?(?=\s|$)\s*", re.IGNORECASE)
_SPACED = re.compile(r"(?<=\S)\s+(:{2,3})\s+(?=\S)")
_TIGHT = re.compile(r"(?<=[^\s:])(:::)(?=[^\s:])|(?<=[^\s:\w])(::)(?=[^\s:])|(?<=\w)(::)(?=[A-Z])")
_PLACE = re.compile(r"^\^[\w-]+$")
_METADATA = re.compile(r"\n>\s*\[!sr\|card-metadata\]\s*(?:\n>\s*)*$")
_TASK = re.compile(r"^\[[ xX]\]\s+")
_PROPERTY = re.compile(r"^[\w-]+::(?:\s|$)")
_REMEMBERED = re.compile(r"\s*card-[\w-]+::")  # what Logseq keeps of a card
_HIDDEN = re.compile(r"!?\[[^\[\]]*\]\([^()\s]*\)|\$[^$\n]+\$|\{\{[^{}\n]*\}\}|https?://\S+")
SEPARATORS = {"?": False, "??": True}


def find(note: Reading) -> Iterator[Opening]:
    """Every card of these three forms."""
    for number, block in enumerate(note.blocks):
        if block.kind is Kind.PARAGRAPH:
            separated = _separated(note, number)
            yield from [separated] if separated is not None else _inline(note, block)
        elif block.kind in LISTS:
            yield from _in_list(note, block)
        elif block.kind is Kind.QUOTE:
            for part in block.children:
                if part.kind is Kind.PARAGRAPH:
                    yield from _inline(note, part)


def sides(line: str, *, deck: bool) -> tuple[str, str, bool] | None:
    """Front and back of a line, and whether it is asked both ways; None for a line that is no card."""
    plain = _HIDDEN.sub(lambda found: "\0" * len(found[0]), without_code(line))
    found = _SPACED.search(plain) or (_TIGHT.search(plain) if deck else None)
    if found is None or first_label(line) is not None:
        return None
    mark = next(group for group in found.groups() if group)
    at = found.start(found.lastindex or 0)
    front, back = line[:at].strip(), line[at + len(mark) :].strip()
    front = _TASK.sub("", front)
    return (TAG.sub("", front).strip(), TAG.sub("", back).strip(), mark == ":::") if front and back else None


def without_properties(source: Source, block: Block) -> tuple[str, set[int]]:
    """A block's text without the lines that are properties, such as `id:: 1`, and the numbers of those lines."""
    lines = block.text.split("\n")
    dropped = {block.first + number for number, line in enumerate(lines) if _PROPERTY.match(line)}
    return "\n".join(line for line in lines if not _PROPERTY.match(line)), dropped


def _inline(note: Reading, block: Block) -> Iterator[Opening]:
    for number, line in enumerate(block.text.split("\n"), start=block.first):
        found = sides(line, deck=note.is_deck)
        if found is not None:
            yield _card(Convention.INLINE, number, found[0], found[1], {number}, reverse=found[2])


def _separated(note: Reading, number: int) -> Opening | None:
    """The card whose front and back are parted by a line with `?`; its back ends at the next blank line."""
    block = note.blocks[number]
    lines = block.text.split("\n")
    place = next((at for at, line in enumerate(lines) if line.strip() in SEPARATORS and at > 0), None)
    if place is None:
        return None
    parts = [lines_of_back for lines_of_back in ["\n".join(lines[place + 1 :])] if lines_of_back.strip()]
    used, last = set(block.lines), block.last
    begun = {one.first for one in note.source.details}
    for following in note.blocks[number + 1 :]:
        if following.first != last or following.kind in (Kind.HEADING, Kind.RULE) or following.first in begun:
            break
        parts.append(note.source.text_of(following))
        used |= set(following.lines)
        last = following.last
    front = TAG.sub("", "\n".join(lines[:place])).strip()
    kept = "\n".join(line for line in "\n".join(parts).split("\n") if not _PLACE.match(line))
    back = _METADATA.sub("", kept)
    if not front or not back.strip():
        return None
    return _card(Convention.SEPARATED, block.first, front, back.strip(), used, reverse=SEPARATORS[lines[place].strip()])


def _in_list(note: Reading, block: Block) -> Iterator[Opening]:
    for item in block.children:
        head = item.children[0] if item.children else None
        if head is not None and head.kind is Kind.PARAGRAPH:
            text, dropped = without_properties(note.source, head)
            if TAG.search(without_code(text)) is not None:
                yield from _tagged(note, item, text, dropped)
                continue
            yield from _inline(note, head)
        for child in item.children:
            if child.kind in LISTS:
                yield from _in_list(note, child)


def _tagged(note: Reading, item: Block, text: str, dropped: set[int]) -> Iterator[Opening]:
    """A `#card`: its first line is the front and what is nested below it the back, or it has gaps."""
    front = TAG.sub("", text).strip()
    gaps = gaps_of(front, marks=True)
    below: Sequence[Block] = item.children[1:]
    note.source.use((line for line in dropped if _REMEMBERED.match(note.source.lines[line])), LineUse.MEMORY)
    lines = {*item.children[0].lines, *dropped}
    if gaps:
        for gap in gaps:
            yield _card(Convention.CLOZE, item.first, gap.front, gap.back, lines)
        return
    pair = sides(front, deck=note.is_deck)
    if pair is not None:
        yield _card(Convention.INLINE, item.first, pair[0], pair[1], lines, reverse=pair[2])
        return
    yield Opening(
        convention=Convention.TAGGED,
        line=item.first,
        prompt=front,
        lines=frozenset(lines),
        below=below,
        flashcard=True,
    )


def _card(
    convention: Convention, line: int, front: str, back: str, lines: set[int], *, reverse: bool = False
) -> Opening:
    return Opening(
        convention=convention,
        line=line,
        prompt=front,
        lines=frozenset(lines),
        answer=back,
        reverse=reverse,
        flashcard=True,
    )
