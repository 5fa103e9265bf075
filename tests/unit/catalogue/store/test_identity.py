"""Which stored item a parsed one is."""

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.store.identity import Known, Wanted, match

NUMBERS = count(1)


def known(text: str, *, key: str | None = None, group: str = "g", print: str | None = None) -> Known:
    number = next(NUMBERS)
    return Known(id=number, key=key or f"q-{number}", fingerprint=print or f"of {text}", text=text, group=group)


def wanted(text: str, *, key: str | None = None, group: str = "g", print: str | None = None) -> Wanted:
    return Wanted(key=key, fingerprint=print or f"of {text}", text=text, group=group)


def test_an_id_decides_whatever_the_text() -> None:
    one, other = known("What is a bridge?", key="q-a"), known("Something else", key="q-b")
    assert match([wanted("What is a bridge?", key="q-b")], [one, other]) == [other]


def test_the_same_text_is_the_same_item() -> None:
    one = known("What is a bridge?", group="elsewhere")
    assert match([wanted("What is a bridge?")], [one]) == [one]


def test_a_typo_keeps_the_item() -> None:
    one = known("What is a brigde in Docker networking?")
    assert match([wanted("What is a bridge in Docker networking?")], [one]) == [one]


def test_likeness_counts_within_a_group_alone() -> None:
    one = known("What is a brigde in Docker networking?", group="other")
    assert match([wanted("What is a bridge in Docker networking?")], [one]) == [None]


def test_two_as_much_alike_are_neither() -> None:
    same = [known("What's the output?", print="1"), known("What's the output?", print="2")]
    assert match([wanted("What's the output?", print="3")], same) == [None]


def test_one_of_many_with_the_same_words_is_the_one_left_over() -> None:
    stored = [known("What's the output?", print=str(number)) for number in range(5)]
    file = [wanted("What's the output?", print=str(number)) for number in (0, 1, 99, 3, 4)]
    assert match(file, stored) == stored


def test_no_item_is_taken_twice() -> None:
    one = known("What is a bridge?")
    assert match([wanted("What is a bridge?"), wanted("What is a bridge?")], [one]) == [one, None]


def test_an_id_given_later_is_found_by_the_text() -> None:
    one = known("What is a bridge?", key="q-made")
    assert match([wanted("What is a bridge?", key="q-mine")], [one]) == [one]


def test_a_new_id_is_never_matched_by_likeness() -> None:
    one = known("What is a brigde in Docker networking?")
    assert match([wanted("What is a bridge in Docker networking?", key="q-new")], [one]) == [None]


@given(st.permutations(list(range(6))), st.lists(st.text("abc ?", min_size=8), min_size=6, max_size=6, unique=True))
def test_order_decides_nothing(order: list[int], texts: list[str]) -> None:
    stored = [known(text) for text in texts]
    found = match([wanted(texts[number]) for number in order], stored)
    assert found == [stored[number] for number in order]
