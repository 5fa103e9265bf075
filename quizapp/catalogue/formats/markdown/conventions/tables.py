"""Tables with a column of questions and one of answers. Pure."""

import re
from collections.abc import Iterator, Sequence

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.conventions.field_names import ANSWER_COLUMNS, QUESTION_COLUMNS
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, plain, read

NUMBERS = frozenset(
    {"#", "no", "nr", "num", "number", "id", "s.no", "s no", "sr", "sr.no", "sr no", "sl no", "sl.no", "q#"}
)
# Columns that say something about a question and do not answer it.
REMARKS = frozenset(
    {"difficulty", "level", "topic", "topics", "category", "status", "company", "companies", "tags", "type", "section",
     "file", "link", "links", "frequency", "source", "page", "week", "points", "marks", "options", "your answer"}
)  # fmt: skip
# Words that name a column of answers whatever the other one is called: "Concept", "Task", "Command".
_SURE_ANSWERS = frozenset({"answer", "answers", "correct answer", "correct answers"})
_RIGHT_COLUMNS = frozenset({"correct", "answer", "correct answer", "key", "right", "solution"})
FEWEST_OPTIONS = 2  # columns of a table of questions with options
# The two sides of cards below a heading that says that it has cards.
_FRONTS = frozenset({"term", "concept", "word", "acronym", "abbreviation", "command", "port", "topic", "name", "item"})
_BACKS = frozenset({"definition", "meaning", "description", "explanation", "stands for", "what it does", "purpose"})
_OF_CARDS = re.compile(r"\bflash\s?cards?\b|\bdecks?\b", re.IGNORECASE)
_LINK = re.compile(r"[*_]{0,2}\[[^\[\]]*\]\([^()]*\)")
_KEYED = re.compile(r"(?:Q(?:uestion)?\s?)?\d{1,4}|[A-L]", re.IGNORECASE)  # a question or an option by its sign alone
FEWEST_ASKING = 3  # rows that ask, of a table with other names for its columns
MOST_BEFORE = 2  # columns with a name up to that of questions without answers: "Scenario", "Question"
FEWEST_TABLES = 2  # of questions; then a numbered table of two columns beside them asks too


def find(note: Reading) -> Iterator[Opening]:
    """A question for each row of such a table."""
    of_cards = _below_cards(note)
    found = [
        (block, columns(block) or _by_place(note, block) or (_sides(block) if block.first in of_cards else None))
        for block in note.blocks
        if block.kind is Kind.TABLE and not _is_key(block)
    ]
    lettered = {block.first for block, _ in found if _lettered(block) is not None}
    for block, _ in found:
        yield from _choices(block) if block.first in lettered else ()
    found = [(block, places) for block, places in found if block.first not in lettered]
    for block, alone in _alone([block for block, places in found if places is None]):
        yield from _rows(block, alone, None)
    asking = sum(places is not None for _, places in found) >= FEWEST_TABLES
    for block, places in found:
        places = places or (_by_number(block) if asking and block.first in note.asking else None)
        places = places or _asking_column(block)
        if places is not None:
            yield from _rows(block, *places)


def _lettered(block: Block) -> tuple[int, list[int], int] | None:
    """The columns of questions, of options, which are called A, B and so on, and of the right letter; None without."""
    named = _named_columns(block)
    options = [place for place, head in named if len(head) == 1 and head.isalpha() and head != "q"]
    letters = "".join(head for place, head in named if place in options)
    asked = next((place for place, head in named if head in QUESTION_COLUMNS), None)
    right = next((place for place, head in named if head in _RIGHT_COLUMNS), None)
    if asked is None or right is None or len(letters) < FEWEST_OPTIONS or letters not in "abcdefgh":
        return None
    return asked, options, right


def _choices(block: Block) -> Iterator[Opening]:
    """A question with its options for each row of such a table."""
    if (places := _lettered(block)) is None:
        return
    asked, options, right = places
    for number, cells in enumerate(block.cells[1:], start=block.first + 2):
        told = [f"{chr(65 + at)}. {cells[place].strip()}" for at, place in enumerate(options) if cells[place].strip()]
        if cells[asked].strip() and told:
            yield Opening(
                convention=Convention.TABLES,
                line=number,
                prompt=read(cells[asked]).prompt or cells[asked],
                lines=frozenset(range(block.first if number == block.first + 2 else number, number + 1)),
                rest="\n".join([*told, f"Answer: {cells[right].strip()}"]),
                rest_line=number,
            )


def _asking_column(block: Block) -> tuple[int, int] | None:
    """The columns of a table of two of which every cell of the first has a question mark, as Cornell's notes have."""
    rows = block.cells[1:]
    asks = all(len(row) == 2 and read(row[0]).asks is Asks.MARK and row[1].strip() for row in rows)
    return (0, 1) if len(block.cells[0]) == 2 and len(rows) >= FEWEST_ASKING and asks else None


