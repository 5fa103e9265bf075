"""Drawing questions: every kind, each once, repeatable."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.errors import Invalid
from quizapp.quiz.selection import LONGEST, Candidate, draw, order_of_options

pools = st.lists(
    st.builds(Candidate, question_id=st.integers(0, 200), kind=st.sampled_from(["open", "single", "multiple"])),
    min_size=1,
    unique_by=lambda candidate: candidate.question_id,
)


@given(pools, st.integers(1, LONGEST), st.integers())
def test_a_draw_has_each_question_once_and_every_kind(pool: list[Candidate], length: int, seed: int) -> None:
    drawn = draw(pool, length=length, rng=Random(seed))
    assert len(drawn) == len(set(drawn)) == min(length, len(pool))
    kinds = {candidate.question_id: candidate.kind for candidate in pool}
    assert len({kinds[question_id] for question_id in drawn}) == min(length, len(set(kinds.values())))


@given(pools, st.integers(1, LONGEST), st.integers())
def test_the_same_seed_draws_the_same(pool: list[Candidate], length: int, seed: int) -> None:
    assert draw(pool, length=length, rng=Random(seed)) == draw(pool, length=length, rng=Random(seed))


def test_different_seeds_draw_in_different_orders() -> None:
    pool = [Candidate(question_id=number, kind="open") for number in range(20)]
    assert len({tuple(draw(pool, length=10, rng=Random(seed))) for seed in range(20)}) > 15


@pytest.mark.parametrize("length", [0, -1, LONGEST + 1])
def test_a_length_out_of_bounds_is_refused(length: int) -> None:
    with pytest.raises(Invalid, match="1 to 50"):
        draw([Candidate(question_id=1, kind="open")], length=length, rng=Random(1))


def test_nothing_to_draw_from_says_what_to_do() -> None:
    with pytest.raises(Invalid, match="import one"):
        draw([], length=10, rng=Random(1))


@given(st.integers())
def test_an_option_that_speaks_of_the_others_stays_last(seed: int) -> None:
    texts = {1: "a", 2: "**All of the above**", 3: "b", 4: "c"}
    order = order_of_options(texts, rng=Random(seed))
    assert (sorted(order), order[-1]) == ([1, 2, 3, 4], 2)
