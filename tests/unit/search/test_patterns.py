"""Regular expressions of a search: what Python's own find is found, in time that grows with the text alone."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from quizapp.search.pattern_reader import BadPattern
from quizapp.search.patterns import Pattern, Steps, TooLong

PIECES = ["a", "b", ".", "[ab]", "[^a]", r"\d", r"\w", r"\W", r"\s", r"\b", "^", "$", "[a-c1]", " "]
EXPRESSIONS = some.recursive(
    some.sampled_from(PIECES),
    lambda inner: (
        some.tuples(inner, inner).map("".join)
        | some.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})")
        | some.tuples(inner, some.sampled_from(["*", "+", "?", "{2}", "{1,2}", "*?"])).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        )
    ),
    max_leaves=8,
)


def finds(written: str, text: str) -> bool:
    return Pattern(written, Steps()).finds(text)


@given(EXPRESSIONS, some.text("aabc1_ ", max_size=8))
def test_what_pythons_own_find_is_found(written: str, text: str) -> None:
    assert finds(written, text) == (re.search(written, text) is not None)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("DNS", "dns"),
        ("(?i)[A-Z]+", "dns"),
        ("Straße", "strasse"),
        ("[Ü]ber", "über"),
        (r"\(x\)", "(x)"),
        ("[(]x[)]", "(x)"),
        ("[]-]", "-"),
        ("a{2", "a{2"),
        ("{{.names}}", "{{.names}}"),
        (r"run\n-p", "run -p"),
        (r"\d{4}:80", "8080:80"),
        ("", ""),
    ],
)
def test_letters_count_in_either_case_and_signs_as_in_other_programs(written: str, text: str) -> None:
    assert finds(written, text)


@pytest.mark.parametrize("written", ["[^A-Z]", r"x\B", "a{2}$", r"\D"])
def test_what_is_not_there_is_not_found(written: str) -> None:
    assert not finds(written, {"[^A-Z]": "abc", r"x\B": "x y", "a{2}$": "aa b", r"\D": "12"}[written])


def test_an_expression_over_which_others_take_minutes_is_soon_done() -> None:
    assert not finds("(a+)+b", "a" * 100_000)
    assert not finds("(a*)*(a*)*[^a]", "a" * 100_000)


def test_one_that_must_remember_too_much_is_given_up() -> None:
    with pytest.raises(TooLong):
        finds("a.{90}c", "".join(Random(1).choices("ab", k=100_000)))
    with pytest.raises(TooLong):
        Pattern("x", Steps(left=9)).finds("a" * 10)


@pytest.mark.parametrize("written", ["((a{100}){100}){100}", "a{101}", "(" * 22 + "a" + ")" * 22, "[z-a]", r"[a-\d]"])
def test_one_that_would_be_too_large_or_has_no_meaning_is_refused(written: str) -> None:
    with pytest.raises(BadPattern):
        Pattern(written, Steps())
