"""Variables: drawn within their range, repeatably, and put in for their own names alone."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.labs.lab_format import LabDefinition, Variable, substitute
from quizapp.catalogue.labs.lab_values import chosen, draw, form_of
from quizapp.errors import Invalid


@given(st.integers(0, 10**8), st.integers(0, 100), st.integers())
def test_drawn_from_the_range_and_the_same_for_the_same_seed(low: int, width: int, seed: int) -> None:
    variables = {"PORT": Variable(random=f"{low}-{low + width}")}
    drawn = draw(variables, rng=Random(seed))
    assert low <= int(drawn["PORT"]) <= low + width
    assert drawn == draw(variables, rng=Random(seed))


@given(st.integers())
def test_shuffled_words_all_come_in_an_order_that_the_seed_fixes(seed: int) -> None:
    trees = ("amber", "birch", "cedar")
    drawn = draw({"TREE": Variable(shuffle=trees)}, rng=Random(seed))
    assert list(drawn) == ["TREE_1", "TREE_2", "TREE_3"]
    assert sorted(drawn.values()) == sorted(trees)
    assert drawn == draw({"TREE": Variable(shuffle=trees)}, rng=Random(seed))


def test_an_author_gives_a_number_and_the_order_of_shuffled_words() -> None:
    variables = {"PORT": Variable(random="1-9"), "CALL": Variable(shuffle=("a", "b"))}
    assert chosen(variables, {"PORT": "7", "CALL": "b,a"}) == {"PORT": "7", "CALL_1": "b", "CALL_2": "a"}


@pytest.mark.parametrize(
    ("given", "says"),
    [({"CALL_1": "a"}, "draws no CALL_1. It draws: CALL"), ({"CALL": "a,a"}, "in an order, with commas: a,b")],
)
def test_an_author_who_gives_what_is_not_drawn_is_told(given: dict[str, str], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        chosen({"CALL": Variable(shuffle=("a", "b"))}, given)


def test_only_known_names_are_replaced() -> None:
    data = {"run": "echo ${PORT} $PORT ${HOME} ${PORT:-1} ${port}", "checks": [{"run": "${PORT}${PORT}"}], "minutes": 4}
    assert substitute(data, {"PORT": "80"}) == {
        "run": "echo 80 $PORT ${HOME} ${PORT:-1} ${port}",
        "checks": [{"run": "8080"}],
        "minutes": 4,
    }


def test_a_value_is_not_substituted_again() -> None:
    assert substitute("${A}", {"A": "${B}", "B": "x"}) == "${B}"


def test_a_whole_lab_with_its_values(lab: LabDefinition) -> None:
    filled = LabDefinition.model_validate(substitute(lab.model_dump(mode="json"), {"PORT": "8123"}))
    assert filled.task == "Publish port 8123."
    assert filled.checks[1].run == "map 8123"


def test_the_form_of_a_text_is_the_same_with_other_values() -> None:
    one, two = {"PORT": "8123", "NET": "20"}, {"PORT": "8999", "NET": "77"}
    text = "docker run -p ${PORT}:80 --ip 10.1.${NET}.9 nginx"
    form = form_of(substitute(text, one), one)
    assert form == form_of(substitute(text, two), two)
    assert form != form_of(substitute(text, two), one)
    assert "8123" not in form


def test_a_part_of_a_number_is_no_value() -> None:
    assert form_of("18123 81230", {"PORT": "8123"}) == "18123 81230"


def test_a_name_that_is_typed_is_no_value() -> None:
    assert form_of("-p ${PORT}:80", {"PORT": "8123"}) != form_of("-p 8123:80", {"PORT": "8123"})


def test_two_names_with_one_value_are_not_told_apart() -> None:
    assert form_of("1 2", {"A": "1", "B": "1"}) == "1 2"
