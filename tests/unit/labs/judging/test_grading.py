"""A whole lab's grade: the first thing in the way decides, the typed answer comes last, trouble is never a fail."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.lab_parts import Compare
from quizapp.labs.judging.grading import NOTHING_TO_TELL, Grade, commands, grade, judge_asked_back
from quizapp.sandboxes.client import CommandResult
from quizapp.verdicts import Verdict

RIGHT = ("running", "80/tcp -> 0.0.0.0:32768", "32768\n", "8080\n", "b\n")


@pytest.fixture
def graded(lab: LabDefinition, printed: Callable[..., CommandResult]) -> Callable[..., Grade]:
    """`graded("32768", {2: "32769"})`: the grade of that answer when the host is right but for those outputs."""

    def run(typed: str, outputs: dict[int, str] | None = None, late: int | None = None) -> Grade:
        results = [printed((outputs or {}).get(index, text)) for index, text in enumerate(RIGHT)]
        if late is not None:
            results[late] = replace(results[late], exit_code=None, timed_out=True)
        return grade(lab, results, typed=typed)

    return run


def test_everything_is_asked_in_one_list(lab: LabDefinition) -> None:
    assert commands(lab) == ["is-up", "map ${PORT}", "say-port", "say-where", "say-why"]


def test_a_pass_keeps_what_happened(graded: Callable[..., Grade]) -> None:
    result = graded(" 32768 ")
    assert result.verdict is Verdict.PASS
    assert result.said == ""
    assert result.happened == {"where": "8080", "why": "b"}
    assert [each.verdict for each in result.checks] == [Verdict.PASS] * 3


def test_the_first_failure_decides_what_is_said(graded: Callable[..., Grade]) -> None:
    result = graded("1", {0: "exited", 1: "", 2: ""})
    assert result.verdict is Verdict.FAIL
    assert result.said == "Seen: `exited`."
    assert result.happened == {}


def test_a_wrong_answer_fails_after_right_checks(graded: Callable[..., Grade]) -> None:
    result = graded("80")
    assert result.verdict is Verdict.FAIL
    assert result.said == "You typed `80`, it is `32768`."
    assert result.checks[-1].name == "port"


@pytest.mark.parametrize("typed", ["", "  ", "eighty"])
def test_nothing_readable_typed_is_not_a_try(graded: Callable[..., Grade], typed: str) -> None:
    assert graded(typed).verdict is Verdict.COULD_NOT_CHECK


def test_a_failed_check_is_said_even_if_nothing_was_typed(graded: Callable[..., Grade]) -> None:
    assert graded("", {0: "exited"}).said == "Seen: `exited`."


@pytest.mark.parametrize("late", [0, 1, 2])
def test_a_command_out_of_time_is_could_not_check(graded: Callable[..., Grade], late: int) -> None:
    result = graded("32768", late=late)
    assert result.verdict is Verdict.COULD_NOT_CHECK
    assert "too long" in result.said


def test_trouble_after_a_failure_does_not_excuse_it(graded: Callable[..., Grade]) -> None:
    assert graded("32768", {0: "exited"}, late=1).verdict is Verdict.FAIL


def test_a_host_without_a_value_is_could_not_check(graded: Callable[..., Grade]) -> None:
    assert graded("32768", {2: "Error: no such container"}).verdict is Verdict.COULD_NOT_CHECK


def test_a_lab_without_an_answer_needs_none(lab: LabDefinition, printed: Callable[..., CommandResult]) -> None:
    plain = lab.model_copy(update={"answer": None})
    results = [printed(text) for index, text in enumerate(RIGHT) if index != 2]
    assert grade(plain, results, typed="").verdict is Verdict.PASS


@pytest.mark.parametrize("typed", ["172.18.0.3", "172.19.0.2"])
def test_a_container_on_two_networks_has_two_right_addresses(
    lab: LabDefinition, printed: Callable[..., CommandResult], typed: str
) -> None:
    assert lab.answer is not None
    asked = lab.answer.model_copy(update={"compare": Compare.ADDRESS})
    host = printed("172.18.0.3\n\n172.19.0.2\n")
    assert judge_asked_back(asked, host, typed=typed).verdict is Verdict.PASS
    assert judge_asked_back(asked, host, typed="172.18.0.4").verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("host", "verdict"),
    [
        ({"output": ""}, Verdict.PASS),
        ({"output": "", "exit_code": 1}, Verdict.COULD_NOT_CHECK),
        ({"output": "", "exit_code": None, "timed_out": True}, Verdict.COULD_NOT_CHECK),
        ({"output": "no such network"}, Verdict.COULD_NOT_CHECK),
    ],
)
def test_a_question_that_the_learners_way_left_without_an_answer_counts_as_answered(
    lab: LabDefinition, printed: Callable[..., CommandResult], host: dict[str, object], verdict: Verdict
) -> None:
    assert lab.answer is not None
    result = judge_asked_back(lab.answer, printed(**host), typed="80")
    assert result.verdict is verdict
    assert (result.said == NOTHING_TO_TELL) is (verdict is Verdict.PASS)
