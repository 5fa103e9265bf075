"""`<details>` whose summary is the question and whose content is the answer. Pure.

One whose summary is empty, or says "Answer", belongs to the question before it: `body` reads that.
"""

import re
from bisect import bisect_left

from quizapp.catalogue.formats.markdown.answers import answer_summary
from quizapp.catalogue.formats.markdown.blocks import LISTS, Kind
from quizapp.catalogue.formats.markdown.conventions.evidence import listed
from quizapp.catalogue.formats.markdown.labels import first_label
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.regions import Details
from quizapp.catalogue.formats.markdown.wording import TO_FILL, Asks, is_contents, read

SHARE = 0.5  # of the summaries that do not say "Answer" must ask
FEWEST_FOR_ALL = 3  # then the others ask too: "Demonstrate how to list pods"
WORDS_FEWEST = 3  # of a summary that asks by itself; "And why?" goes on with what is above it
_KIND = re.compile(r"\W*(?:quiz|quick quiz|exercise|knowledge check|self[- ]check|check your\w*)\W*", re.IGNORECASE)
FEWEST = 2  # of a note that does not say that it asks


def find(note: Reading) -> list[Opening]:
    """Every `<details>` that asks, if most of the note's do."""
    own = [
        (one, read(one.summary))
        for one in note.source.details
        if one.summary and answer_summary(one.summary) is None and not is_contents(one.summary)
    ]
    asking = [
        (one, wording)
        for one, wording in own
        if wording.asks >= Asks.IMPERATIVE
        or TO_FILL.search(one.summary)
        or _opens(note, one, wording.asks)
        or _holds_both(note, one)
    ]
    if not asking or len(asking) < SHARE * len(own):
        return []
    if len(asking) < FEWEST and not any(one.first in note.asking or said.asks is Asks.NAMED for one, said in asking):
        return []
    chosen = own if len(own) >= FEWEST_FOR_ALL else asking
    return [_opening(one, wording.prompt) for one, wording in chosen]


def marked(note: Reading) -> list[Opening]:
    """Every `<details>` that is in no other and whose summary has its question mark and words enough to stand alone."""
    own = [one for one in note.source.details if one.depth == 0 and len(one.summary.split()) >= WORDS_FEWEST]
    return [_opening(one, read(one.summary).prompt) for one in own if read(one.summary).asks is Asks.MARK]


def _holds_both(note: Reading, one: Details) -> bool:
    """Whether options and an answer by name stand in it, so that its summary is said to be true, or not."""
    if one.depth:
        return False
    first = bisect_left(note.blocks, one.first, key=lambda block: block.first)
    inside = note.blocks[first : bisect_left(note.blocks, one.last, key=lambda block: block.first)]
    options = any(block.kind in LISTS and listed(note, block) for block in inside)
    return options and any(block.kind is Kind.PARAGRAPH and first_label(block.text) == "a" for block in inside)


def _opens(note: Reading, one: Details, asks: Asks) -> bool:
    return asks is Asks.OPENING and one.first in note.asking


def _opening(one: Details, prompt: str) -> Opening:
    return Opening(
        convention=Convention.DETAILS,
        line=one.first,
        prompt="" if _KIND.fullmatch(prompt) else prompt,  # then the text below it asks
        lines=frozenset(one.lines),
        rest=one.text,
        rest_line=one.first,
        until=one.last,
    )
