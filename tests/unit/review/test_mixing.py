"""Where new cards come among the reviews, and in which order they are met."""

import pytest

from quizapp.review.mixing import MIXED_MAX, Placed, mixed, spread


# As Anki 26.9.3 has the first three: R is a review, N a new card.
@pytest.mark.parametrize(
    ("due", "new", "day"),
    [
        (4, 2, "RNRRNR"),
        (9, 3, "RRNRRRNRRNRR"),
        (1, 4, "NNRNN"),
        (3, 0, "RRR"),
        (0, 3, "NNN"),
    ],
)
def test_new_cards_are_spread_evenly_over_the_reviews(due: int, new: int, day: str) -> None:
    assert "".join(mixed("N" * new, "R" * due, begun=0, reviewed=0, new_left=new, due_left=due)) == day


@pytest.mark.parametrize("done", range(12))
def test_the_rest_of_a_day_is_as_if_it_had_begun_so(done: int) -> None:
    """The queue knows only what was done and what is left, and yet comes to the same order at each card."""
    day = "RRNRRRNRRNRR"
    begun, reviewed = day[:done].count("N"), day[:done].count("R")
    new, due = "N" * (3 - begun), "R" * (9 - reviewed)
    rest = mixed(new, due, begun=begun, reviewed=reviewed, new_left=len(new), due_left=len(due))
    assert "".join(rest) == day[done:]


def a_place(number: int, *, section: int | None, concept: int | None, note: int = 1) -> Placed:
    return Placed(id=number, hidden=False, note_id=note, section_id=section, concept_id=concept, position=number)


def test_one_of_each_section_comes_before_a_second_one_of_any() -> None:
    places = [a_place(number, section=1 + (number - 1) // 3, concept=number) for number in range(1, 10)]
    assert [one.section_id for one in spread(places)] == [1, 2, 3] * 3
    assert [one.id for one in spread(places)] == [1, 4, 7, 2, 5, 8, 3, 6, 9]


def test_one_of_each_concept_of_a_section_comes_before_its_sibling() -> None:
    """As Anki has siblings: a1 b1 a2 b2."""
    places = [a_place(number, section=1, concept=1 + (number - 1) // 2) for number in range(1, 7)]
    assert [one.id for one in spread(places)] == [1, 3, 5, 2, 4, 6]


def test_notes_come_after_one_another_and_questions_of_no_section_in_their_order() -> None:
    places = [a_place(number, section=None, concept=None, note=2 - number % 2) for number in range(1, 7)]
    assert [one.id for one in spread(reversed(places))] == [1, 3, 5, 2, 4, 6]


def test_with_a_long_backlog_new_cards_come_as_if_it_were_of_two_hundred() -> None:
    long = mixed("N" * 3, "R" * 900, begun=0, reviewed=0, new_left=3, due_left=900)
    assert "".join(long).index("N") == MIXED_MAX // 3
