"""What somebody chose for the columns of tables, by a table's first row: kept in the browser's signed cookie."""

from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from typing import Any

from quizapp.catalogue.formats.columns import ColumnMeaning, Columns
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.importing.sent_notes import SentNote

TABLES_KEPT = 5  # of at most 40 columns each: 300 bytes of a cookie, which has 4 KB
_KEY = "columns"
_MARK_CHARS = 12  # of a first row's SHA-256: they only have to tell the few tables of one person apart
_LETTERS = {meaning: chr(ord("a") + place) for place, meaning in enumerate(ColumnMeaning)}
_MEANINGS = {letter: meaning for meaning, letter in _LETTERS.items()}


def keep(cookie: MutableMapping[str, Any], note: SentNote) -> None:
    """Keep what was chosen for a table whose first row names its columns; of more than TABLES_KEPT the last ones."""
    mark = _mark(note)
    if mark is None or note.columns is None or not note.columns.has_names:
        return
    letters = "".join(_LETTERS[meaning] for _, meaning in note.columns.meanings)
    others = [[known, chosen] for known, chosen in cookie.get(_KEY, []) if known != mark]
    cookie[_KEY] = [*others, [mark, letters]][-TABLES_KEPT:]  # a list: the cookie's JSON sorts what has names


def with_kept(cookie: MutableMapping[str, Any], note: SentNote) -> SentNote:
    """A table with the columns that were chosen for one with the same first row; any other note as it is."""
    known = dict(cookie.get(_KEY, []))
    letters = known.get(_mark(note)) if known else None
    if letters is None:
        return note
    meanings = tuple((str(number), _MEANINGS[letter]) for number, letter in enumerate(letters, start=1))
    return replace(note, columns=Columns(meanings=meanings, has_names=True))


def _mark(note: SentNote) -> str | None:
    """What stands for a table's first row; None for what is no table, or cannot be read with the columns chosen."""
    from quizapp.catalogue.formats.tables import sample
    from quizapp.catalogue.importing.banks import TABLES  # loads readers, which no other page needs

    table = None
    if note.suffix in TABLES:
        with suppress(Unreadable):
            table = sample(note.data, note.columns)
    return None if table is None else sha256("\x1f".join(table.names).encode()).hexdigest()[:_MARK_CHARS]
