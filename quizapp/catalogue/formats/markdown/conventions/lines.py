"""Paragraphs that ask in a note without any markup, with the paragraphs up to the next one as the answer. Pure."""

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, asked_and_told, read

FEWEST = 3
SHARE = 0.3  # of the paragraphs must ask; with two paragraphs an answer it is a third


def find(note: Reading) -> list[Opening]:
    """Every line that begins a paragraph and asks, if there are many."""
    paragraphs = [block for block in note.blocks if block.kind is Kind.PARAGRAPH]
    asking = [opening for block in paragraphs for opening in _asked(note, block)]
    if len(asking) < FEWEST or len({one.line for one in asking}) < SHARE * len(paragraphs):
        return []
    return asking


def _asked(note: Reading, block: Block) -> list[Opening]:
    """The lines of a paragraph that ask: each of them if all do, else the first."""
    lines = block.text.split("\n")
    asks = [read(line).asks is Asks.MARK or (block.first in note.asking and _is_told(line)) for line in lines]
    starts = list(range(len(lines))) if all(asks) else [0] if asks[0] else []
    ends = [*starts[1:], len(lines)][: len(starts)]
    return [_opening(block.first + start, lines[start:end]) for start, end in zip(starts, ends, strict=True)]


def _opening(number: int, lines: list[str]) -> Opening:
    """The question of a line and those below it; its answer may begin on the same line."""
    parts = asked_and_told(lines[0])
    return Opening(
        convention=Convention.LINES,
        line=number,
        prompt=parts[0] if parts is not None else read(lines[0]).prompt,
        lines=frozenset([number]),
        rest="\n".join([parts[1], *lines[1:]] if parts is not None else lines[1:]),
        rest_line=number if parts is not None else number + 1,
    )


def _is_told(line: str) -> bool:
    wording = read(line)
    return wording.numbered and wording.asks in (Asks.IMPERATIVE, Asks.OPENING)
