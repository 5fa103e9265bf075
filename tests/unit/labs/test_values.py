"""Variables: drawn within their range, repeatably, and put in for their own names alone."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.lab_format import LabDefinition, Variable
from quizapp.labs.values import draw, substitute


@given(st.integers(0, 10**8), st.integers(0, 100), st.integers())
def test_drawn_from_the_range_and_the_same_for_the_same_seed(low: int, width: int, seed: int) -> None:
    variables = {"PORT": Variable(random=f"{low}-{low + width}")}
    drawn = draw(variables, rng=Random(seed))
    assert low <= int(drawn["PORT"]) <= low + width
    assert drawn == draw(variables, rng=Random(seed))


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
