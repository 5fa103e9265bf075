"""Tables with a column of questions and one of answers. Pure."""

import re
from collections.abc import Iterator

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, plain, read

QUESTIONS = frozenset({"question", "questions", "q", "front", "prompt", "interview question"})
ANSWERS = frozenset({"answer", "answers", "a", "back", "response", "solution", "short answer"})

NUMBERS = frozenset(
    {"#", "no", "nr", "num", "number", "id", "s.no", "s no", "sr", "sr.no", "sr no", "sl no", "sl.no", "q#"}
)
# Columns that say something about a question and do not answer it.
REMARKS = frozenset(
    {"difficulty", "level", "topic", "topics", "category", "status", "company", "companies", "tags", "type", "section",
     "file", "link", "links", "frequency", "source", "page", "week", "points", "marks", "options", "your answer"}
)  # fmt: skip
_LINK = re.compile(r"[*_]{0,2}\[[^\[\]]*\]\([^()]*\)")
FEWEST_TABLES = 2  # of questions; then a numbered table of two columns beside them asks too


def find(note: Reading) -> Iterator[Opening]:
    """A question for each row of such a table."""
    found = [(block, columns(block) or _by_place(note, block)) for block in note.blocks if block.kind is Kind.TABLE]
    for block, places in found:
        alone = _question_column(block) if places is None else None
        if alone is not None:
            yield from _rows(block, alone, None)
    asking = sum(places is not None for _, places in found) >= FEWEST_TABLES
    for block, places in found:
        places = places or (_by_number(block) if asking and block.first in note.asking else None)
        if places is not None:
            yield from _rows(block, *places)


def columns(block: Block) -> tuple[int, int] | None:
    """The columns of question and answer; None for a table without them."""
    heads = [plain(cell).strip("*_ :").lower() for cell in block.cells[0]]
    parts = [[head, *(part.strip() for part in head.split("/"))] for head in heads]
    asked = next((number for number, names in enumerate(parts) if QUESTIONS.intersection(names)), None)
    answered = next((number for number, names in enumerate(parts) if ANSWERS.intersection(names)), None)
    return (asked, answered) if asked is not None and answered is not None else None


def _question_column(block: Block) -> int | None:
    """The only column but for numbers, if it is called Question and most rows ask: questions without answers."""
    named = [(place, head) for place, head in _named_columns(block) if head not in NUMBERS]
    if len(named) != 1 or named[0][1] not in QUESTIONS or _leads_elsewhere(block, named[0][0]):
        return None
    asked = named[0][0]
    asks = sum(read(cells[asked]).asks is not Asks.NOT for cells in block.cells[1:])
    return asked if asks * 2 >= len(block.cells) - 1 > 0 else None


def _by_place(note: Reading, block: Block) -> tuple[int, int] | None:
    """The column of questions and the only other one, whatever that is called, where the note says that it asks."""
    named = _named_columns(block)
    asked = [place for place, head in named if head in QUESTIONS]
    others = [(place, head) for place, head in named if head not in QUESTIONS and head not in NUMBERS]
    is_one = len(asked) == len(others) == 1 and block.first in note.asking and others[0][1] not in REMARKS
    return (asked[0], others[0][0]) if is_one and not _leads_elsewhere(block, asked[0]) else None


def _leads_elsewhere(block: Block, asked: int) -> bool:
    """Whether most rows are links to what they name, as in a table of contents."""
    links = sum(_LINK.match(cells[asked].strip()) is not None for cells in block.cells[1:])
    return links * 2 > len(block.cells) - 1


def _by_number(block: Block) -> tuple[int, int] | None:
    """The two columns behind a column of numbers: among tables of questions they are question and answer too."""
    named = _named_columns(block)
    others = [place for place, head in named if head not in NUMBERS]
    is_numbered = bool(named) and named[0] == (0, named[0][1]) and named[0][1] in NUMBERS
    return (others[0], others[1]) if is_numbered and len(others) == 2 else None


def _named_columns(block: Block) -> list[tuple[int, str]]:
    """Place and name of the columns that have one."""
    heads = [plain(cell).strip("*_ :.").lower() for cell in block.cells[0]] if block.cells else []
    return [(place, head) for place, head in enumerate(heads) if head]


def _rows(block: Block, asked: int, answered: int | None) -> Iterator[Opening]:
    for number, cells in enumerate(block.cells[1:], start=block.first + 2):  # after the head and the line below it
        if cells[asked].strip():
            yield Opening(
                convention=Convention.TABLES,
                line=number,
                prompt=read(cells[asked]).prompt or cells[asked],
                lines=frozenset(range(block.first if number == block.first + 2 else number, number + 1)),
                answer=_answer(block, cells, asked=asked, answered=answered) if answered is not None else "",
            )


def _answer(block: Block, cells: list[str], *, asked: int, answered: int) -> str:
    """The answer's cell, and what else the row says with the heads of those columns."""
    more = [
        f"{head.strip()}: {cell.strip()}"
        for place, (head, cell) in enumerate(zip(block.cells[0], cells, strict=False))
        if place not in (asked, answered) and cell.strip() and head.strip() and not cell.strip().isdigit()
    ]
    return "\n\n".join(part for part in (cells[answered].strip(), *more) if part)
