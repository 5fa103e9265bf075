"""FSRS by study day: the same as plain py-fsrs on snapped days, and blind to the hour of the day."""

import math
from datetime import UTC, datetime, timedelta

import fsrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.accounts.models import DEFAULT_RETENTION
from quizapp.review.memory import Memory, Phase, Rating
from quizapp.review.scheduler import AGAIN_STEP, MAX_INTERVAL_DAYS, STEPS, USUAL, Scheduler
from quizapp.review.wording import days_text
from quizapp.study_day import study_day

PASSES = (Rating.HARD, Rating.GOOD, Rating.EASY)

unhurried = settings(deadline=None)  # a busy machine is no fault
ratings = st.sampled_from(Rating)
histories = st.lists(st.tuples(ratings, st.integers(0, 400)), max_size=12)
"""Ratings, each with the study days since the one before it."""


def replayed(history: list[tuple[Rating, int]], *, day: int = 20_000) -> Memory:
    memory = Memory()
    for rating, gap in history:
        day += gap
        memory = USUAL.review(memory, rating, day=day).memory
    return memory


def learnt(*, day: int = 20_000) -> Memory:
    return USUAL.review(Memory(), Rating.GOOD, day=day).memory


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland", "UTC"])
def test_hours_do_not_matter_only_the_nights_between(zone: str) -> None:
    first = datetime(2026, 3, 28, 21, tzinfo=UTC)  # the night in which Berlin's clocks go forward
    stabilities = set()
    for hours in (23, 24, 25):
        memory = USUAL.review(Memory(), Rating.GOOD, day=study_day(first, zone, 4)).memory
        day = study_day(first + timedelta(hours=hours), zone, 4)
        stabilities.add(USUAL.review(memory, Rating.GOOD, day=day).memory.stability)
    assert len(stabilities) == 1
    assert stabilities.pop() != learnt().stability


@unhurried
@given(history=histories)
def test_agrees_with_plain_py_fsrs_on_snapped_days(history: list[tuple[Rating, int]]) -> None:
    plain = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, memory = fsrs.Card(card_id=1, due=datetime(2024, 1, 1, tzinfo=UTC)), Memory()
    day = 20_000
    for rating, gap in history:
        day += gap
        at = datetime(2024, 10, 4, 12, tzinfo=UTC) + timedelta(days=day - 20_000)
        expected = None if memory.last_day is None else plain.get_card_retrievability(card, at)
        card, _ = plain.review_card(card, fsrs.Rating(rating), at)
        reviewed = USUAL.review(memory, rating, day=day)
        memory = reviewed.memory
        assert (memory.stability, memory.difficulty) == (card.stability, card.difficulty)
        assert reviewed.retrievability == expected
        if rating is Rating.HARD:  # the better ones may be put later, to keep them apart
            assert reviewed.due_day - day == (card.due - at).days


@unhurried
@given(
    stability=st.floats(0.001, 40_000),
    difficulty=st.floats(1, 10),
    elapsed=st.integers(0, 40_000),
    rating=ratings,
    retention=st.floats(0.5, 0.99),
    weights=st.tuples(*map(st.floats, fsrs.scheduler.LOWER_BOUNDS_PARAMETERS, fsrs.scheduler.UPPER_BOUNDS_PARAMETERS)),
)
def test_any_state_is_reviewed_to_the_last_bit_as_by_py_fsrs_itself(
    stability: float, difficulty: float, elapsed: int, rating: Rating, retention: float, weights: tuple[float, ...]
) -> None:
    """py-fsrs 6.3.2 offers only `review_card`; its formulas, which the scheduler calls, are private to it."""
    plain = fsrs.Scheduler(weights, retention, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    begun, at = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=elapsed)
    card = fsrs.Card(1, fsrs.State.Review, None, stability, difficulty, begun, begun)
    after, _ = plain.review_card(card, fsrs.Rating(rating), at)
    memory = Memory(phase=Phase.REVIEW, stability=stability, difficulty=difficulty, last_day=0)
    reviewed = Scheduler(parameters=weights, desired_retention=retention).review(memory, rating, day=elapsed)
    assert (reviewed.memory.stability, reviewed.memory.difficulty) == (after.stability, after.difficulty)
    assert reviewed.retrievability == plain.get_card_retrievability(card, at)
    if rating is Rating.HARD:
        assert reviewed.due_day - elapsed == (after.due - at).days


def test_a_repeat_on_the_same_day_uses_the_short_term_formula() -> None:
    # FSRS-6: S * max(e^(w17 * (G - 3 + w18)) * S^-w19, 1) for a pass; the default weights give this for Good.
    again = USUAL.review(Memory(), Rating.AGAIN, day=20_000).memory
    good = USUAL.review(again, Rating.GOOD, day=20_000)
    w17, w18, w19 = fsrs.Scheduler().parameters[17:20]
    assert again.stability is not None
    assert good.memory.stability == pytest.approx(again.stability * 2.718281828 ** (w17 * w18) * again.stability**-w19)
    assert good.retrievability == 1.0


def test_again_comes_back_within_the_day_and_only_a_known_card_lapses() -> None:
    new = USUAL.review(Memory(), Rating.AGAIN, day=20_000)
    assert (new.memory.phase, new.memory.lapses, new.comes_back_in) == (Phase.LEARNING, 0, AGAIN_STEP)
    lapse = USUAL.review(learnt(), Rating.AGAIN, day=20_002)
    assert (lapse.memory.phase, lapse.memory.lapses, lapse.due_day) == (Phase.RELEARNING, 1, 20_002)
    once_more = USUAL.review(lapse.memory, Rating.AGAIN, day=20_002)
    assert (once_more.memory.phase, once_more.memory.lapses) == (Phase.RELEARNING, 1)
    assert USUAL.review(once_more.memory, Rating.HARD, day=20_002).memory.phase is Phase.REVIEW


