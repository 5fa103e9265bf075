"""Tells of what looks like questions and was not taken, since the note writes its questions in another way. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.beside import standing_alone
from quizapp.catalogue.formats.markdown.conventions.bold_lines import bold_line
from quizapp.catalogue.formats.markdown.conventions.evidence import listed
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, asked_and_told, read
from quizapp.catalogue.formats.parsed import LineUse, NoteWarning

# So many questions for each heading that asks: then such headings are titles of a text that teaches.
FAR_MORE = 10
_FREE = (None, LineUse.SECTION, LineUse.CONCEPT)


def left_unread(note: Reading, openings: Sequence[Opening]) -> Iterator[NoteWarning]:
    """A warning of each kind of what looks like questions, in a note that has others; it has the first one's line."""
    if not openings:
        return
    conventions = [one.convention for one in openings]
    taken_as = max(conventions, key=conventions.count)
    for kind, lines, most in (
        ("heading", list(_headings(note, openings)), len(openings)),
        ("bold line", list(_bold(note, openings)), len(openings)),
        ("folded text", list(_details(note)), len(openings)),
        ("line", list(_lines(note, openings, _FREE)), 0),
        ("line of an answer", list(_lines(note, openings, (LineUse.ANSWER,))), len(openings)),
        ("list of options", list(_options(note)), 0),
    ):
        if lines and len(lines) * FAR_MORE > most:
            looks = (
                f"1 {kind} looks like a question and was"
                if len(lines) == 1
                else (f"{len(lines)} {_several(kind)} look like questions and were")
            )
            message = f"{looks} not taken: this note was read as {taken_as}. Write all its questions in one way."
            yield NoteWarning(line=lines[0] + 1, message=message)


def _several(kind: str) -> str:
    first, *rest = kind.split(" of ")
    return " of ".join([f"{first}s", *rest])


def _lines(note: Reading, openings: Sequence[Opening], uses: Sequence[LineUse | None]) -> Iterator[int]:
    """The lines, quotations and items that ask, stand alone or have their answers, and are used so, in order.

    Answers below headings ask much: "Why is it slow?". There a quotation alone looks like a question.
    """
    teaching = _apart(note, openings)
    by_lines = any(one.convention is Convention.PAIRS for one in openings) or LineUse.ANSWER not in uses
    alone = [one for one in standing_alone(note) if one.convention is not Convention.BOLD_LINES]
    looking = [one.line for one in alone if by_lines or one.convention is Convention.QUOTED]
    for line in sorted([*looking, *(_answered_items(note, uses) if by_lines else ())]):
        if note.source.uses.get(line) in uses and not (teaching and line not in note.asking):
            yield line


def _answered_items(note: Reading, uses: Sequence[LineUse | None]) -> Iterator[int]:
    """The lines of the items that ask and have an answer, of lists of several most of which do; some are used so."""
    for block in note.blocks:
        items = block.children if block.kind in LISTS and len(block.children) > 1 else ()
        if all(note.source.uses.get(item.first) not in uses for item in items):
            continue
        found = [item.first for item in items if _is_answered(item)]
        if len(found) * 2 > len(items):
            yield from found


def _is_answered(item: Block) -> bool:
    """Whether an item asks and has its answer behind a dash, on its next line, or below it."""
    head = item.children[0] if item.children and item.children[0].kind is Kind.PARAGRAPH else None
    if head is None:
        return False
    first, _, rest = head.text.partition("\n")
    return asked_and_told(first) is not None or (bool(rest or item.children[1:]) and _asks(first))


def _options(note: Reading) -> Iterator[int]:
    """The first lines of lists in which some boxes are ticked and others not, below a paragraph, that are text."""
    for sentence, block in pairwise(note.blocks):
        is_text = sentence.kind is Kind.PARAGRAPH and note.source.uses.get(block.first) in _FREE
        options = listed(note, block) if block.kind in LISTS and is_text else None
        if options is not None and any(one.right for one in options) and not all(one.right for one in options):
            yield sentence.first


def _headings(note: Reading, openings: Sequence[Opening]) -> Iterator[int]:
    """The lines of headings that ask, are no part of an answer, and have no question below them."""
    begun = sorted(one.line for one in openings)
    headings = [block for block in note.blocks if block.kind is Kind.HEADING]
    teaching = _apart(note, openings)
    for block, last in zip(headings, _ends(headings, len(note.source.lines)), strict=True):
        holds_one = bisect_left(begun, block.first) < bisect_left(begun, last)
        left = note.source.uses.get(block.first) in _FREE and not (teaching and block.first not in note.asking)
        if block is not note.title and left and not holds_one and _asks(block.text):
            yield block.first


def _ends(headings: Sequence[Block], last: int) -> list[int]:
    """The line, for each heading, of the next one that is not deeper."""
    ends, deeper = [last] * len(headings), list[int]()
    for number, heading in enumerate(headings):
        while deeper and headings[deeper[-1]].level >= heading.level:
            ends[deeper.pop()] = heading.first
        deeper.append(number)
    return ends


def _bold(note: Reading, openings: Sequence[Opening]) -> Iterator[int]:
    """The bold lines that ask and are text, or stand in the answer of a question by its name."""
    by_lines = any(one.convention is Convention.PAIRS for one in openings)
    uses = (*_FREE, LineUse.ANSWER) if by_lines else _FREE
    teaching = _apart(note, openings)
    for block in note.blocks:
        line = bold_line(block) if note.source.uses.get(block.first) in uses else None
        if line is not None and _asks(line) and not (teaching and block.first not in note.asking):
            yield block.first


def _details(note: Reading) -> Iterator[int]:
    """The lines of `<details>` that ask and are text."""
    for one in note.source.details:
        if one.depth == 0 and _asks(one.summary) and note.source.uses.get(one.first) in _FREE:
            yield one.first


def _apart(note: Reading, openings: Sequence[Opening]) -> bool:
    """Whether all questions of a note stand where a title or heading says that it asks; what is elsewhere teaches."""
    return all(one.line in note.asking for one in openings)


def _asks(text: str) -> bool:
    return read(text).asks >= Asks.MARK
