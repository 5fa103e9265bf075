"""How good foretold chances of recall were, by the three figures that the benchmarks of FSRS use. Pure."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

CHANCE_MIN = 1e-4  # as in those benchmarks: a chance of 0 or 1 that was wrong would make the log loss infinite


@dataclass(frozen=True, kw_only=True, slots=True)
class Bin:
    """Reviews that are alike enough to compare the mean chance with the share that was remembered."""

    gap: float
    """The study days since the review before, on a scale of powers of 3.62."""
    reviews: float
    """The reviews on a later study day, this one included and the first one too, on a scale of powers of 1.89."""
    lapses: float
    """Those of them before this one that were rated Again, on a scale of powers of 1.73."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ForetoldChance:
    """One review with the chance of recall that was computed before it."""

    chance: float
    """From 0 to 1."""
    remembered: bool
    bin: Bin


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """The three figures."""

    log_loss: float
    """The mean of -ln(chance of what happened): less is better."""
    rmse_bins: float
    """The root of the mean squared difference between chance and share in a Bin, each weighted by its reviews."""
    auc: float | None
    """The chance that of a remembered and a forgotten review the remembered one had the higher chance of recall.

    None if all were remembered, or none.
    """


def bin_of(*, gap: int, reviews: int, lapses: int) -> Bin:
    """The Bin of a review on a later study day, by plain counts of what Bin says."""
    return Bin(
        gap=round(2.48 * 3.62 ** math.floor(math.log(gap, 3.62)), 2),
        reviews=round(1.99 * 1.89 ** math.floor(math.log(reviews, 1.89))),
        lapses=round(1.65 * 1.73 ** math.floor(math.log(lapses, 1.73))) if lapses else 0,
    )


def accuracy(foretold: Sequence[ForetoldChance]) -> Accuracy:
    """The figures of reviews, of which there must be at least one."""
    return Accuracy(log_loss=log_loss(foretold), rmse_bins=_rmse_bins(foretold), auc=_auc(foretold))


def log_loss(foretold: Sequence[ForetoldChance]) -> float:
    """The first figure alone."""
    losses = (-math.log(_clipped(each.chance if each.remembered else 1 - each.chance)) for each in foretold)
    return math.fsum(losses) / len(foretold)


def _clipped(chance: float) -> float:
    return min(max(chance, CHANCE_MIN), 1 - CHANCE_MIN)


def _rmse_bins(foretold: Iterable[ForetoldChance]) -> float:
    bins: dict[Bin, list[ForetoldChance]] = defaultdict(list)
    for each in foretold:
        bins[each.bin].append(each)
    total = sum(map(len, bins.values()))
    squares = math.fsum(math.fsum(e.chance - e.remembered for e in some) ** 2 / len(some) for some in bins.values())
    return math.sqrt(squares / total)


def _auc(foretold: Sequence[ForetoldChance]) -> float | None:
    """By ranks: equal chances share the mean of their ranks."""
    remembered = sum(each.remembered for each in foretold)
    forgotten = len(foretold) - remembered
    if not remembered or not forgotten:
        return None
    ranks = 0.0
    ordered = sorted(foretold, key=lambda each: each.chance)
    start = 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end].chance == ordered[start].chance:
            end += 1
        mean_rank = (start + 1 + end) / 2
        ranks += mean_rank * sum(each.remembered for each in ordered[start:end])
        start = end
    return (ranks - remembered * (remembered + 1) / 2) / (remembered * forgotten)