@unhurried
@given(history=histories, gap=st.integers(0, 400))
def test_a_better_rating_comes_back_later_but_for_good_in_the_steps(
    history: list[tuple[Rating, int]], gap: int
) -> None:
    memory = replayed(history)
    day = 20_000 if memory.last_day is None else memory.last_day + gap
    waits = [USUAL.review(memory, rating, day=day).due_day - day for rating in PASSES]
    assert 1 <= waits[0] <= MAX_INTERVAL_DAYS
    assert waits[0] < waits[1] or waits[1] == MAX_INTERVAL_DAYS or memory.phase in STEPS
    assert waits[0] <= waits[1] < waits[2] or waits[2] == MAX_INTERVAL_DAYS


def test_what_was_failed_comes_on_the_day_that_fsrs_says_also_after_good() -> None:
    """As Anki, where Hard is a step of minutes: it would be known by seven in ten after two days, eight after one."""
    again = USUAL.review(Memory(), Rating.AGAIN, day=20_000).memory
    waits = [USUAL.review(again, rating, day=20_000).due_day - 20_000 for rating in PASSES]
    assert waits == [1, 1, 2]


@unhurried
@given(history=histories, rating=ratings, gap=st.integers(0, 400))
def test_what_is_remembered_is_the_memory_that_a_review_leaves(
    history: list[tuple[Rating, int]], rating: Rating, gap: int
) -> None:
    memory = replayed(history)
    day = 20_000 + sum(gap for _, gap in history) + gap
    assert USUAL.remember(memory, rating, day=day) == USUAL.review(memory, rating, day=day).memory


@unhurried
@given(history=histories)
def test_what_is_remembered_stays_within_the_model(history: list[tuple[Rating, int]]) -> None:
    memory = replayed(history)
    assert memory.reps == len(history)
    assert memory.lapses <= sum(rating is Rating.AGAIN for rating, _ in history)
    if history:
        assert memory.stability is not None
        assert memory.stability > 0
        assert memory.difficulty is not None
        assert 1 <= memory.difficulty <= 10


def test_a_hundred_years_of_easy_stop_at_the_ceiling() -> None:
    memory, day = Memory(), 20_000
    for _ in range(20):
        reviewed = USUAL.review(memory, Rating.EASY, day=day)
        memory, day = reviewed.memory, reviewed.due_day
    assert USUAL.preview(memory, day=day) == dict.fromkeys(PASSES, "99.9 y") | {Rating.AGAIN: "10 min"}


def test_a_day_before_the_last_one_is_refused() -> None:
    with pytest.raises(ValueError, match="before the card's last one"):
        USUAL.review(learnt(day=20_000), Rating.GOOD, day=19_999)


def test_the_preview_of_a_new_card() -> None:
    assert USUAL.preview(Memory(), day=20_000) == {
        Rating.AGAIN: "10 min",
        Rating.HARD: "1 d",
        Rating.GOOD: "2 d",
        Rating.EASY: "8 d",
    }


@unhurried
@given(history=histories, gap=st.integers(0, 400))
def test_the_preview_tells_what_the_review_does(history: list[tuple[Rating, int]], gap: int) -> None:
    memory = replayed(history)
    day = 20_000 if memory.last_day is None else memory.last_day + gap
    shown = USUAL.preview(memory, day=day)
    assert [shown[rating] for rating in PASSES] == [
        days_text(USUAL.review(memory, rating, day=day).due_day - day) for rating in PASSES
    ]


def test_who_wants_to_recall_more_sees_a_card_sooner() -> None:
    eager, easy_going = Scheduler(desired_retention=0.97), Scheduler(desired_retention=0.8)
    due = [each.review(learnt(), Rating.GOOD, day=20_002).due_day for each in (eager, USUAL, easy_going)]
    assert due == sorted(set(due))


def test_other_weights_make_other_memories() -> None:
    weights = (1.0, *USUAL.parameters[1:])
    memory = Scheduler(parameters=weights).review(Memory(), Rating.AGAIN, day=20_000).memory
    assert memory.stability == 1.0
    assert Scheduler(parameters=weights) != USUAL


@pytest.mark.parametrize("parameters", [(), (1.0,) * 20, (-1.0, *USUAL.parameters[1:])])
def test_weights_that_cannot_be_are_told_at_once(parameters: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="parameters"):
        Scheduler(parameters=parameters)


@pytest.mark.parametrize("retention", [0.0, 1.0, -0.5, float("nan")])
def test_a_retention_that_is_no_chance_is_told_at_once(retention: float) -> None:
    with pytest.raises(ValueError, match="retention"):
        Scheduler(desired_retention=retention)


def test_a_new_account_has_the_retention_of_the_usual_scheduler() -> None:
    assert USUAL.desired_retention == DEFAULT_RETENTION


@pytest.mark.parametrize(("recalled", "stability", "difficulty"), [(0.9, 10, 6.91), (0.8, 3.02, 9.39)])
def test_an_ease_of_sm_2_becomes_the_memory_that_fsrs_rs_makes_of_it(
    recalled: float, stability: float, difficulty: float
) -> None:
    found = USUAL.memory_from_sm2(ease=2.5, interval_days=10, recalled=recalled)
    assert tuple(round(number, 2) for number in found) == (stability, difficulty)


def test_a_chance_that_is_hardly_any_is_never_reached() -> None:
    assert USUAL.stabilities_to(1e-300) == math.inf
