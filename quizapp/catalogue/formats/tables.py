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
from quizapp.catalogue.formats.column_names import HEAD_ROWS, head_place, places_of
from quizapp.catalogue.formats.columns import COLUMNS_MAX, ColumnMeaning, Columns, meanings_of
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.html_text import looks_like_html, markdown_of
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote, Unreadable
from quizapp.catalogue.formats.row_options import options_of
from quizapp.catalogue.formats.wording import plain

_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "colon": ":"}
_ENTITY = re.compile(r"&(?:nbsp|lt|gt|amp|quot|#\d{1,6});")
# Kinds of questions for which a text is typed; the options of such a row are what is accepted.
_TYPED_KINDS = re.compile(r"fill|blank|short|typed?\b|text", re.IGNORECASE)
_SEPARATOR_LINE = re.compile(r"sep=([^\n])[ \t]*\n", re.IGNORECASE)  # Excel's first line
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
    rows = [row for _, row in islice(_table_rows(text), HEAD_ROWS + SAMPLE_ROWS + 1)]
    head = head_place(rows)
    rows = rows[head or 0 :][: SAMPLE_ROWS + 1]
    width = max((len(row) for row in rows), default=0)
    if not 1 < width <= COLUMNS_MAX:
        return None
    names = [*rows[0], *[""] * (width - len(rows[0]))]
    has_names, meanings = head is not None, meanings_of(places_of(names), width)
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
    rows = list(_table_rows(text))
    head = head_place([row for _, row in rows[:HEAD_ROWS]])
    if columns is not None and rows:
        at, header = head or 0, rows[head or 0][1]
        has_names = _has_names(columns, header)
        places = columns.places(header)
    elif head is not None:
        at, header, has_names = head, rows[head][1], True
        places = places_of(header)
    else:
        warnings += _guessed(rows)
        return note_of(_plain_cards(rows), title=name, convention="two sides a line", warnings=warnings)
    warnings += _above(rows[:at]) if has_names else ()
    items = _bank_items(rows[at + 1 :] if has_names else rows, places, name, header)
    return note_of(items, title=name, convention="table", warnings=warnings)


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


def _table_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table that has no lines of Anki's; Excel's `sep=;` is none of them."""
    told = _SEPARATOR_LINE.match(text)
    return _rows(text, told[1] if told else _separator(text), skip=1 if told else 0)


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
    return columns.names_some_of(header) or "question" in places_of(header)


def _bank_items(
    rows: Sequence[tuple[int, list[str]]], columns: Mapping[str, int], name: str, header: Sequence[str]
) -> Iterator[BankItem]:
    other = [place for place in range(len(header)) if place not in columns.values()]
    for line, row in rows:
        cells = {part: row[place].strip() if place < len(row) else "" for part, place in columns.items()}
        more = [
            f"{header[place].strip() or place + 1}: {row[place]}"
            for place in other
            if place < len(row) and row[place].strip()
        ]
        spare = [cell for cell in row[len(header) :] if cell.strip()]
        said = [f"Columns beyond the header are left out: {', '.join(spare)[:200]}"] if spare else []
        if more and line == rows[0][0]:
            said.append(f"Columns without a known meaning are not imported: {', '.join(more)[:200]}")
        yield _bank_item(cells, line, said)


def _bank_item(cells: Mapping[str, str], line: int, said: list[str]) -> BankItem:
    answer, options = cells.get("answer", ""), options_of(cells)
    is_typed = _TYPED_KINDS.search(cells.get("kind", "")) is not None and bool(options.texts or answer)
    right, texts = options.right, options.texts
    if is_typed or not texts:
        texts = [text for text in texts if text] or ([answer] if answer else [])
        right = frozenset(range(len(texts)))
    elif not right and answer:
        said.append(f"The answer {answer[:60]} is none of the options.")
    whys = options.whys if len(options.whys) == len(texts) else [""] * len(texts)
    level = cells.get("level", "")
    return BankItem(
        kind=ItemKind.TYPED if is_typed else ItemKind.CHOICE if options.texts else ItemKind.ESSAY,
        line=line,
        stem=shown_text(cells["question"]),
        key=foreign_key("", cells["id"]) if _is_own(cells.get("id", "")) else None,
        answers=tuple(
            BankAnswer(text=shown_text(text), weight=FULL if place in right else 0, feedback=shown_text(whys[place]))
            for place, text in enumerate(texts)
        ),
        one_right=len(right) < 2,
        feedback=shown_text(cells.get("explanation", "")),
        tags=tuple(tag for tag in re.split(r"[,; ]+", cells.get("tags", "")) if tag),
        section=cells.get("section", ""),
        level=int(level) if level.isdigit() and len(level) == 1 else None,
        warnings=tuple(said),
    )


def _is_own(key: str) -> bool:
    return foreign_key("", key) == key


def shown_text(text: str, *, html: bool | None = None) -> str:
    """A text of a cell as Markdown: HTML by what it means, other text as it is written."""
    is_html = (looks_like_html(text) or _ENTITY.search(text) is not None) if html is None else html
    return markdown_of(text).text if is_html else plain(text)


def _plain_cards(rows: Sequence[tuple[int, list[str]]]) -> Iterator[BankItem]:
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


def _above(rows: Sequence[tuple[int, list[str]]]) -> Iterator[NoteWarning]:
    """What stands above the names of the columns, such as the title of a template."""
    for line, row in rows:
        words = " | ".join(cell.strip() for cell in row if cell.strip())[:LEFT_OUT_CHARS]
        yield NoteWarning(line=line, message=f"What stands above the names of the columns is left out: {words}")


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
