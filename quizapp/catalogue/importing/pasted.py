"""What a text that was pasted is, and what it is called: it has neither a file's name nor its ending."""

import csv
import re
from textwrap import shorten

from quizapp.catalogue.formats.column_names import names_question
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.markdown.wording import Asks, read
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.formats.tables import is_anki_header
from quizapp.catalogue.formats.tables import read as read_table
from quizapp.catalogue.importing.sent_notes import PASTED, SentNote, path_of

ANKI, COMMAS, TABS = ".txt", ".csv", ".tsv"
NAME_CHARS, NAME_WORDS = 200, 8  # of a text that names itself
TITLE_CHARS = 80
ROWS_FEWEST = 2
# A line that may be a title: no item, no quotation, no sentence, no term with its text behind a colon.
_TITLE = re.compile(r"(?![-*+>\u2022]\s|\[|[^:]+::?\s)[^\t]{1,80}(?<![.;,])")
_LOOK_LINES = 50  # by which a table is known and called
_MARK = re.compile(r"\s*(?:[-*+\u2022>|]|#{1,6}|\d{1,4}[.)])$")  # what stands before a tab in a list of Markdown
_FRAME = ("---", "```", "~~~", "<!--", "|")  # a line that begins so is no title
# What an assistant says before what it was asked for: "Sure! Here are some", which is no part of a title.
_SAID_BEFORE = re.compile(
    r"(?:(?:sure(?: thing)?|certainly|of course|absolutely|great(?: question)?|ok(?:ay)?|got it|happy to help)"
    r"[!.,:]+\s*)?(?:(?:here(?:'s|\u2019s|\sis|\sare)|below\s(?:is|are)|these\sare)\s+(?:(?:a|an|the|some|your|my)\s+)?)?",
    re.IGNORECASE,
)


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
        prompts = [question.prompt for question in read_table(head.encode(), "").everything_asked]
    except Unreadable:
        prompts = []
    return _short(prompts[0]) if prompts else PASTED


def first_words(text: str) -> str:
    """What a pasted note that has no title is known by: the words it begins with, so that two such notes are two."""
    words = re.findall(r"\w+", text[:NAME_CHARS])
    return " ".join(words[:NAME_WORDS]) or PASTED


def title_of_note(text: str) -> str:
    """What a pasted note that has no title is called: its first line, without what an assistant says before it."""
    lines = (line.strip() for line in text[:NAME_CHARS].splitlines())
    line = next((line for line in lines if re.search(r"\w", _own_words(line)) or line.startswith(_FRAME)), "")
    return _short(_own_words(line)) if not line.startswith(_FRAME) else first_words(text)


def title_of_upload(text: str, *, name: str) -> str:
    """What an uploaded note that has no title is called: its first line, if that is no question; else as its file.

    `name` is what Note.path keeps of the file's: "my-notes" is shown as "My notes".
    """
    line = next((line.strip() for line in text[:NAME_CHARS].splitlines() if line.strip()), "")
    asked = read(line)
    is_title = _TITLE.fullmatch(line) and not line.startswith(_FRAME) and asked.asks is Asks.NOT and not asked.numbered
    if is_title and re.search(r"\w", _own_words(line)) and text.strip() != line:
        return _short(_own_words(line))
    words = name.replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def _own_words(line: str) -> str:
    """A line without what an assistant says before what it was asked for, and without the colon behind that."""
    found = _SAID_BEFORE.match(line)
    rest = line[found.end() :] if found is not None else line
    return line if rest == line else (rest[:1].upper() + rest[1:]).rstrip(" :")


def _short(text: str) -> str:
    """A text as a title, without signs of Markdown around its words."""
    words = re.sub(r"[*_`]{1,3}(?=\w)|(?<=[\w?!.:])[*_`]{1,3}", "", text).strip(" #>*-+\t")
    return shorten(words, TITLE_CHARS, placeholder=" …") if re.search(r"\w", words) else PASTED
