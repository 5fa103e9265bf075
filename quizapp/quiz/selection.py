"""Draw the questions of a quiz session and the order of options. Knows ids, kinds and options, and no learner."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from quizapp.errors import Invalid

SHORTEST = 1
LONGEST = 50  # they take about an hour
# An option that speaks of those before it.
_SUMS_UP = re.compile(r"\W*(?:all|none|both|any) of (?:the )?(?:above|these|them|the options)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A question that could be asked. `kind` is any label; questions of one kind are interchangeable in a draw."""

    question_id: int
    kind: str


def draw(candidates: Sequence[Candidate], *, length: int, rng: Random) -> list[int]:
    """Up to `length` question ids in random order, each once, with at least one of every kind if `length` allows.

    Kinds are mixed because interleaved practice is remembered better than blocks (Dunlosky et al. 2013). Raises
    Invalid if there are no candidates or `length` is out of bounds.
    """
    if not SHORTEST <= length <= LONGEST:
        raise Invalid(f"A quiz has {SHORTEST} to {LONGEST} questions.")
    if not candidates:
        raise Invalid("There is no question to ask here yet. Choose another note, or import one that has questions.")
    pool = list(candidates)
    rng.shuffle(pool)
    one_of_each = list({candidate.kind: candidate for candidate in reversed(pool)}.values())[:length]
    others = [candidate for candidate in pool if candidate not in one_of_each]
    drawn = one_of_each + others[: length - len(one_of_each)]
    rng.shuffle(drawn)
    return [candidate.question_id for candidate in drawn]


def order_of_options(texts: Mapping[int, str], *, rng: Random) -> list[int]:
    """The ids of a question's options as they are shown: drawn, but one such as "All of the above" stays last."""
    order = list(texts)
    rng.shuffle(order)
    return sorted(order, key=lambda option: _SUMS_UP.match(texts[option]) is not None)
