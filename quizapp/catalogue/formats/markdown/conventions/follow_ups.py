"""Questions that go on with the one above them and have their own answer: `**Follow-up:** …?`, `**A:** …`. Pure.

Without an answer by name such a line is a part of what stands above it.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.conventions.evidence import answered_by_name
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import undecorated, unwrapped

_NAME = re.compile(
    r"(?P<mark>\*\*|__|\*|_)?(?:[A-Z][a-z]+\s){0,2}follow[- ]?up(?:\squestion)?\s?\d{0,2}\s?"
    r"(?:(?P<closed>(?P=mark))\s?[:.]|[:.]\s?(?(mark)(?P<within>(?P=mark))?|))\s*(?P<asked>\S.*)$",
    re.IGNORECASE,
)


def find(note: Reading) -> Iterator[Opening]:
    """Every paragraph that begins so and has an answer by name on its next line, or as the next block."""
    for block, following in pairwise([*note.blocks, None]):
        assert block is not None
        if block.kind is not Kind.PARAGRAPH or "ollow" not in block.text[:30]:
            continue
        first, _, rest = block.text.partition("\n")
        found = _NAME.match(undecorated(first))
        if found is not None and answered_by_name(note, rest, following):
            yield _opening(block, found, rest)


def _opening(block: Block, found: re.Match[str], rest: str) -> Opening:
    opened = found["mark"] and not found["closed"] and not found["within"]
    return Opening(
        convention=Convention.FOLLOW_UPS,
        line=block.first,
        prompt=unwrapped(f"{found['mark']}{found['asked']}" if opened else found["asked"]),
        lines=frozenset([block.first]),
        rest=rest,
        rest_line=block.first + 1,
    )
