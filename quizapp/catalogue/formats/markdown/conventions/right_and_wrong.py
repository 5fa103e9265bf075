"""Options that are two lists below headings which say what they are: "Correct answers", "Incorrect answers". Pure."""

import re
from collections.abc import Sequence

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.options import Option, plain_options
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.markdown.wording import plain, undecorated

_RIGHT = re.compile(r"^(?:correct|right) (?:answers?|options?|choices?)\W*$", re.IGNORECASE)
_WRONG = re.compile(r"^(?:incorrect|wrong) (?:answers?|options?|choices?)\W*$|^distractors\W*$", re.IGNORECASE)
_OF_LISTS = {True: _RIGHT, False: _WRONG}


def parted_options(blocks: Sequence[Block], source: Source) -> tuple[list[Option], list[Block]]:
    """The options of both lists, in order, and the blocks that they stand in; nothing if one is missing."""
    options: list[Option] = []
    taken: list[Block] = []
    seen = set()
    for place, block in enumerate(blocks[:-1]):
        is_right = _kind(block) if block.kind is Kind.HEADING else None
        listed = blocks[place + 1]
        if is_right is None or listed.kind not in LISTS:
            continue
        own = plain_options(listed, source, fewest=1)
        if own is None:
            return [], []
        for option in own:
            option.letter, option.right = "", is_right
        options += own
        taken += [block, listed]
        seen.add(is_right)
    return (options, taken) if len(seen) == len(_OF_LISTS) else ([], [])


def _kind(heading: Block) -> bool | None:
    """Whether a heading stands above what is right; None for one that says something else."""
    words = plain(undecorated(heading.text))
    return next((is_right for is_right, pattern in _OF_LISTS.items() if pattern.match(words)), None)
