"""Regular expressions of a search: what Python's own find is found, in time that grows with the text alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from quizapp.search.patterns import BadPattern, Pattern, Steps, TooLong

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
        (r"^\pL\PNer", "über"),
        (r"^\p{Ll}+$", "über"),
        (r"\(x\)", "(x)"),
        ("[(]x[)]", "(x)"),
        ("[]-]", "-"),
        ("a{2", "a{2"),
        ("{{.names}}", "{{.names}}"),
        (r"run\n-p", "run -p"),
        (r"C:\\new", r"c:\new"),
        (r"\d{4}:80", "8080:80"),
        ("", ""),
    ],
)
def test_letters_count_in_either_case_and_signs_as_in_other_programs(written: str, text: str) -> None:
    assert finds(written, text)


@pytest.mark.parametrize(("written", "text"), [("[^A-Z]", "abc"), (r"x\B", "x y"), ("a{2}$", "aa b"), (r"\D", "12")])
def test_what_is_not_there_is_not_found(written: str, text: str) -> None:
    assert not finds(written, text)


@pytest.mark.parametrize("written", ["(a+)+b", "(a*)*(a*)*[^a]", "a.{90}c"])
def test_an_expression_over_which_others_take_minutes_is_soon_done(written: str) -> None:
    assert not finds(written, "a" * 100_000)


def test_no_more_letters_are_looked_through_than_there_are_steps() -> None:
    found = Pattern("x", Steps(left=15))
    assert not found.finds("a" * 10)
    with pytest.raises(TooLong):
        found.finds("a" * 10)


REFUSED = {
    "[a": "never closed",
    "(a": "never closed",
    "a)": "not opened",
    "+a": "nothing stands before",
    "a**": "stand together",
    "a{1001}": "1,000 times",
    "((a{100}){100}){100}": "1,000 times",
    "[z-a]": "greater one",
    r"(a)\1": "no meaning",
    r"\p{Letters}": "no such class",
    "a(?=b)": "back or ahead",
    "a\\": "behind a backslash",
    r"\p{L}{900}": "too large",
}


@pytest.mark.parametrize("written", REFUSED)
def test_one_that_would_be_too_large_or_has_no_meaning_is_refused_with_a_reason(written: str) -> None:
    with pytest.raises(BadPattern, match=REFUSED[written]):
        Pattern(written, Steps())
