"""Marks what a learner has said to belong together. Pure."""

from collections.abc import Sequence

from quizapp.catalogue.kinds.matching import Matching
from quizapp.errors import Invalid
from quizapp.quiz.kinds.ordering import numbers_of
from quizapp.quiz.marking import Marked, marked_by_share


def mark(expected: Matching, parts: Sequence[str]) -> Marked:
    """Mark it; `parts` has for each left side the number of the right side that was chosen, from 1.

    The score is the share of pairs that are right. Raises Invalid while one is left open.
    """
    numbers = numbers_of(parts)
    if len(numbers) != len(expected.pairs) or not all(1 <= number <= len(expected.rights) for number in numbers):
        raise Invalid("Choose what belongs to each of them. It was not counted yet.")
    return marked_by_share(sum(are_right(expected, parts)), of=len(expected.pairs))


def are_right(expected: Matching, parts: Sequence[str]) -> list[bool]:
    """Of each left side, whether the right one was chosen."""
    wanted = [expected.rights.index(right) + 1 for _, right in expected.pairs]
    return [number == right for number, right in zip(numbers_of(parts), wanted, strict=False)]
