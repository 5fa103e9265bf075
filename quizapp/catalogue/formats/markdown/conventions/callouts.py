"""Callouts whose title asks and whose text is the answer: `> [!question]- What …?`. Pure."""

import re
from collections.abc import Iterator

from quizapp.catalogue.formats.markdown.answers import unquoted
from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, read

_TITLE = re.compile(
    r"\[!(?P<type>question|faq|help|flashcards?|card|quiz)\][+-]?[ \t]+(?P<title>\S[^\n]*)(?:\n|$)", re.IGNORECASE
)
FEWEST = 2  # of a note that does not say that it asks


def find(note: Reading) -> list[Opening]:
    """Every such callout, if there are several or the note says that it asks."""
    found = list(_asking(note))
    return found if len(found) >= FEWEST else [one for one in found if one.line in note.asking]


def _asking(note: Reading) -> Iterator[Opening]:
    for block in note.blocks:
        text = unquoted(note.source.text_of(block)) if block.kind is Kind.QUOTE else ""
        title = _TITLE.match(text)
        if title is not None and (
            read(title["title"]).asks in (Asks.MARK, Asks.NAMED) or "card" in title["type"].lower()
        ):
            yield _opening(block, read(title["title"]).prompt, text[title.end() :])


def _opening(block: Block, prompt: str, rest: str) -> Opening:
    return Opening(
        convention=Convention.CALLOUTS,
        line=block.first,
        prompt=prompt,
        lines=frozenset([block.first]),
        rest=rest.strip("\n"),
        rest_line=block.last - rest.strip("\n").count("\n") - 1,
    )
