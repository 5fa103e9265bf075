"""Draw the questions of a quiz session. Knows only ids and kinds, no learner and no texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from quizapp.errors import Invalid

SHORTEST = 1
LONGEST = 50  # they take about an hour


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
