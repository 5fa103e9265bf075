"""Reads the database of an Anki package, of any of its schemas. The file may be hostile: it is only read, by few words.

A view or a trigger of the file never runs: the schema is not trusted, an authorizer lets only columns of the tables
below be read, no function is called, and the work that SQLite may do is limited.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizapp import sqlite
from quizapp.catalogue.formats.parsed import Unreadable

STEPS_MAX = 20_000  # of a thousand instructions of SQLite each; 100,000 notes with their reviews need about 8,000
ROWS_MAX = 2_000_000  # of one table; a learner of ten years has about 1,000,000 reviews
_TABLES = frozenset(["col", "notes", "cards", "revlog", "notetypes", "decks", "sqlite_master"])
FLAG_MASK = 7  # the other bits of a card's flags are not Anki's colours
_STEP = 1000  # instructions of SQLite
_COMPUTED = (2, 3)  # what table_xinfo says of a generated column that is made when it is read, or is stored


@dataclass(frozen=True, kw_only=True)
class AnkiNote:
    """A note: what is asked in one or more cards."""

    id: int
    guid: str
    notetype: str
    tags: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AnkiCard:
    """A card with its schedule as Anki stores it."""

    id: int
    note_id: int
    place: int
    """Which card of its note it is, from 0: the number of the template, or of the gap less one."""
    deck: str
    """The deck that it belongs to, also while it is in a filtered one."""
    kind: int
    """0 new, 1 learning, 2 review, 3 relearning."""
    queue: int
    """As `kind`, or -1 suspended, -2 and -3 buried."""
    due: int
    """Of a card in review the day, counted from the collection's first one; in the deck that it belongs to."""
    interval: int
    """In days; in seconds if it is negative."""
    ease: int
    """In permille."""
    reviews: int
    lapses: int
    stability: float | None
    """Days, of FSRS; None without it."""
    difficulty: float | None
    """From 1 to 10, of FSRS; None without it."""
    flag: int
    """From 1 to 7; 0 for none."""


@dataclass(frozen=True, kw_only=True)
class AnkiReview:
    """A row of the review log."""

    at_ms: int
    """When, in milliseconds since 1970; the id of the row."""
    card_id: int
    rating: int
    """From 1 (again) to 4 (easy); 0 for a change by hand."""
    interval: int
    factor: int
    """The ease in permille or FSRS's difficulty; 0 where the schedule was left alone, or given up."""
    duration_ms: int
    kind: int
    """0 learning, 1 review, 2 relearning, 3 in a filtered deck, 4 by hand, 5 by a change of settings."""


@dataclass(frozen=True, kw_only=True)
class AnkiCollection:
    """All that is read of a package's database."""

    notes: tuple[AnkiNote, ...]
    cards: tuple[AnkiCard, ...]
    reviews: tuple[AnkiReview, ...]
    created_s: int
    """When the collection was made, in seconds since 1970: at the hour at which its days begin."""


def read_collection(path: Path) -> AnkiCollection:
    """Everything that a database of Anki says. Raises Unreadable for one that is broken, too large or hostile."""
    try:
        with closing(sqlite.open_unchanging(path)) as db:
            _refuse_computed_columns(db)
            _guard(db)
            return _collection(db)
    except (sqlite.DRIVER.Error, ValueError, TypeError, OverflowError, RecursionError, AttributeError) as error:
        message = f"The database in the package cannot be read ({error!s:.100}). Export the package again."
        raise Unreadable(message) from None


def _refuse_computed_columns(db: Any) -> None:
    """Raise Unreadable for a table whose columns are computed when they are read.

    SQLite 3.53.4 does not ask the authorizer about the functions of such a column, and one may make 1 GB of text.
    """
    for table in sorted(_TABLES - {"sqlite_master"}):
        if any(column[6] in _COMPUTED for column in db.execute(f"PRAGMA table_xinfo({table})")):
            raise Unreadable(f"The table {table} in the package has computed columns. No tool writes such a package.")


