"""Marks things that a learner has put in an order. Pure."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random

from quizapp.catalogue.kinds.ordering import Ordering
from quizapp.errors import Invalid
from quizapp.quiz.marking import Marked, marked_by_share


def drawn_order(expected: Ordering, *, rng: Random) -> list[int]:
    """The places, from 0, of the things as they are shown: in any order but the right one."""
    right = list(range(len(expected.items)))
    order = list(right)
    while order == right:
        rng.shuffle(order)
    return order


def mark(expected: Ordering, parts: Sequence[str], *, order: Sequence[int]) -> Marked:
    """Mark it; `parts` has the number that each thing was given, in the order in which they were shown.

    The score is the share of neighbours that follow one another as they should, so that one thing out of its place
    costs little. Raises Invalid unless each number was given once.
    """
    numbers = numbers_of(parts)
    if sorted(numbers) != list(range(1, len(expected.items) + 1)) or len(order) != len(numbers):
        raise Invalid(f"Give each of the {len(expected.items)} a number of its own, from 1. It was not counted yet.")
    put = [place for _, place in sorted(zip(numbers, order, strict=True))]
    follow = sum(after == before + 1 for before, after in pairwise(put))
    return marked_by_share(follow, of=len(put) - 1)


def are_right(parts: Sequence[str], *, order: Sequence[int]) -> list[bool]:
    """Of each thing as it was shown, whether it was given its right number."""
    return [number == place + 1 for number, place in zip(numbers_of(parts), order, strict=False)]


def numbers_of(parts: Sequence[str]) -> list[int]:
    """What was chosen as numbers; 0 for what is none."""
    return [int(part) if part.isascii() and part.isdigit() and len(part) < 3 else 0 for part in parts]
