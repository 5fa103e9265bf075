"""Anki's own backend as the peer: what one answer and its commit take with so many cards, and how much it stores.

Run by itself, in an environment with the package `anki`, which the product neither needs nor contains:
`python anki_peer.py CARDS FOLDER` prints the size of its file in MB. Then it reads numbers, one a line, answers so many
cards for each, and prints the seconds of the processor that each answer took, as JSON; or it reads LEARNED, prints how
many MB of the file are cards, reviews and their indexes, and ends. Knows nothing of the product.
"""

import importlib
import json
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

DAYS = 365  # over which the cards' due days are spread, all before today, so that there is always one to answer
AGAIN, GOOD = 1, 3
AGAIN_EACH = 4  # one card in so many is forgotten, as on the other side
A_DAY = 9999  # reviews that the deck allows
NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :cards)"
LEARNED = "learned\n"
TEXT = "'What does `docker run` do with port ' || n || '?'"
NOTES = f"""
    INSERT INTO notes {NUMBERS}
    SELECT :first + n, 'guid-' || n, :model, :now, -1, '', {TEXT} || char(31) || 'It publishes it.', {TEXT}, n, 0, ''
    FROM numbers
"""
CARDS = f"""
    INSERT INTO cards {NUMBERS}
    SELECT :first + n, :first + n, 1, 0, :now, -1, 2, 2, :today - n % {DAYS}, 90, 2500, 1, 0, 0, 0, 0, 0,
           '{{"s":90.0,"d":5.0,"dr":0.9}}'
    FROM numbers
"""
REVIEWS = f"""
    INSERT INTO revlog {NUMBERS} SELECT :first + n, :first + n, -1, 3, 90, 30, 2500, 4000, 1 FROM numbers
"""


def main(cards: int, folder: Path) -> None:
    """Make a collection, then answer some of its cards whenever it is asked to."""
    path = folder / f"{cards}.anki2"
    opened = importlib.import_module("anki.collection").Collection
    collection = opened(str(path))
    collection.set_config("fsrs", True)
    limits = collection.decks.config_dict_for_deck_id(1)
    limits["rev"]["perDay"] = A_DAY
    collection.decks.update_config(limits)
    model, today = collection.models.by_name("Basic")["id"], collection.sched.today
    collection.close()
    _fill(path, cards=cards, model=model, today=today)
    print(json.dumps(path.stat().st_size / 1e6), flush=True)
    collection = opened(str(path))
    for line in iter(sys.stdin.readline, ""):
        if line == LEARNED:
            collection.close()
            print(json.dumps(_learned_mb(path)), flush=True)
            return  # its tables are gone
        print(json.dumps([_answer_s(collection, number) for number in range(int(line))]), flush=True)
    collection.close()


def _answer_s(collection: Any, number: int) -> float:
    """The seconds of the processor that an answer to the next card takes."""
    card = collection.sched.getCard()
    card.start_timer()
    began = time.process_time()
    collection.sched.answerCard(card, GOOD if number % AGAIN_EACH else AGAIN)
    return time.process_time() - began


def _learned_mb(path: Path) -> float:
    """The megabytes that go with the cards, their reviews and the indexes of both, which it drops."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        before = _used_bytes(connection)
        for table in ("cards", "revlog"):
            connection.execute(f"DROP TABLE {table}")
        return (before - _used_bytes(connection)) / 1e6


def _used_bytes(connection: sqlite3.Connection) -> int:
    size, pages, free = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count", "freelist_count")
    )
    return int(size * (pages - free))


def _fill(path: Path, *, cards: int, model: int, today: int) -> None:
    """Notes, cards that are due and a review of each, written into the closed file by SQLite itself."""
    now = int(time.time())
    values = {"cards": cards, "model": model, "today": today, "now": now, "first": 1000 * now - 10_000_000 - cards}
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in (NOTES, CARDS, REVIEWS):
            connection.execute(statement, values)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
