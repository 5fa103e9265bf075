"""Drawing questions: every kind, each once, repeatable, concepts apart, as many or as long as is asked for."""

from collections import Counter
from itertools import pairwise
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.errors import Invalid
from quizapp.quiz.draw.selection import LATELY, LONGEST, LONGEST_MINUTES, TARGET, Candidate, Length, draw, interleaved

candidates = st.builds(
    Candidate,
    question_id=st.integers(0, 200),
    kind=st.sampled_from(["open", "single", "multiple"]),
    expected=st.floats(0, 1),
    answers=st.integers(0, 50),
    seconds=st.floats(5, 600),
)
pools = st.lists(candidates, min_size=1, unique_by=lambda candidate: candidate.question_id)
lengths = st.builds(Length, questions=st.integers(1, LONGEST)) | st.builds(Length, minutes=st.integers(1, 120))
TEN = Length(questions=10)


def plain(count: int, **said: float) -> list[Candidate]:
    return [Candidate(question_id=number, kind="open", **said) for number in range(count)]  # type: ignore[arg-type]


@given(pools, st.integers(1, LONGEST), st.booleans(), st.integers())
def test_a_draw_has_each_question_once_and_every_kind(
    pool: list[Candidate], number: int, suits: bool, seed: int
) -> None:
    drawn = draw(pool, length=Length(questions=number), suits=suits, rng=Random(seed))
    assert len(drawn) == len(set(drawn)) == min(number, len(pool))
    kinds = {candidate.question_id: candidate.kind for candidate in pool}
    assert len({kinds[question_id] for question_id in drawn}) == min(number, len(set(kinds.values())))


@given(pools, lengths, st.booleans(), st.integers())
def test_the_same_seed_draws_the_same(pool: list[Candidate], length: Length, suits: bool, seed: int) -> None:
    once, again = (draw(pool, length=length, suits=suits, rng=Random(seed)) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("suits", [False, True])
def test_different_seeds_draw_in_different_orders(suits: bool) -> None:
    drawn = {tuple(draw(plain(20), length=TEN, suits=suits, rng=Random(seed))) for seed in range(20)}
    assert len(drawn) > 15


@given(st.lists(st.integers(0, 30), unique=True), st.dictionaries(st.integers(0, 30), st.sampled_from("abcd")))
def test_no_concept_comes_twice_running_where_another_is_to_be_had(drawn: list[int], about: dict[int, str]) -> None:
    ordered = interleaved(drawn, concepts=about)
    assert sorted(ordered) == sorted(drawn)
    concepts = [about.get(one) for one in ordered]
    same = [concept for concept, after in pairwise(concepts) if concept and concept == after]
    most = max(Counter(concept for concept in concepts if concept).values(), default=0)
    assert len(same) == max(0, most - (len(drawn) - most) - 1)
    for place, (concept, after) in enumerate(pairwise(concepts), start=1):
        assert concept is None or concept != after or set(concepts[place:]) == {concept}


@pytest.mark.parametrize(
    "length",
    [*(Length(questions=number) for number in (0, -1, LONGEST + 1)), Length(minutes=0), Length(minutes=121), Length()],
)
def test_a_length_out_of_bounds_is_refused(length: Length) -> None:
    with pytest.raises(Invalid, match=f"1 to ({LONGEST} questions|{LONGEST_MINUTES} minutes)"):
        draw(plain(1), length=length, rng=Random(1))


def test_nothing_to_draw_from_says_what_to_do() -> None:
    with pytest.raises(Invalid, match="import one"):
        draw([], length=TEN, rng=Random(1))


@given(pools, st.integers(1, 120), st.integers())
def test_minutes_hold_no_more_than_fits_into_them(pool: list[Candidate], minutes: int, seed: int) -> None:
    drawn = draw(pool, length=Length(minutes=minutes), rng=Random(seed))
    seconds = [one.seconds for one in pool if one.question_id in drawn]
    assert len(drawn) == 1 or sum(seconds) <= 60 * minutes + max(seconds) / 2


def test_ten_minutes_are_as_many_questions_as_one_answers_in_them() -> None:
    assert len(draw(plain(60, seconds=30), length=Length(minutes=10), rng=Random(1))) == 20


def test_a_quiz_that_suits_is_expected_to_be_three_quarters_right() -> None:
    pool = [Candidate(question_id=number, kind="open", expected=number / 200, answers=number) for number in range(200)]
    drawn = draw(pool, length=TEN, suits=True, rng=Random(1))
    assert len([one for one in drawn if one < 10]) == 2  # those with the fewest answers, which the learner hardly knows
    assert fmean(one / 200 for one in drawn if one >= 10) == pytest.approx(0.9, abs=0.06)
    easy = [Candidate(question_id=n, kind="open", expected=0.5 + n / 400, answers=5) for n in range(200)]
    drawn = draw(easy, length=TEN, suits=True, rng=Random(1))
    assert fmean(0.5 + one / 400 for one in drawn) == pytest.approx(TARGET, abs=0.06)


def test_the_only_question_of_its_kind_that_suits_does_not_come_in_every_quiz() -> None:
    """Each quiz has one of every kind; of a kind that does not suit the learner, the same one suited best each time."""
    kinds = [*(("short", 0.75) for _ in range(40)), *(("multiple", 0.5) for _ in range(30)), ("multiple", 0.7)]
    quizzes: list[list[int]] = []
    for seed in range(40):
        lately = Counter(one for quiz in quizzes[-LATELY:] for one in quiz)
        pool = [
            Candidate(question_id=number, kind=kind, expected=suits, answers=1, lately=lately[number])
            for number, (kind, suits) in enumerate(kinds)
        ]
        quizzes.append(draw(pool, length=TEN, suits=True, rng=Random(seed)))
    often = Counter(one for quiz in quizzes for one in quiz)
    assert often[70] < len(quizzes) / 2
    assert len(often) > 55  # of 71, in 400 questions