def columns(block: Block) -> tuple[int, int] | None:
    """The columns of question and answer; None for a table without them."""
    heads = [plain(cell).strip("*_ :").lower() for cell in block.cells[0]]
    parts = [[head, *(part.strip() for part in head.split("/"))] for head in heads]
    asked = next((number for number, names in enumerate(parts) if QUESTION_COLUMNS.intersection(names)), None)
    answered = next((number for number, names in enumerate(parts) if ANSWER_COLUMNS.intersection(names)), None)
    if asked is None and answered is not None and heads[answered] in _SURE_ANSWERS:
        others = [number for number, head in enumerate(heads) if head and head not in (*NUMBERS, *_SURE_ANSWERS)]
        asked = others[0] if len(others) == 1 and others[0] < answered else None
    return (asked, answered) if asked is not None and answered is not None else None


def _is_key(block: Block) -> bool:
    """Whether a table says what belongs to a number or a letter, as a key or a list of options does."""
    places = columns(block)
    cells = [row[places[0]].strip("*_ .)") for row in block.cells[1:]] if places is not None else []
    return bool(cells) and all(_KEYED.fullmatch(cell) for cell in cells)


def _below_cards(note: Reading) -> frozenset[int]:
    """The first lines of the tables whose heading, or else the note's title, says that these are cards."""
    title = plain(note.title.text) if note.title is not None else ""
    found: set[int] = set()
    heading = title
    for block in note.blocks:
        if block.kind is Kind.HEADING:
            heading = plain(block.text)
        elif block.kind is Kind.TABLE and (_OF_CARDS.search(heading) or _OF_CARDS.search(title)):
            found.add(block.first)
    return frozenset(found)


def _sides(block: Block) -> tuple[int, int] | None:
    """The columns of a table of cards, such as Term and Definition; None for one that has not both."""
    named = _named_columns(block)
    front = next((place for place, head in named if head in _FRONTS), None)
    back = next((place for place, head in named if head in _BACKS), None)
    return (front, back) if front is not None and back is not None else None


def _question_column(block: Block) -> int | None:
    """The last column, if it is called Question and all before it have numbers, or only one other its topics."""
    named = [(place, head) for place, head in _named_columns(block) if head not in NUMBERS]
    is_one = 1 <= len(named) <= MOST_BEFORE and named[-1][1] in QUESTION_COLUMNS
    is_one = is_one and not any(head in (*QUESTION_COLUMNS, *ANSWER_COLUMNS) for _, head in named[:-1])
    return named[-1][0] if is_one and not _leads_elsewhere(block, named[-1][0]) else None


def _asks(block: Block, asked: int) -> bool:
    """Whether half of a table's rows ask in one column."""
    asks = sum(read(cells[asked]).asks is not Asks.NOT for cells in block.cells[1:])
    return asks * 2 >= len(block.cells) - 1 > 0


def _alone(blocks: Sequence[Block]) -> Iterator[tuple[Block, int]]:
    """The tables of questions without answers: most rows ask, or beside others under such a head some row is one."""
    headed = [(block, asked) for block in blocks if (asked := _question_column(block)) is not None]
    asking = [block.first for block, asked in headed if _asks(block, asked)]
    for block, asked in headed:
        if block.first in asking or len(asking) >= FEWEST_TABLES:
            yield block, asked


def _by_place(note: Reading, block: Block) -> tuple[int, int] | None:
    """The column of questions and the only other one, whatever that is called, where the note says that it asks."""
    named = _named_columns(block)
    asked = [place for place, head in named if head in QUESTION_COLUMNS]
    others = [(place, head) for place, head in named if head not in QUESTION_COLUMNS and head not in NUMBERS]
    is_one = len(asked) == len(others) == 1 and block.first in note.asking and others[0][1] not in REMARKS
    is_one = is_one and others[0][0] > asked[0]  # what stands before a question is its topic
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
                prompt=_prompt(block, cells, asked=asked, answered=answered),
                lines=frozenset(range(block.first if number == block.first + 2 else number, number + 1)),
                answer=_answer(block, cells, asked=asked, answered=answered) if answered is not None else "",
            )


def _prompt(block: Block, cells: list[str], *, asked: int, answered: int | None) -> str:
    """The question's cell; of one without an answer, what else the row says stands below it."""
    own = read(cells[asked]).prompt or cells[asked]
    return own if answered is not None else "\n\n".join([own, *_more(block, cells, but=(asked,))])


def _answer(block: Block, cells: list[str], *, asked: int, answered: int) -> str:
    """The answer's cell, and what else the row says with the heads of those columns."""
    more = _more(block, cells, but=(asked, answered))
    return "\n\n".join(part for part in (cells[answered].strip(), *more) if part)


def _more(block: Block, cells: list[str], *, but: tuple[int, ...]) -> list[str]:
    """What a row says in the other columns that have a name, but for its number."""
    return [
        f"{head.strip()}: {cell.strip()}"
        for place, (head, cell) in enumerate(zip(block.cells[0], cells, strict=False))
        if place not in but and cell.strip() and head.strip() and not cell.strip().isdigit()
    ]
