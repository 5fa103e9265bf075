"""Headings such as `Scenario 3: The disk is full` with what happened and a line that asks below. Pure.

All up to the line that asks is the question; what follows is its answer.
"""

import re
from collections.abc import Sequence

from quizapp.catalogue.formats.markdown.answers import answer_heading
from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.labels import first_label
from quizapp.catalogue.formats.markdown.languages import QUESTION_MARKS
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, plain, read, undecorated

FEWEST = 2
MOST_BLOCKS = (
    4  # between the heading and the end of the question; further below a question mark is a part of the answer
)
_SCENARIO = re.compile(r"^(?:scenario|situation|incident|use case|case)\s+#?\d{1,3}\b", re.IGNORECASE)


def find(note: Reading) -> list[Opening]:
    """Every such heading, if there are two that ask below and these are most of them."""
    headed = [place for place, block in enumerate(note.blocks) if _is_scenario(block)]
    found = [opening for place in headed if (opening := _opening(note, place)) is not None]
    return found if len(found) >= max(FEWEST, len(headed) / 2) else []


def _is_scenario(block: Block) -> bool:
    return block.kind is Kind.HEADING and _SCENARIO.match(plain(undecorated(block.text))) is not None


def _opening(note: Reading, place: int) -> Opening | None:
    """The question of a heading; None if no line asks soon below it, or if it asks itself."""
    heading = note.blocks[place]
    if read(heading.text).asks >= Asks.IMPERATIVE:
        return None
    told: list[Block] = []
    for block in note.blocks[place + 1 : place + 1 + MOST_BLOCKS]:
        if block.kind in (Kind.HEADING, Kind.RULE) or first_label(block.text) == "a" or answer_heading(block.text):
            return None
        told.append(block)
        if block.kind is Kind.PARAGRAPH and _asks(block.text):
            return _asked(note, heading, told)
    return None


def _asks(text: str) -> bool:
    return read(text.rsplit("\n", 1)[-1]).asks is Asks.MARK and text.rstrip(" *_\"\u201d'").endswith(QUESTION_MARKS)


def _asked(note: Reading, heading: Block, told: Sequence[Block]) -> Opening:
    texts = [read(heading.text).prompt, *(note.source.text_of(block) for block in told)]
    return Opening(
        convention=Convention.HEADINGS,
        line=heading.first,
        prompt="\n\n".join(text for text in texts if text),
        lines=frozenset(line for block in (heading, *told) for line in block.lines),
        level=heading.level,
        is_named=True,
    )
