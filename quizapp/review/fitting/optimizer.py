"""The program that fits: reads histories, prints weights, both as `marshal` writes them. Run by `fits`, in a process of
its own and by the same Python, which `marshal` needs.

It is the only file that knows fsrs-rs-python, whose fit holds Python's lock for as long as it takes. It imports nothing
of the product, nor json, typing or `site`, each of which takes about as long to load as the fit of a small log. Its
argument is the folder in which the library is installed.

It reads `usual`, the default weights; `cards`, each a list of [rating, gap]; `items`, each [card, place], in the order
of time; and `ends`, numbers of items. For each end it fits the items before it. Without their order, and without the
cards' numbers, the library's result is another one: it weighs newer reviews more.
"""

import marshal
import sys

TYPE_CHECKING = False  # as typing's, which is not loaded
if TYPE_CHECKING:
    from typing import Any


def main() -> None:
    """Read from the standard input, print to the standard output."""
    sys.path.append(sys.argv[1])
    import fsrs_rs_python as rs  # found only now, and loaded while the question is still being made

    asked = marshal.loads(sys.stdin.buffer.read())  # its `load` reads a file number by number: longer than the fit
    marshal.dump(_answer(rs, asked), sys.stdout.buffer)


def _answer(rs: "Any", asked: "dict[str, Any]") -> "dict[str, Any]":
    reviews = [[rs.FSRSReview(rating, gap) for rating, gap in card] for card in asked["cards"]]
    items = [rs.FSRSItem(reviews[card][: place + 1]) for card, place in asked["items"]]
    cards = [card for card, _ in asked["items"]]
    optimizer = rs.FSRS(asked["usual"])
    return {"fits": [optimizer.compute_parameters(items[:end], card_ids=cards[:end]) for end in asked["ends"]]}


if __name__ == "__main__":
    main()
