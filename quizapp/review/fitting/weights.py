"""A learner's weights: kept within what both FSRS libraries take, drawn towards the defaults, and as stored. Pure.

fsrs-rs-python 0.9.3 computes with 32 bits: the decay of a learner who forgets as fast as the model allows comes back as
0.800000011920929, and py-fsrs 6.3.2 refuses all above 0.8. So weights are put back into py-fsrs's ranges, which are the
narrower ones.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from quizapp.review.scheduler import DEFAULT_PARAMETERS

Weights = tuple[float, ...]

VERSION = "fsrs-6"  # the algorithm of the weights; the next one has another number of them
SHRUNK_BY = 1_000  # reviews at which a fit counts as much as the defaults: the best of those tried on three real logs
_STABILITIES = 4  # the first weights are stabilities in days, whose mean is taken of their logarithms


def within_ranges(weights: Sequence[float]) -> Weights:
    """The weights, each at least its least and at most its most allowed value."""
    bounds = zip(weights, LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
    return tuple(min(max(float(weight), low), high) for weight, low, high in bounds)


def shrunk(weights: Sequence[float], *, reviews: int) -> Weights:
    """Weights fitted to so many reviews, drawn towards the defaults: they count for n / (n + SHRUNK_BY)."""
    share = reviews / (reviews + SHRUNK_BY)
    pairs = enumerate(zip(weights, DEFAULT_PARAMETERS, strict=True))
    return tuple(_between(usual, own, share, by_logarithm=place < _STABILITIES) for place, (own, usual) in pairs)


def to_json(weights: Weights) -> dict[str, Any]:
    """The weights as they are stored, with the algorithm that they are of."""
    return {"version": VERSION, "weights": list(weights)}


def from_json(stored: Mapping[str, Any]) -> Weights | None:
    """Weights as they were stored; None for those of another algorithm, which this product cannot use."""
    return tuple(stored["weights"]) if stored["version"] == VERSION else None


def _between(usual: float, own: float, share: float, *, by_logarithm: bool) -> float:
    if by_logarithm:
        return math.exp((1 - share) * math.log(usual) + share * math.log(own))
    return (1 - share) * usual + share * own