def _guard(db: Any) -> None:
    """Close the connection to all but reading the known tables, within STEPS_MAX."""
    steps = iter(range(STEPS_MAX))
    driver = sqlite.DRIVER

    def allow(action: int, first: str | None, _second: str | None, _database: str | None, inside: str | None) -> int:
        known = action == driver.SQLITE_SELECT or (action == driver.SQLITE_READ and first in _TABLES)
        return int(driver.SQLITE_OK if known and inside is None else driver.SQLITE_DENY)

    for pragma in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON", "mmap_size = 0"):
        db.execute(f"PRAGMA {pragma}")
    db.text_factory = lambda data: data.decode("utf-8", errors="replace")
    db.create_collation("unicase", _compared)
    db.set_progress_handler(lambda: int(next(steps, None) is None), _STEP)
    db.set_authorizer(allow)


def _compared(first: str, second: str) -> int:
    one, other = first.casefold(), second.casefold()
    return (one > other) - (one < other)


def _collection(db: Any) -> AnkiCollection:
    tables = {name for name, kind in db.execute("SELECT name, type FROM sqlite_master") if kind == "table"}
    missing = {"col", "notes", "cards"} - tables
    if missing:
        raise Unreadable(f"The database in the package has no table {min(missing)}: it is none of Anki's.")
    notetypes, decks = _names(db, tables)
    notes = tuple(
        AnkiNote(id=row[0], guid=str(row[1]), notetype=notetypes.get(row[2], ""), tags=tuple(str(row[3]).split()),
                 fields=tuple(str(row[4]).split("\x1f")))
        for row in _rows(db, "SELECT id, guid, mid, tags, flds FROM notes ORDER BY id")
    )  # fmt: skip
    reviews: tuple[AnkiReview, ...] = ()
    if "revlog" in tables:
        rows = _rows(db, "SELECT id, cid, ease, ivl, factor, time, type FROM revlog ORDER BY id")
        reviews = tuple(
            AnkiReview(
                at_ms=at, card_id=card, rating=rating, interval=interval, factor=factor, duration_ms=took, kind=kind
            )
            for at, card, rating, interval, factor, took, kind in rows
        )
    created_s = next((row[0] for row in _rows(db, "SELECT crt FROM col")), 0)
    return AnkiCollection(notes=notes, cards=tuple(_cards(db, decks)), reviews=reviews, created_s=created_s)


def _names(db: Any, tables: set[str]) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """The names of note types and of decks by id: tables since schema 15, JSON before."""
    if {"notetypes", "decks"} <= tables:
        return (
            {row[0]: str(row[1]) for row in _rows(db, "SELECT id, name FROM notetypes")},
            {row[0]: str(row[1]).replace("\x1f", "::") for row in _rows(db, "SELECT id, name FROM decks")},
        )
    models, decks = next(_rows(db, "SELECT models, decks FROM col"), ("{}", "{}"))
    return _legacy_names(models), _legacy_names(decks)


def _legacy_names(text: str) -> Mapping[int, str]:
    return {int(key): str(value.get("name", "")) for key, value in json.loads(text).items()}


def _cards(db: Any, decks: Mapping[int, str]) -> Iterator[AnkiCard]:
    words = "id, nid, ord, did, odid, type, queue, due, ivl, factor, reps, lapses, data, odue, flags"
    for row in _rows(db, f"SELECT {words} FROM cards ORDER BY nid, ord, id"):
        memory = _memory(row[12])
        yield AnkiCard(
            id=row[0],
            note_id=row[1],
            place=int(row[2]),
            deck=decks.get(row[4] or row[3], ""),
            kind=row[5],
            queue=row[6],
            due=(row[13] or row[7]) if row[4] else row[7],
            interval=row[8],
            ease=row[9],
            reviews=row[10],
            lapses=row[11],
            stability=memory.get("s"),
            difficulty=memory.get("d"),
            flag=row[14] & FLAG_MASK,
        )


def _memory(data: Any) -> Mapping[str, float]:
    """What FSRS knows of a card: Anki keeps it as JSON, and other tools keep anything there."""
    try:
        found = json.loads(data) if data else {}
    except (ValueError, TypeError, RecursionError):
        return {}
    return (
        {key: value for key, value in found.items() if isinstance(value, int | float)}
        if isinstance(found, dict)
        else {}
    )


def _rows(db: Any, statement: str) -> Iterator[Any]:
    for number, row in enumerate(db.execute(statement)):
        if number >= ROWS_MAX:
            raise Unreadable(f"The package has more than {ROWS_MAX:,} rows of one kind. Export a part of it.")
        yield row
