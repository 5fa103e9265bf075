"""Reads tables of questions: CSV and TSV files whose header names the columns, and Anki's text exports. Pure.

Anki's exports begin with lines such as `#separator:tab` that say what the columns are; other tables with a line of
column names, which are matched with the words below, unless a person says what the columns mean.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from quizapp.catalogue.formats.bank import LEFT_OUT_CHARS, BankItem, ItemKind, foreign_key, note_of
from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.formats.cards import cards_of
from quizapp.catalogue.formats.columns import COLUMNS_MAX, ColumnMeaning, Columns, meanings_of
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.html_text import looks_like_html, markdown_of
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote, Unreadable
from quizapp.catalogue.formats.wording import plain

_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "colon": ":"}
_NAMES = {
    "question": r"question|frage|prompt|stem|html of the question|front|term|question text",
    "answer": r"answer|correct|correct[ _]answers?|correct[ _]option|right|solution|antwort|back|definition|key",
    "explanation": r"explanation|explain|feedback|rationale|why|html of the explanation to the answer|comment",
    "options": r"options|choices|options, separated by \|",
    "section": r"category|topic|section|deck|quiz title|subject",
    "tags": r"tags?",
    "level": r"level|difficulty",
    "id": r"id|guid|no\.?|#|number",
}
_OPTION = re.compile(r"(?:option|choice|answer|opt)?[ _-]?\(?([a-h]|[1-8])\)?", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Ha-h](?:\s*[,|;/&]\s*[A-Ha-h])*$")
_ENTITY = re.compile(r"&(?:nbsp|lt|gt|amp|quot|#\d{1,6});")
_ANKI_HEADER = re.compile(
    r"\ufeff?#(?:separator|html|notetype|deck|tags|columns|(?:guid|notetype|deck|tags) column):", re.IGNORECASE
)
SAMPLE_ROWS = 4  # of a table that are shown where its columns are chosen
_FIELD_MAX_CHARS = 1024 * 1024  # of one cell; Python's reader has a limit, and it is its default eight times


@dataclass(kw_only=True)
class _Headers:
    """The lines that an Anki export begins with."""

    separator: str | None = None
    html: bool | None = None
    columns: dict[str, int] = field(default_factory=dict)
    """Of guid, notetype, deck and tags: the place of the column, from 0."""
    fixed: dict[str, str] = field(default_factory=dict)
    """What all notes have: notetype, deck, tags."""
    lines: int = 0


@dataclass(frozen=True, kw_only=True)
class TableSample:
    """How a table begins, and what its columns are taken for."""

    has_names: bool
    """Whether the first row is taken for names of columns."""
    names: Sequence[str]
    """The first row, whatever it is."""
    rows: Sequence[Sequence[str]]
    """The first SAMPLE_ROWS of the others."""
    meanings: Sequence[ColumnMeaning]
    is_guess: bool
    """Whether neither a person nor the first row says what the columns mean."""


def sample(data: bytes, columns: Columns | None = None) -> TableSample | None:
    """How a table begins; None for one whose first lines say what its columns are, or that has too many to choose from.

    Raises Unreadable.
    """
    text = decoded(data)
    if _headers(text).lines:
        return None
    rows = [row for _, row in islice(_rows(text, _separator(text)), SAMPLE_ROWS + 1)]
    width = max((len(row) for row in rows), default=0)
    if not 1 < width <= COLUMNS_MAX:
        return None
    names = [*rows[0], *[""] * (width - len(rows[0]))]
    found = _columns(names)
    has_names = "question" in found
    meanings = meanings_of(found, width)
    if columns is not None:
        has_names, meanings = _has_names(columns, names), meanings_of(columns.places(names), width)
    elif not has_names:
        usual = [ColumnMeaning.QUESTION, ColumnMeaning.ANSWER, ColumnMeaning.TAGS]
        meanings = [*usual, *[ColumnMeaning.NOTHING] * width][:width]
    is_guess = columns is None and not has_names
    return TableSample(has_names=has_names, names=names, rows=rows[1:], meanings=meanings, is_guess=is_guess)


def read(data: bytes, name: str, *, columns: Columns | None = None) -> ParsedNote:
    """A table as a note called `name`. Raises Unreadable."""
    text = decoded(data)
    headers = _headers(text)
    warnings: list[NoteWarning] = []
    if headers.lines:
        items = _anki_items(text, headers, warnings)
        return note_of(items, title=name, convention="Anki text", warnings=warnings)
    rows = list(_rows(text, _separator(text)))
    if columns is not None and rows:
        header = rows[0][1]
        asked = rows[1:] if _has_names(columns, header) else rows
        items = _bank_items(asked, columns.places(header), name, header)
        return note_of(items, title=name, convention="table", warnings=warnings)
    places = _columns(rows[0][1]) if rows else {}
    if "question" in places:
        return note_of(
            _bank_items(rows[1:], places, name, rows[0][1]), title=name, convention="table", warnings=warnings
        )
    items = _plain_cards(rows, warnings)
    warnings += _guessed(rows)
    return note_of(items, title=name, convention="two sides a line", warnings=warnings)


def looks_like_cards(text: str) -> bool:
    """Whether a text has Anki's header lines, or lines of two sides each."""
    lines = [line for line in text.split("\n") if line.strip()]
    return bool(_headers(text).lines) or (
        len(lines) > 1 and _separator(text) != "," and _evenly(lines, _separator(text))
    )


