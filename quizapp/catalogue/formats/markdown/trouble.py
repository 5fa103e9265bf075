"""Warns of what an author most likely meant otherwise than it is read. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.conventions.tables import columns
from quizapp.catalogue.formats.markdown.labels import LABEL, first_label, without_code
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.parsed import LineUse, NoteWarning, ParsedQuestion

_HTML = re.compile(r"</?(script|iframe|object|embed|style|link|meta|form|svg)\b", re.IGNORECASE)
_IMAGE = re.compile(
    r"!\[[^\[\]]*\]\((?!<?picture:)|!\[\[|<img\b(?![^<>]{0,300}?src\s*=\s*[\"']picture:)", re.IGNORECASE
)
_WEB = re.compile(r"!\[[^\[\]]*\]\(<?https?://|<img\b[^<>]{0,300}?src\s*=\s*[\"']https?://", re.IGNORECASE)
_ON_THE_WEB = "A picture on the web is shown as a link with its text. Put it beside the note to have it shown."
_NOT_SHOWN = (
    "This picture is not shown, only its text and address. Put it in the folder of the note or below it, as a PNG, "
    "JPEG, GIF or WebP of at most 2 MiB and 40 million pixels."
)
# Words that are nearly a label: the colon is missing, or another word of the same meaning stands there.
_NEARLY = re.compile(
    r"^(?P<mark>\*{1,2}|_{1,2})(?P<name>Cards?|Flashcard|Answers?|Option|Choices|Levels?|Sources?|Karte|Antwort|Quelle)"
    r"\s?:?\s?(?P=mark)\s?(?P<colon>:?)",
    re.IGNORECASE,
)
ADVERTISED_MAX = 10  # lines that one warning names


def html_warnings(texts: Sequence[Block]) -> list[NoteWarning]:
    """A warning for each line with HTML outside code, which is shown as text, and for each picture."""
    found: dict[int, str] = {}
    for part in texts:
        if "<" in part.text or "![" in part.text:
            plain = without_code(part.text)
            for tag in _HTML.finditer(plain):
                sentence = f"HTML is shown as text, not executed: {tag[0]}>. Put it in backticks if it is an example."
                found.setdefault(part.first + plain.count("\n", 0, tag.start()), sentence)
            for image in _IMAGE.finditer(plain):
                sentence = _ON_THE_WEB if _WEB.match(plain, image.start()) else _NOT_SHOWN
                found.setdefault(part.first + plain.count("\n", 0, image.start()), sentence)
    return [NoteWarning(line=line + 1, message=message) for line, message in found.items()]


def table_warnings(blocks: Sequence[Block]) -> Iterator[NoteWarning]:
    """Warnings of tables with rows wider than their head, and of rows that have an answer and no question."""
    for block in (part for top in blocks for part in top.walk() if part.kind is Kind.TABLE):
        if block.wide:
            yield NoteWarning(line=block.wide[0] + 1, message=_wide(len(block.wide)))
        found = columns(block) if block.cells else None
        for line, cells in enumerate(block.cells[1:] if found is not None else (), start=block.first + 3):
            if found is not None and not cells[found[0]].strip() and cells[found[1]].strip():
                yield NoteWarning(line=line, message="This row has an answer and no question, so nothing is asked.")


def _wide(rows: int) -> str:
    begin = "This row has" if rows == 1 else f"This row and {rows - 1} more of its table have"
    return (
        f"{begin} more cells than the table's head: the rest is read with the cell before it. A pipe within a cell is "
        "written with a backslash before it, in code too: \\|"
    )


def doubtful_questions(questions: Iterable[ParsedQuestion]) -> Iterator[NoteWarning]:
    """Warnings of questions that a note asks twice, and of options of which none is right."""
    first: dict[str, int] = {}
    for question in questions:
        words = " ".join(question.prompt.lower().split())
        if words in first:
            message = f"Line {first[words]} asks the same. Learners will be asked both; reword or remove one."
            yield NoteWarning(line=question.line, message=message)
        first.setdefault(words, question.line)
        if question.choices and not question.answered:
            message = "None of these options is said to be right, so the question is kept as a draft."
            yield NoteWarning(line=question.line, message=message)


def near_misses(source: Source, texts: Sequence[Block]) -> Iterator[NoteWarning]:
    """Warnings of labels that are none, and of what another program remembers of cards."""
    for part in texts:
        if part.kind is not Kind.PARAGRAPH:
            continue
        found = _NEARLY.match(part.text) if part.text[:1] in ("*", "_") else None
        if found is not None and source.uses.get(part.first) in (None, LineUse.SECTION, LineUse.CONCEPT):
            message = f"This is read as text: {found[0][:40]}. Is it meant as a label, such as *Card:* front → back?"
            yield NoteWarning(line=part.first + 1, message=message)
        elif source.uses.get(part.first) is None and first_label(part.text) == "a" and LABEL.match(part.text):
            yield NoteWarning(line=part.first + 1, message="This answer stands below no question and is read as text.")
    if source.advertised:
        lines = ", ".join(str(line + 1) for line in source.advertised[:ADVERTISED_MAX])
        message = f"What only leads to other pages, as on the web, is left out of the answers: line {lines}"
        more = len(source.advertised) - ADVERTISED_MAX
        yield NoteWarning(
            line=source.advertised[0] + 1, message=f"{message} and {more} more." if more > 0 else f"{message}."
        )
    memories = [line for line, use in source.uses.items() if use is LineUse.MEMORY]
    if memories:
        lines = "1 line" if len(memories) == 1 else f"{len(memories)} lines"
        message = (
            f"What another program remembers of cards is on {lines}. Who brings the note in the browser can keep it, "
            "and on the command line --memory-for NAME; for everybody else its cards are new."
        )
        yield NoteWarning(line=min(memories) + 1, message=message)
