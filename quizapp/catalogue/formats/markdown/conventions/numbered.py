"""Paragraphs with a number in bold: `**1.** A ball falls. How fast is it?`, with the answer below. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.conventions.evidence import folded_answers, rest_shows_question, shows_question
from quizapp.catalogue.formats.markdown.labels import first_label
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.options import line_options
from quizapp.catalogue.formats.markdown.wording import Asks, read

_NUMBER = re.compile(
    r"^(\*\*|__)\(?(?:(?:Problem|Exercise|Task)\s)?\d{1,4}\s?(?:[(\[][^()\[\]\n]{1,20}[)\]])?[.):]?\1[.):]?\s+\S"
)
FEWEST = 2
SHARE = 0.5  # of these paragraphs must ask, or have options or an answer by its name below them
SHARE_FOR_ALL = 0.6  # then the others do too: "**4.** A company has a network …", with what is asked below


def find(note: Reading) -> list[Opening]:
    """Every such paragraph, if most of the note's ask."""
    folded = folded_answers(note)
    numbered = [block for block in note.blocks if block.kind is Kind.PARAGRAPH and _NUMBER.match(block.text)]
    asking = [block for block, own in _with_own(note, numbered) if _asks(note, block, own, folded)]
    if len(asking) < max(FEWEST, SHARE * len(numbered)):
        return []
    return [_opening(block) for block in (numbered if len(asking) >= SHARE_FOR_ALL * len(numbered) else asking)]


def _with_own(note: Reading, numbered: Sequence[Block]) -> Iterator[tuple[Block, list[Block]]]:
    """Each such paragraph with the blocks up to the next one or the next heading."""
    starts = {block.first for block in numbered}
    places = [place for place, block in enumerate(note.blocks) if block.first in starts or block.kind is Kind.HEADING]
    for place, following in pairwise([*places, len(note.blocks)]):
        if note.blocks[place].first in starts:
            yield note.blocks[place], list(note.blocks[place + 1 : following])


def _asks(note: Reading, block: Block, own: Sequence[Block], folded: frozenset[int]) -> bool:
    lines = block.text.split("\n")
    if any(read(line).asks in (Asks.MARK, Asks.IMPERATIVE) for line in (lines[0], lines[-1])):
        return True
    below = any(shows_question(note, one) or one.first in folded for one in own)
    return below or block.first in folded or rest_shows_question("\n".join(lines[1:]))


def _opening(block: Block) -> Opening:
    """The question of a paragraph: its first line if that has a question mark, else all up to options or an answer."""
    lines = block.text.split("\n")
    options = line_options(lines)
    ends = [number for number, line in enumerate(lines) if number and first_label(line) is not None]
    end = min([*ends, options[0] if options is not None else len(lines)])
    end = 1 if read(lines[0]).asks is Asks.MARK else max(end, 1)
    return Opening(
        convention=Convention.NUMBERED,
        line=block.first,
        prompt=read("\n".join(lines[:end])).prompt,
        lines=frozenset(range(block.first, block.first + end)),
        rest="\n".join(lines[end:]),
        rest_line=block.first + end,
    )