def has_anki_headers(text: str) -> bool:
    """Whether a text begins with Anki's header lines."""
    return text.startswith("#") and bool(_headers(text).lines)


def is_anki_header(line: str) -> bool:
    """Whether a line is one of those that Anki's exports begin with, and no title of a note: "#separator:tab"."""
    return _ANKI_HEADER.match(line) is not None


def names_question(header: list[str]) -> bool:
    """Whether a row names a column of questions, and one of answers or options."""
    found = _columns(header)
    return "question" in found and any(part.startswith(("answer", "option")) for part in found)


def _evenly(lines: Sequence[str], separator: str) -> bool:
    return sum(separator in line for line in lines) >= 0.8 * len(lines)


def _headers(text: str) -> _Headers:
    found = _Headers()
    for line in text.split("\n"):
        name, colon, value = line.removeprefix("#").partition(":")
        if not line.startswith("#") or not colon:
            break
        found.lines += 1
        word = name.strip().lower()
        if word == "separator":
            found.separator = _SEPARATORS.get(value.strip().lower(), value[:1])
        elif word == "html":
            found.html = value.strip().lower() == "true"
        elif word.endswith(" column") and value.strip().isdigit() and len(value.strip()) < 4:
            found.columns[word.removesuffix(" column")] = int(value) - 1
        elif word in ("notetype", "deck", "tags"):
            found.fixed[word] = value.strip()
    return found


def _separator(text: str) -> str:
    """The sign between columns: of those that every line has the first in this order."""
    lines = [line for line in text.split("\n")[:200] if line.strip()]
    for sign in ("\t", " | ", " --- ", "---", ";", ","):
        if lines and sum(sign in line for line in lines) >= 0.8 * len(lines):
            return sign
    return ","


