"""What weights are worth on a log: each review of its last five sixths is foretold by what came before it. Pure.

As in the benchmarks of FSRS: the items, in the order of time, are cut into six parts of one size, the first of which
also takes what is over. Each of the last five is foretold with weights fitted to all before it, or with the defaults.
The chances are those of the product's own scheduler, review by review.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quizapp.errors import Invalid
from quizapp.review.fitting.accuracy import Accuracy, ForetoldChance, accuracy, bin_of
from quizapp.review.fitting.history import Histories, Item
from quizapp.review.fitting.weights import Weights, shrunk
from quizapp.review.memory import Memory, Rating
from quizapp.review.scheduler import DEFAULT_PARAMETERS, Scheduler

FOLDS = 5

Fit = Callable[[Sequence[int]], Sequence[Weights]]
"""Weights fitted to the first items, for each of some numbers of items."""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """How well the reviews of a log were foretold."""

    scored: int
    """The reviews that were foretold."""
    default: Accuracy
    """With the default weights."""
    fitted: Accuracy | None
    """With weights as they were fitted; None if nothing could be fitted."""
    shrunk: Accuracy | None
    """With those drawn towards the defaults, as a learner gets them."""


def evaluate(histories: Histories, *, fit: Fit | None) -> Evaluation:
    """Foretell the reviews of a log. Raises Invalid for one with fewer items than parts."""
    ends = fold_ends(len(histories.items))
    default = foretold(histories, DEFAULT_PARAMETERS, ends[0], ends[-1])
    fits = None if fit is None else fit(ends[:-1])
    return Evaluation(
        scored=len(default),
        default=accuracy(default),
        fitted=None if fits is None else _by_folds(histories, fits, ends),
        shrunk=None if fits is None else _by_folds(histories, _shrunk(fits, ends), ends),
    )


def fold_ends(items: int) -> Sequence[int]:
    """Where the first part and each of the FOLDS after it ends, as numbers of items. Raises Invalid for too few."""
    size = items // (FOLDS + 1)
    if not size:
        raise Invalid(
            f"The log has {items} reviews of a card on a later study day than the review before. At least {FOLDS + 1}"
            " are needed, so that there is something to foretell."
        )
    return [items - size * left for left in range(FOLDS, -1, -1)]


def foretold(histories: Histories, weights: Weights, first: int, end: int) -> Sequence[ForetoldChance]:
    """The items from `first` to before `end`, as the product's scheduler foretells them with these weights."""
    scheduler = Scheduler(parameters=weights)
    wanted = histories.items[first:end]
    asked: dict[int, set[int]] = {}
    for item in wanted:
        asked.setdefault(item.card, set()).add(item.place)
    chances = {card: _replayed(scheduler, histories, card, places) for card, places in asked.items()}
    return [chances[item.card][item.place] for item in wanted]


def _by_folds(histories: Histories, fits: Sequence[Weights], ends: Sequence[int]) -> Accuracy:
    folds = zip(fits, pairwise(ends), strict=True)
    return accuracy([each for weights, (first, end) in folds for each in foretold(histories, weights, first, end)])


def _shrunk(fits: Sequence[Weights], ends: Sequence[int]) -> Sequence[Weights]:
    return [shrunk(weights, reviews=end) for weights, end in zip(fits, ends[:-1], strict=True)]


def _replayed(scheduler: Scheduler, histories: Histories, card: int, places: set[int]) -> dict[int, ForetoldChance]:
    """A card's reviews up to the last of `places`, and what was foretold of those."""
    memory, day, reviews, lapses, found = Memory(), 0, 1, 0, {}
    for place, step in enumerate(histories.cards[card][: max(places) + 1]):
        day += step.gap
        reviewed = scheduler.review(memory, step.rating, day=day)
        if step.gap:
            reviews += 1
            if place in places and reviewed.retrievability is not None:
                found[place] = ForetoldChance(
                    chance=reviewed.retrievability,
                    remembered=histories.remembered(Item(card=card, place=place)),
                    bin=bin_of(gap=step.gap, reviews=reviews, lapses=lapses),
                )
            lapses += step.rating is Rating.AGAIN
        memory = reviewed.memory
    return found
