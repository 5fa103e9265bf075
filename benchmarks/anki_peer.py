"""Anki's own backend as the peer: what one answer and its commit take with so many cards, and how large its file is.

Run by itself, in an environment with the package `anki`, which the product neither needs nor contains:
`python anki_peer.py CARDS FOLDER` prints one JSON object. Knows nothing of the product.
"""

import importlib
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROUNDS = 61
WARM_UP = 5
DAYS = 365  # over which the cards' due days are spread, all before today, so that there is always one to answer
GOOD = 3
BATCH = 20_000


def main(cards: int, folder: Path) -> None:
    """Make a collection, answer some of its cards and print the medians."""
    path = folder / f"{cards}.anki2"
    collection = importlib.import_module("anki.collection").Collection(str(path))
    collection.set_config("fsrs", True)
    _fill(collection, cards)
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
                "megabytes": path.stat().st_size / 1e6,
            }
        )
    )


def _fill(collection: Any, cards: int) -> None:
    """Notes, cards that are due and a review of each, written into the tables directly."""
    model = collection.models.by_name("Basic")["id"]
    now, today = int(time.time()), collection.sched.today
    for first in range(1, cards + 1, BATCH):
        numbers = range(first, min(first + BATCH, cards + 1))
        ids = [(number, 1000 * now - 10_000_000 - cards + number) for number in numbers]
        collection.db.executemany(
            "INSERT INTO notes VALUES (?, ?, ?, ?, -1, '', ?, ?, ?, 0, '')",
            [
                (id, f"guid-{number}", model, now, f"What does `docker run` do with port {number}?\x1fIt publishes it.",
                 f"What does `docker run` do with port {number}?", number)
                for number, id in ids
            ],
        )  # fmt: skip
        collection.db.executemany(
            "INSERT INTO cards VALUES (?, ?, 1, 0, ?, -1, 2, 2, ?, 90, 2500, 1, 0, 0, 0, 0, 0, ?)",
            [(id, id, now, today - number % DAYS, '{"s":90.0,"d":5.0,"dr":0.9}') for number, id in ids],
        )
        collection.db.executemany(
            "INSERT INTO revlog VALUES (?, ?, -1, 3, 90, 30, 2500, 4000, 1)", [(id, id) for _, id in ids]
        )


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
