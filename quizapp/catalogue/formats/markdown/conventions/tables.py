"""Tables with a column of questions and one of answers. Pure."""

from collections.abc import Iterator

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import plain, read

QUESTIONS = frozenset({"question", "questions", "q", "front", "prompt", "interview question"})
ANSWERS = frozenset({"answer", "answers", "a", "back", "response", "solution", "short answer"})


def find(note: Reading) -> Iterator[Opening]:
    """A question for each row of such a table."""
    for block in note.blocks:
        if block.kind is Kind.TABLE and block.cells:
            yield from _rows(block)


def columns(block: Block) -> tuple[int, int] | None:
    """The columns of question and answer; None for a table without them."""
    heads = [plain(cell).strip("*_ :").lower() for cell in block.cells[0]]
    asked = next((number for number, head in enumerate(heads) if head in QUESTIONS), None)
    answered = next((number for number, head in enumerate(heads) if head in ANSWERS), None)
    return (asked, answered) if asked is not None and answered is not None else None


def _rows(block: Block) -> Iterator[Opening]:
    found = columns(block)
    if found is None:
        return
    asked, answered = found
    for number, cells in enumerate(block.cells[1:], start=block.first + 2):  # after the head and the line below it
        if cells[asked].strip():
            yield Opening(
                convention=Convention.TABLES,
                line=number,
                prompt=read(cells[asked]).prompt or cells[asked],
                lines=frozenset([number]),
                answer=_answer(block, cells, asked=asked, answered=answered),
            )


def _answer(block: Block, cells: list[str], *, asked: int, answered: int) -> str:
    """The answer's cell, and what else the row says with the heads of those columns."""
    more = [
        f"{head.strip()}: {cell.strip()}"
        for place, (head, cell) in enumerate(zip(block.cells[0], cells, strict=False))
        if place not in (asked, answered) and cell.strip() and head.strip() and not cell.strip().isdigit()
    ]
    return "\n\n".join(part for part in (cells[answered].strip(), *more) if part)
