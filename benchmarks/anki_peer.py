"""Anki's own backend as the peer: what one answer and its commit take with so many cards, and how much it stores.

Run by itself, in an environment with the package `anki`, which the product neither needs nor contains:
`python anki_peer.py CARDS FOLDER` prints one JSON object. Knows nothing of the product.
"""

import importlib
import json
import sqlite3
import statistics
import sys
import time
from contextlib import closing
from pathlib import Path

ROUNDS = 61
WARM_UP = 5
DAYS = 365  # over which the cards' due days are spread, all before today, so that there is always one to answer
GOOD = 3
NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :cards)"
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
    """Make a collection, answer some of its cards and print the medians."""
    path = folder / f"{cards}.anki2"
    opened = importlib.import_module("anki.collection").Collection
    collection = opened(str(path))
    collection.set_config("fsrs", True)
    model, today = collection.models.by_name("Basic")["id"], collection.sched.today
    collection.close()
    _fill(path, cards=cards, model=model, today=today)
    collection = opened(str(path))
    began = time.process_time()
    card = collection.sched.getCard()
    first = time.process_time() - began
    taken = []
    for _ in range(WARM_UP + ROUNDS):
        card.start_timer()
        began = time.process_time()
        collection.sched.answerCard(card, GOOD)
        taken.append(time.process_time() - began)
        card = collection.sched.getCard()
    collection.close()
    print(
        json.dumps(
            {
                "answer_ms": 1000 * statistics.median(taken[WARM_UP:]),
                "first_ms": 1000 * first,
                "whole_mb": path.stat().st_size / 1e6,
                "learned_mb": _learned_mb(path),  # the last, as it takes the tables away
            }
        )
    )


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
