"""The figures of an evaluation are those of plain FSRS, computed here by another way: py-fsrs's own cards."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import fsrs
import pytest

from quizapp.errors import Invalid
from quizapp.review.fitting.accuracy import Accuracy, Bin, ForetoldChance, accuracy, bin_of
from quizapp.review.fitting.evaluation import evaluate, fold_ends
from quizapp.review.fitting.history import Answer, histories_of
from quizapp.review.fitting.log_file import answers_of, read_log
from quizapp.review.memory import Rating
from quizapp.review.scheduler import DEFAULT_PARAMETERS

from .logs import as_csv, drawn_log

LOG = drawn_log(cards=150, seed=7)
OFFSET = timedelta(hours=-5 - 4)  # Etc/GMT+5 is five hours west; the day begins at 4


def plain_chances() -> list[tuple[float, bool]]:
    """Each review on a later day, in the order of time, with the chance that py-fsrs gives on days as datetimes."""
    plain = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    cards: dict[str, fsrs.Card] = {}
    found = []
    for name, rating, at in sorted(LOG, key=lambda row: row[2]):
        day = datetime(*(at + OFFSET).timetuple()[:3], tzinfo=UTC)
        card = cards.get(name) or fsrs.Card(card_id=1, due=day)
        if card.last_review is not None and card.last_review < day:
            found.append((plain.get_card_retrievability(card, day), rating > 1))
        cards[name], _ = plain.review_card(card, fsrs.Rating(rating), day)
    return found


def evaluated(log: list[tuple[str, int, datetime]] = LOG):
    file = read_log(as_csv(log).encode())
    histories = histories_of(answers_of(file.reviews, zone="Etc/GMT+5", rollover_hour=4))
    return evaluate(histories, fit=lambda ends: [DEFAULT_PARAMETERS for _ in ends])


def test_log_loss_and_auc_are_those_of_plain_py_fsrs() -> None:
    chances = plain_chances()
    scored = chances[len(chances) - len(chances) // 6 * 5 :]
    loss = sum(-math.log(min(max(p if right else 1 - p, 1e-4), 1 - 1e-4)) for p, right in scored) / len(scored)
    pairs = [(p > q) + (p == q) / 2 for p, right in scored if right for q, wrong in scored if not wrong]
    found = evaluated()
    assert (found.scored, found.default.log_loss) == (len(scored), pytest.approx(loss, abs=1e-9))
    assert found.default.auc == pytest.approx(sum(pairs) / len(pairs), abs=1e-9)


def test_the_figures_of_this_log_stay_as_they_are() -> None:
    found = evaluated().default
    assert (round(found.log_loss, 4), round(found.rmse_bins, 4), round(found.auc or 0, 4)) == (0.6713, 0.1625, 0.5388)


def test_the_order_of_the_file_does_not_matter() -> None:
    assert evaluated(LOG[::-1]).default == evaluated().default


def test_weights_of_every_part_are_those_fitted_before_it() -> None:
    found = evaluated()
    assert found.fitted == found.default == found.shrunk  # what is shrunk from the defaults to the defaults


def test_bins_are_weighted_by_their_reviews() -> None:
    few, many = Bin(gap=1, reviews=1, lapses=0), Bin(gap=2, reviews=1, lapses=0)
    right = [ForetoldChance(chance=0.5, remembered=True, bin=few)]
    half = [ForetoldChance(chance=0.5, remembered=place < 2, bin=many) for place in range(3)]
    assert accuracy([*right, *half]).rmse_bins == pytest.approx(math.sqrt((0.5**2 + 3 * (1 / 6) ** 2) / 4))


@pytest.mark.parametrize(
    ("gap", "reviews", "lapses", "bin"),
    [(1, 1, 0, (2.48, 2, 0)), (4, 2, 1, (8.98, 4, 2)), (100, 5, 3, (117.65, 7, 5))],
)
def test_a_bin_is_a_power_on_each_scale(gap: int, reviews: int, lapses: int, bin: tuple[float, ...]) -> None:
    found = bin_of(gap=gap, reviews=reviews, lapses=lapses)
    assert (found.gap, found.reviews, found.lapses) == bin


def test_no_auc_where_all_was_remembered() -> None:
    one = ForetoldChance(chance=0.5, remembered=True, bin=Bin(gap=1, reviews=1, lapses=0))
    assert accuracy([one]) == Accuracy(log_loss=pytest.approx(math.log(2)), rmse_bins=0.5, auc=None)


def test_five_parts_of_one_size_and_what_is_over_comes_first() -> None:
    ends = fold_ends(20)
    assert (ends[0], {end - first for first, end in pairwise(ends)}, ends[-1]) == (5, {3}, 20)


def test_a_log_with_nothing_to_foretell_is_told() -> None:
    with pytest.raises(Invalid, match="has 1 reviews"):
        evaluate(histories_of([Answer(card="c", rating=Rating.GOOD, day=day) for day in (1, 2)]), fit=None)


def test_a_repeat_over_a_rollover_is_no_item_and_the_next_gap_begins_there() -> None:
    days = ((5, False), (6, True), (8, False))
    found = histories_of([Answer(card="c", rating=Rating.GOOD, day=day, is_repeat=again) for day, again in days])
    assert ([step.gap for step in found.cards[0]], len(found.items)) == ([0, 0, 2], 1)


def test_a_day_before_the_last_one_counts_as_that_one() -> None:
    found = histories_of([Answer(card="c", rating=Rating.GOOD, day=day) for day in (5, 4, 6)])
    assert ([step.gap for step in found.cards[0]], len(found.items)) == ([0, 0, 1], 1)
