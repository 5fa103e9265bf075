"""Quotations that ask, with the answer behind them or within: `> What …?`, `> ? What …`. Pure."""

from itertools import pairwise

from quizapp.catalogue.formats.markdown.answers import unquoted
from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, read

FEWEST = 3  # quotations that ask, with something behind them
FEWEST_SIGNED = 2  # that begin with a question mark of their own and hold the answer
SHARE = 0.6  # of the note's quotations ask
SHARE_MARKED = 0.5  # of these have a question mark
SIGN = "? "


def find(note: Reading) -> list[Opening]:
    """Every such quotation, if most of the note's quotations ask."""
    quotes = [
        (block, following)
        for block, following in pairwise([*note.blocks, None])
        if block is not None and block.kind is Kind.QUOTE
    ]
    signed = [one for block, _ in quotes if (one := _signed(note, block)) is not None]
    if len(signed) >= FEWEST_SIGNED:
        return signed
    asking = [block for block, following in quotes if _asks(block) and _may_answer(following)]
    marked = sum(read(block.children[0].text).asks is Asks.MARK for block in asking)
    enough = len(asking) >= max(FEWEST, SHARE * len(quotes)) and marked >= SHARE_MARKED * len(asking)
    return [_opening(block) for block in asking] if enough else []


def _signed(note: Reading, block: Block) -> Opening | None:
    """The question of a quotation that begins with `? `; its other lines are the answer."""
    text = unquoted(note.source.text_of(block))
    if not text.startswith(SIGN):
        return None
    first, _, rest = text.removeprefix(SIGN).partition("\n")
    return Opening(
        convention=Convention.QUOTED,
        line=block.first,
        prompt=read(first).prompt,
        lines=frozenset(block.lines),
        answer=rest.strip(),
    )


def _asks(block: Block) -> bool:
    """Whether a quotation is one line that asks, or a heading."""
    if len(block.children) != 1 or block.children[0].kind not in (Kind.PARAGRAPH, Kind.HEADING):
        return False
    text = block.children[0].text
    return "\n" not in text and read(text).asks in (Asks.MARK, Asks.IMPERATIVE)


def _may_answer(following: Block | None) -> bool:
    return following is not None and following.kind not in (Kind.HEADING, Kind.RULE)


def _opening(block: Block) -> Opening:
    return Opening(
        convention=Convention.QUOTED,
        line=block.first,
        prompt=read(block.children[0].text).prompt,
        lines=frozenset(block.lines),
    )
