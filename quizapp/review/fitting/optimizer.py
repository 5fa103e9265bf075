"""The program that fits: reads histories as JSON, prints weights as JSON. Run by `fits`, in a process of its own.

It is the only file that knows fsrs-rs-python, whose fit holds Python's lock for as long as it takes. It imports nothing
of the product, so that it starts at once.

It reads `usual`, the default weights; `cards`, each a list of [rating, gap]; `items`, each [card, place], in the order
of time; and `ends`, numbers of items. For each end it fits the items before it. Without their order, and without the
cards' numbers, the library's result is another one: it weighs newer reviews more.
"""

import json
import sys
from typing import Any

import fsrs_rs_python as rs


def main() -> None:
    """Read from the standard input, print to the standard output."""
    asked = json.load(sys.stdin)
    reviews = [[rs.FSRSReview(rating, gap) for rating, gap in card] for card in asked["cards"]]
    json.dump(_answer(reviews, asked), sys.stdout)


def _answer(reviews: list[list[Any]], asked: dict[str, Any]) -> dict[str, Any]:
    items = [rs.FSRSItem(reviews[card][: place + 1]) for card, place in asked["items"]]
    cards = [card for card, _ in asked["items"]]
    optimizer = rs.FSRS(asked["usual"])
    return {"fits": [optimizer.compute_parameters(items[:end], card_ids=cards[:end]) for end in asked["ends"]]}


if __name__ == "__main__":
    main()
