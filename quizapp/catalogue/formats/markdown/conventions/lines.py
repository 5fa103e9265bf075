"""Paragraphs that ask in a note without any markup, with the paragraphs up to the next one as the answer. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.conventions.evidence import is_told_below
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, asked_and_told, is_task, read

FEWEST = 3
MOST = 0.75  # of a paragraph's lines ask: it is a list of questions, and "What is deno" is one too
FEWEST_BELOW = 2  # lines below a title in the same paragraph
TITLE_MAX_CHARS = 80
SHARE = 0.3  # of the paragraphs must ask; with two paragraphs an answer it is a third
ANSWERED = 0.25  # of the questions must have more than a line below them; else such a line is a title among questions


def find(note: Reading) -> list[Opening]:
    """Every line that asks at the beginning or end of a paragraph, if there are many."""
    paragraphs = [block for block in note.blocks if block.kind is Kind.PARAGRAPH]
    titled = {block.first for block in paragraphs if _is_titled(note, block)}
    asking = [opening for block in paragraphs for opening in _asked(note, block, titled=block.first in titled)]
    if len(asking) >= FEWEST:
        known = {one.line for one in asking}
        mostly = len(asking) >= MOST * len(paragraphs)
        beside = [block for block in paragraphs if "\n" not in block.text and _asks_beside(block.text, mostly=mostly)]
        more = [_opening(block.first, [block.text]) for block in beside if block.first not in known]
        asking = sorted([*asking, *more], key=lambda one: one.line) if len(more) < len(asking) else asking
        asking = sorted([*asking, *_told_within(paragraphs, asking)], key=lambda one: one.line)
    if len(asking) < FEWEST or len({one.line for one in asking}) < SHARE * len(paragraphs):
        return []
    _end_at_titles(note, asking)
    for one, following in pairwise(asking):
        first = next((line for line in range(one.line + 1, following.line) if line in titled), None)
        one.until = first if first is not None and one.until is None else one.until
    return asking


def _told_within(paragraphs: Sequence[Block], asking: Sequence[Opening]) -> Iterator[Opening]:
    """The paragraphs that begin with a task, "Explain BGP.", and go on with its answer as most questions do."""
    known = {one.line for one in asking}
    if sum(bool(one.rest) for one in asking) * 2 < len(asking):
        return
    for block in paragraphs:
        first, _, rest = block.text.partition("\n")
        tells = bool(rest) and block.first not in known and read(first).asks is Asks.IMPERATIVE
        if tells and is_told_below(first, rest, told=True):
            yield _opening(block.first, block.text.split("\n"))


def runs(note: Reading) -> Iterator[Opening]:
    """Lines that ask and stand alone, one after the other, where the note says that it asks: a list without marks."""
    run: list[Block] = []
    for block in [*note.blocks, None]:
        alone = block is not None and block.kind is Kind.PARAGRAPH and "\n" not in block.text
        if block is not None and alone and block.first in note.asking and read(block.text).asks is Asks.MARK:
            run.append(block)
            continue
        if len(run) >= FEWEST:
            yield from (_opening(one.first, [one.text]) for one in run)
        run = []


def _is_titled(note: Reading, block: Block) -> bool:
    """Whether a paragraph is a title and its questions: lines all of which ask, or indented ones half of which do."""
    title, *lines = block.text.split("\n")
    if len(lines) < FEWEST_BELOW or len(title) > TITLE_MAX_CHARS or read(title).asks is not Asks.NOT:
        return False
    asking = sum(read(line).asks in (Asks.MARK, Asks.IMPERATIVE) for line in lines)
    if asking == len(lines) or (asking >= MOST * len(lines) and asking > FEWEST):
        return True
    own = [_indent(line) for line in note.source.lines[block.first : block.last]]
    return asking * 2 >= len(lines) and min(own[1:]) > own[0]


def _indent(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _asked(note: Reading, block: Block, *, titled: bool) -> list[Opening]:
    """The lines of a paragraph that ask: each that does if most do, else the first and the last."""
    lines = block.text.split("\n")
    if titled:
        return [_opening(block.first + at, [line]) for at, line in enumerate(lines) if at]
    asks = [read(line).asks is Asks.MARK or (block.first in note.asking and _is_told(line)) for line in lines]
    most = len(lines) >= FEWEST and sum(asks) >= MOST * len(lines)
    if most:
        asks = [
            one or read(line).asks in (Asks.OPENING, Asks.IMPERATIVE) for one, line in zip(asks, lines, strict=True)
        ]
    starts = [at for at, one in enumerate(asks) if one and (most or all(asks) or at in (0, len(lines) - 1))]
    ends = [*starts[1:], len(lines)][: len(starts)]
    return [_opening(block.first + start, lines[start:end]) for start, end in zip(starts, ends, strict=True)]


def _end_at_titles(note: Reading, asking: Sequence[Opening]) -> None:
    """End questions at the single lines between them where nearly none has more below it: those lines are titles."""
    between = list(_between(note, asking))
    for one, blocks in between[:-1]:
        last = blocks[-1] if blocks and one.rest else None  # "Monitoring (Prometheus):", where the answer is above
        if last is not None and last.kind is Kind.PARAGRAPH and "\n" not in last.text and _is_name(last.text):
            one.until = last.first
    answered = sum(len(blocks) > 1 or bool(one.rest) for one, blocks in between)
    if answered >= ANSWERED * len(asking):
        return
    single = [(one, blocks[0]) for one, blocks in between if len(blocks) == 1 and not one.rest]
    if len(single) * 2 > len(asking):
        return  # so many lines are answers
    for one, block in single:
        if block.kind is Kind.PARAGRAPH and block.last - block.first == 1:
            one.until = block.first


def _is_name(line: str) -> bool:
    return line.endswith(":") and len(line) <= TITLE_MAX_CHARS


def _between(note: Reading, asking: Sequence[Opening]) -> Iterator[tuple[Opening, list[Block]]]:
    """Each question with the blocks up to the next one."""
    blocks = [block for block in note.blocks if block.kind is not Kind.RULE]
    at = 0
    for one, following in pairwise([*asking, None]):
        assert one is not None
        end = following.line if following is not None else len(note.source.lines)
        own = []
        while at < len(blocks) and blocks[at].first < end:
            own += [blocks[at]] if blocks[at].first > one.line else []
            at += 1
        yield one, own


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


def _asks_beside(line: str, *, mostly: bool) -> bool:
    """Whether a line among lines that ask does so too; `mostly`: nearly all lines of the note ask."""
    return _is_told(line) or (mostly and read(line).asks is Asks.IMPERATIVE)


def _is_told(line: str) -> bool:
    wording = read(line)
    return wording.numbered and (wording.asks in (Asks.IMPERATIVE, Asks.OPENING) or is_task(wording.prompt))
