"""Reads a list of people as spreadsheets write it: CSV with names, roles and classes. Pure.

Excel separates by a semicolon where a comma stands in numbers, writes a mark before UTF-8 or an encoding of Windows
without one, UTF-16 with tabs as "Unicode Text", and fills rows with empty cells. LibreOffice writes any of these.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.spreadsheets import as_written

LIST_MAX_BYTES = 500_000  # which come back in base64 once they were looked at, within the bounds of a form
ROWS_MAX = 2_000  # of a list: a school's year; what a page shows and one press does
SHOWN_CHARS = 40  # of a cell that is wrong, in what is said of it
_SEPARATORS = (";", "\t", ",")
_COLUMNS = {"name": {"name"}, "role": {"role"}, "class": {"class", "group"}}
_SAYS_SEPARATOR = re.compile(r"sep=(.)\n", re.IGNORECASE)  # a first line of Excel's own


@dataclass(frozen=True, kw_only=True)
class ListedAccount:
    """A person of a list."""

    line: int
    name: str
    role: str
    """As it is written, in small letters; `learner` where nothing stands."""
    class_name: str
    """The class that they are invited into; empty for none."""


@dataclass(frozen=True, kw_only=True)
class ListFault:
    """A row that is left out, or a part of one, and why."""

    line: int
    said: str


@dataclass(frozen=True, kw_only=True)
class AccountList:
    """What a list says."""

    accounts: Sequence[ListedAccount]
    faults: Sequence[ListFault]


def read(data: bytes, *, name_max_chars: int, roles: Sequence[str]) -> AccountList:
    """A list of people. Rows that cannot be used are told by their lines, and the rest goes on.

    Raises Unreadable for what is no such table at all, or has more than ROWS_MAX rows.
    """
    if len(data) > LIST_MAX_BYTES:
        raise Unreadable(f"The list has {len(data):,} bytes, and may have {LIST_MAX_BYTES:,}. Split it.")
    text = decoded(data)
    said = _SAYS_SEPARATOR.match(text)
    faults: list[ListFault] = []
    rows = _rows(text, said[1] if said is not None else _separator(text), faults)
    if said is not None:
        next(rows, None)
    line, header = next(rows, (1, []))
    columns = _columns(header, line)
    accounts: dict[str, ListedAccount] = {}
    for count, (line, row) in enumerate(rows, start=1):
        if count > ROWS_MAX:
            raise Unreadable(f"A list has at most {ROWS_MAX:,} people. Split it.", line=line)
        one = _account(row, columns, line)
        if fault := _fault(one, name_max_chars=name_max_chars, roles=roles, accounts=accounts):
            faults.append(ListFault(line=line, said=fault))
        else:
            accounts[one.name] = one
    return AccountList(accounts=[*accounts.values()], faults=faults)


def _rows(text: str, separator: str, faults: list[ListFault]) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with the line on which it begins; one that never ends is put among the faults."""
    lines = [f"{line}\n" for line in text.split("\n")]
    csv.field_size_limit(LIST_MAX_BYTES)  # one for the whole process, which other readers set: here no cell is too long
    reader = csv.reader(lines, delimiter=separator)
    begun = 1
    try:
        for row in reader:
            if reader.line_num == len(lines) and _never_ends(lines[begun - 1 :], separator):
                said = "A quote is not closed, so what follows is one name. Close it, and bring the list again."
                faults.append(ListFault(line=begun, said=said))
            elif any(cell.strip() for cell in row):
                yield begun, [_tidy(cell) for cell in row]
            begun = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"The table cannot be read: {error}. Is a quote not closed?", line=begun) from None


def _never_ends(lines: Sequence[str], separator: str) -> bool:
    """Whether the row of these lines stops within a quote: one more line is no row of its own then."""
    *_, last = csv.reader([*lines, "next"], delimiter=separator)
    return bool(last != ["next"])


def _separator(text: str) -> str:
    """The sign of which the first line has the most, outside of quotes."""
    first = re.sub(r'"[^"]*"', "", text.lstrip("\n").partition("\n")[0])
    return max(_SEPARATORS, key=first.count)


def _tidy(cell: str) -> str:
    """A cell on one line, with each letter in one way only: a Mac takes `é` apart, and then it is another name."""
    return as_written(unicodedata.normalize("NFC", " ".join(cell.split())))


def _columns(header: Sequence[str], line: int) -> dict[str, int]:
    """The places of the columns that the first row names. Raises Unreadable without names of people."""
    places = {
        column: place
        for column, words in _COLUMNS.items()
        for place, cell in reversed([*enumerate(header)])
        if cell.lower() in words
    }
    if "name" not in places:
        has = ", ".join(_short(cell) for cell in header[:10] if cell) or "nothing"
        raise Unreadable(
            f"The first line has to name the columns: name, and if you like role and class. It has: {has}.", line=line
        )
    return places


def _account(row: Sequence[str], columns: dict[str, int], line: int) -> ListedAccount:
    said = {column: row[place] if place < len(row) else "" for column, place in columns.items()}
    return ListedAccount(
        line=line,
        name=said["name"],
        role=said.get("role", "").lower() or "learner",
        class_name=said.get("class", ""),
    )


def _fault(
    one: ListedAccount, *, name_max_chars: int, roles: Sequence[str], accounts: dict[str, ListedAccount]
) -> str | None:
    """Why a row is left out; None if it can be used."""
    if not one.name:
        return "There is no name."
    if len(one.name) > name_max_chars or not one.name.isprintable():
        return f"A name has 1 to {name_max_chars} printable characters; this one begins with {_short(one.name)}."
    if one.role not in roles:
        return f"{_short(one.role)} is no role. There are {', '.join(roles)}."
    if one.name in accounts:
        return f"{one.name} stands in line {accounts[one.name].line} already."
    return None


def _short(text: str) -> str:
    shown = "".join(char if char.isprintable() else "�" for char in text[:SHOWN_CHARS])
    return f"“{shown}{'…' if len(text) > SHOWN_CHARS else ''}”"
