"""Lines that ask, or quotations, and have an answer by name below: "> What …?", "**Answer:** …". Pure."""

from collections.abc import Iterator
from itertools import pairwise

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.conventions.bold_lines import bold_line
from quizapp.catalogue.formats.markdown.labels import first_label
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, read


def find(note: Reading) -> Iterator[Opening]:
    """Every such line that is not bold, which `bold_lines` weighs against the note's other bold lines."""
    for block, following in pairwise([*note.blocks, None]):
        assert block is not None
        asking = _asking(block)
        if asking is None:
            continue
        first, *rest = asking.text.split("\n")
        answered = first_label(rest[0]) == "a" if rest else _is_answer(following)
        if answered and read(first).asks in (Asks.MARK, Asks.IMPERATIVE) and bold_line(asking) is None:
            yield _opening(asking, read(first).prompt, rest)


def _asking(block: Block) -> Block | None:
    """The paragraph that may ask: a block that is one, or the only one of a quotation."""
    if block.kind is Kind.QUOTE and len(block.children) == 1:
        return block.children[0] if block.children[0].kind is Kind.PARAGRAPH else None
    return block if block.kind is Kind.PARAGRAPH else None


def _is_answer(block: Block | None) -> bool:
    return block is not None and block.kind is Kind.PARAGRAPH and first_label(block.text) == "a"


def _opening(block: Block, prompt: str, rest: list[str]) -> Opening:
    return Opening(
        convention=Convention.ANSWERED,
        line=block.first,
        prompt=prompt,
        lines=frozenset([block.first]),
        rest="\n".join(rest),
        rest_line=block.first + 1,
    )