def _rows(text: str, separator: str, skip: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with its line."""
    lines = text.split("\n")[skip:]
    if len(separator) > 1:
        for number, line in enumerate(lines, start=skip + 1):
            if line.strip():
                yield number, [cell.strip() for cell in line.split(separator, 1)]
        return
    csv.field_size_limit(_FIELD_MAX_CHARS)
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator)
    begun = skip + 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield begun, row
            begun = skip + reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"The table cannot be read: {error}. Is a quote not closed?", line=begun) from None


def _has_names(columns: Columns, header: Sequence[str]) -> bool:
    """Whether the first row names the columns, where a person says what they mean."""
    if columns.has_names is not None:
        return columns.has_names
    return columns.names_some_of(header) or "question" in _columns(header)


def _columns(header: Sequence[str]) -> dict[str, int]:
    """The places of the columns by what they mean; options are called a, b, c …"""
    names = [cell.strip().lower() for cell in header]
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        part = next((part for part, words in _NAMES.items() if re.fullmatch(words, name)), None)
        option = _OPTION.fullmatch(name)
        if part is not None and part not in found:
            found[part] = place
        elif part is None and option is not None:
            letter = option[1].lower()
            found.setdefault(f"option {letter if letter.isalpha() else chr(96 + int(letter))}", place)
    return found


def _bank_items(
    rows: Sequence[tuple[int, list[str]]], columns: Mapping[str, int], name: str, header: Sequence[str]
) -> Iterator[BankItem]:
    letters = sorted(part for part in columns if part.startswith("option "))
    other = [place for place in range(len(header)) if place not in columns.values()]
    for line, row in rows:
        cells = {part: row[place].strip() if place < len(row) else "" for part, place in columns.items()}
        options = [cells[letter] for letter in letters]
        if not letters and cells.get("options"):
            options = [option.strip() for option in cells["options"].split("|")]
        while options and not options[-1]:
            options.pop()
        more = [f"{header[place]}: {row[place]}" for place in other if place < len(row) and row[place].strip()]
        spare = [cell for cell in row[len(header) :] if cell.strip()]
        said = [f"Columns beyond the header are left out: {', '.join(spare)[:200]}"] if spare else []
        if more and line == rows[0][0]:
            said.append(f"Columns without a known meaning are not imported: {', '.join(more)[:200]}")
        yield _bank_item(cells, options, line, name, said)


def _bank_item(cells: Mapping[str, str], options: Sequence[str], line: int, name: str, said: list[str]) -> BankItem:
    answer = cells.get("answer", "")
    right = _right(answer, options)
    if options and not right and answer:
        said.append(f"The answer {answer[:60]} is none of the options.")
    answers = tuple(
        BankAnswer(text=shown_text(text), weight=FULL if place in right else 0) for place, text in enumerate(options)
    )
    if not options and answer:
        answers = (BankAnswer(text=shown_text(answer), weight=FULL),)
    level = cells.get("level", "")
    return BankItem(
        kind=ItemKind.CHOICE if options else ItemKind.ESSAY,
        line=line,
        stem=shown_text(cells["question"]),
        key=foreign_key("", cells["id"]) if _is_own(cells.get("id", "")) else None,
        answers=answers,
        one_right=len(right) < 2,
        feedback=shown_text(cells.get("explanation", "")),
        tags=tuple(tag for tag in re.split(r"[,; ]+", cells.get("tags", "")) if tag),
        section=cells.get("section", ""),
        level=int(level) if level.isdigit() and len(level) == 1 else None,
        warnings=tuple(said),
    )


def _is_own(key: str) -> bool:
    return foreign_key("", key) == key


def _right(answer: str, options: Sequence[str]) -> frozenset[int]:
    """The places of the right options: by their text, else by letters, else by a number from 1."""
    same = frozenset(place for place, text in enumerate(options) if text.strip().lower() == answer.lower() and answer)
    if same:
        return same
    if _LETTERS.fullmatch(answer):
        places = frozenset(ord(letter.lower()) - ord("a") for letter in re.findall("[A-Ha-h]", answer))
        return frozenset(place for place in places if place < len(options))
    if answer.isdigit() and len(answer) < 3 and 1 <= int(answer) <= len(options):
        return frozenset({int(answer) - 1})
    parts = {part.strip().lower() for part in answer.split("|")}
    return frozenset(place for place, text in enumerate(options) if text.strip().lower() in parts)


def shown_text(text: str, *, html: bool | None = None) -> str:
    """A text of a cell as Markdown: HTML by what it means, other text as it is written."""
    is_html = (looks_like_html(text) or _ENTITY.search(text) is not None) if html is None else html
    return markdown_of(text).text if is_html else plain(text)


def _plain_cards(rows: Sequence[tuple[int, list[str]]], warnings: list[NoteWarning]) -> Iterator[BankItem]:
    """Cards of lines with a front, a back and perhaps tags."""
    if not rows or max(len(row) for _, row in rows) < 2:
        raise Unreadable("No column has questions: name one of them question, or give two columns.")
    for line, row in rows:
        cells = [shown_text(cell) for cell in row]
        more = f"Further columns are not imported: {', '.join(row[3:])[:200]}"
        yield BankItem(
            kind=ItemKind.CARD,
            line=line,
            stem=cells[0],
            feedback=cells[1] if len(cells) > 1 else "",
            tags=tuple(row[2].split()) if len(row) > 2 else (),
            warnings=(more,) if len(row) > 3 else (),
        )


def _guessed(rows: Sequence[tuple[int, list[str]]]) -> Iterator[NoteWarning]:
    """That nothing in a table says what its columns are, and what they were taken for."""
    if not rows or not rows[0][1]:
        return
    first = " | ".join(cell.strip() for cell in rows[0][1])[:LEFT_OUT_CHARS]
    message = (
        f"No column is called question, so this is a guess: the first column asks, the second answers, and this row "
        f"({first}) is a question too. If it is not so, say what the columns mean before you import: below the "
        "preview, or with --columns."
    )
    yield NoteWarning(line=rows[0][0], message=message)


def _anki_items(text: str, headers: _Headers, warnings: list[NoteWarning]) -> Iterator[BankItem]:
    separator = headers.separator or "\t"
    for line, row in _rows(text, separator, headers.lines):
        special = {word: row[place] for word, place in headers.columns.items() if place < len(row)}
        said = headers.fixed | special
        fields = [cell for place, cell in enumerate(row) if place not in headers.columns.values()]
        yield from cards_of(
            fields,
            notetype=said.get("notetype", ""),
            guid=said.get("guid", ""),
            deck=said.get("deck", ""),
            tags=tuple(said.get("tags", "").split()),
            html=headers.html is not False,
            line=line,
        )
