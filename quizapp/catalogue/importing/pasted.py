"""What a text that was pasted is, and what it is called: it has neither a file's name nor its ending."""

import csv
import re
from textwrap import shorten

from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.formats.tables import is_anki_header, names_question, read
from quizapp.catalogue.importing.sent_notes import PASTED, SentNote, path_of

ANKI, COMMAS, TABS = ".txt", ".csv", ".tsv"
NAME_CHARS, NAME_WORDS = 200, 8  # of a text that names itself
TITLE_CHARS = 80
ROWS_FEWEST = 2
_LOOK_LINES = 50  # by which a table is known and called
_MARK = re.compile(r"\s*(?:[-*+\u2022>|]|#{1,6}|\d{1,4}[.)])$")  # what stands before a tab in a list of Markdown
_FRAME = ("---", "```", "~~~", "<!--", "|")  # a line that begins so is no title


def sent_as(data: bytes, text: str) -> SentNote | None:
    """The table that was pasted, as its file would have been sent; None for a note."""
    suffix = table_of(text)
    return SentNote(path=path_of(title_of_table(data), suffix=suffix), data=data) if suffix else None


def table_of(text: str) -> str:
    """The ending that the file of a pasted table would have; empty for a text that is a note.

    It begins as Anki's do, its first row names a question and an answer, or all rows have as many cells between tabs.
    """
    lines = text.splitlines()[:_LOOK_LINES]
    if lines and is_anki_header(lines[0]):
        return ANKI
    for separator, suffix in (("\t", TABS), (",", COMMAS), (";", COMMAS)):
        rows = _rows(lines, separator)
        if len(rows) < ROWS_FEWEST or len(rows[0]) < ROWS_FEWEST:
            continue
        is_even = len({len(row) for row in rows}) == 1
        if names_question(rows[0]) or (separator == "\t" and is_even and not all(_MARK.match(row[0]) for row in rows)):
            return suffix
    return ""


def _rows(lines: list[str], separator: str) -> list[list[str]]:
    """The rows of these lines without the last one, if it may be cut off, since only the first lines are looked at."""
    if separator not in (lines[0] if lines else ""):
        return []
    try:
        rows = [row for row in csv.reader((f"{line}\n" for line in lines), delimiter=separator) if any(row)]
    except csv.Error:
        return []
    return rows[:-1] if len(lines) == _LOOK_LINES else rows


def title_of_table(data: bytes) -> str:
    """What a pasted table is called: as its first question asks."""
    head = "\n".join(decoded(data).splitlines()[:_LOOK_LINES])
    try:
        prompts = [question.prompt for question in read(head.encode(), "").everything_asked]
    except Unreadable:
        prompts = []
    return _short(prompts[0]) if prompts else PASTED


def first_words(text: str) -> str:
    """What a pasted note that has no title is known by: the words it begins with, so that two such notes are two."""
    words = re.findall(r"\w+", text[:NAME_CHARS])
    return " ".join(words[:NAME_WORDS]) or PASTED


def title_of_note(text: str) -> str:
    """What a pasted note that has no title is called: its first line."""
    line = next((line.strip() for line in text[:NAME_CHARS].splitlines() if line.strip()), "")
    return _short(line) if not line.startswith(_FRAME) else first_words(text)


def _short(text: str) -> str:
    """A text as a title, without signs of Markdown around its words."""
    words = re.sub(r"[*_`]{1,3}(?=\w)|(?<=[\w?!.:])[*_`]{1,3}", "", text).strip(" #>*-+\t")
    return shorten(words, TITLE_CHARS, placeholder=" …") if re.search(r"\w", words) else PASTED
