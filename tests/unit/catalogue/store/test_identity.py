"""Which stored item a parsed one is."""

from collections.abc import Sequence
from itertools import chain, count

from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.store.identity import Keep, Known, Wanted, pair
from quizapp.catalogue.store.likeness import Fact

NUMBERS = count(1)


def known(text: str, answer: str = "", *, key: str | None = None, group: str = "g", print: str | None = None) -> Known:
    number, fact = next(NUMBERS), Fact(prompt=text, answer=answer)
    return Known(
        id=number,
        key=key or f"q-{number}",
        fingerprint=print or f"of {text} {answer}",
        tell=lambda: fact,
        group=group,
    )


def wanted(
    text: str, answer: str = "", *, key: str | None = None, group: str = "g", print: str | None = None
) -> Wanted:
    fact = Fact(prompt=text, answer=answer)
    return Wanted(key=key, fingerprint=print or f"of {text} {answer}", tell=lambda: fact, group=group)


def match(file: Sequence[Wanted], stored: Sequence[Known]) -> list[Known | None]:
    return list(pair(file, stored, keep=Keep()).found)


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


POSTGRES, MYSQL = ("Which port does PostgreSQL use?", "5432"), ("Which port does MySQL use?", "3306")


def test_another_fact_in_the_place_of_one_is_new_and_the_author_is_asked() -> None:
    one = known(*POSTGRES, key="q-pg")
    pairing = pair([wanted(*MYSQL)], [one], keep=Keep())
    assert list(pairing.found) == [None]
    assert [(doubt.known, doubt.is_kept) for doubt in pairing.doubts] == [(one, False)]


def test_what_the_author_calls_an_edit_is_one() -> None:
    one = known(*POSTGRES)
    (doubt,) = pair([wanted(*MYSQL)], [one], keep=Keep()).doubts
    assert list(pair([wanted(*MYSQL)], [one], keep=Keep(tokens=frozenset({doubt.token}))).found) == [one]
    assert list(pair([wanted(*MYSQL)], [one], keep=Keep(tokens=frozenset({"q-other:1"}))).found) == [None]
    assert list(pair([wanted(*MYSQL)], [one], keep=Keep(all=True)).found) == [one]


def test_an_added_fact_takes_nothing_from_the_one_beside_it() -> None:
    one = known(*POSTGRES)
    assert match([wanted(*MYSQL), wanted(*POSTGRES)], [one]) == [None, one]


def test_a_new_prompt_for_the_same_answer_is_an_edit() -> None:
    answer = "A switch in software that joins networks."
    one = known("What is a bridge?", answer)
    assert match([wanted("Explain how a Linux network bridge works", answer)], [one]) == [one]


def test_two_edits_that_resemble_each_other_keep_apart_by_their_answers() -> None:
    one, other = known("What does the first rule drop?", "Broken packets"), known("What do rules drop?", "New flows")
    file = [
        wanted("What do the rules drop?", "New flows"),
        wanted("What does the first rule throw away?", "Broken packets"),
    ]
    assert match(file, [one, other]) == [other, one]


def test_an_item_moved_and_reworded_at_once_is_known_by_its_answer() -> None:
    one = known("What is a brigde?", "A switch in software", group="other")
    assert match([wanted("What is a bridge?", "A switch in software")], [one]) == [one]


def test_of_two_candidates_as_close_none_is_taken_but_the_author_may_say_which() -> None:
    stored = [known("What is a pod in it?", "A unit of work", print=print) for print in "12"]
    item = wanted("What is a pod inside it?", "A unit of work")
    pairing = pair([item], stored, keep=Keep())
    assert list(pairing.found) == [None]
    chosen = pairing.doubts[1]
    assert list(pair([item], stored, keep=Keep(tokens=frozenset({chosen.token}))).found) == [chosen.known]


TEXTS = st.lists(st.text("abc ?", min_size=8, max_size=12), min_size=2, max_size=6, unique=True)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=2, max_size=4))
def test_groups_are_paired_as_each_would_be_alone(groups: list[tuple[list[str], list[str]]]) -> None:
    stored = [[known(f"{at}{one}", group=f"g{at}") for one in before] for at, (before, _) in enumerate(groups)]
    file = [[wanted(f"{at}{one}", group=f"g{at}") for one in after] for at, (_, after) in enumerate(groups)]
    alone = [match(now, before) for now, before in zip(file, stored, strict=True)]
    assert match(list(chain(*file)), list(chain(*stored))) == list(chain(*alone))


class Looked(str):
    """A group that counts how often it is compared with another."""

    looks = 0

    def __eq__(self, other: object) -> bool:
        Looked.looks += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_an_item_is_not_held_against_each_of_many_groups() -> None:
    groups = [Looked(f"g{number}") for number in range(100)]
    stored = [known(f"Which of the {group} is a bridge?", group, group=group) for group in groups]
    match([wanted(f"Which of these {group} is a bridge?", group, group=group) for group in groups], stored)
    assert Looked.looks < 20 * len(groups)
