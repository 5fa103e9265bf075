"""Words of checks: what the sandbox's `judge` is asked, and how strictly its answer is read."""

import json
import shlex

import pytest
from pydantic import ValidationError

from quizapp.catalogue.labs.lab_format import Check
from quizapp.labs.judging import words
from quizapp.sandboxes.client import CommandResult
from quizapp.verdicts import Verdict
from tests.lab_builders import printed

SAME = Check.model_validate({"name": "kept", "same_container": "app", "hint": "It is {seen}."})
CALL = {"container": "db", "from": "app", "to": "db:3306+1", "port_inside": 3306}
ANSWERED = Check.model_validate({"name": "answers", "answered_by": CALL, "hint": "It came to {seen}."})
PASSED = {"verdict": "pass", "seen": "the same", "why": ""}


def said(*judged: object) -> CommandResult:
    return printed(json.dumps(judged))


def test_all_words_of_a_lab_are_one_command() -> None:
    command = words.command([SAME, ANSWERED])
    assert command is not None
    program, asked = shlex.split(command)
    same, answered = json.loads(asked)
    assert program == "judge"
    assert same == {"word": "same_container", "containers": ["app"], "restarts": True, "moves": True, "renames": False}
    assert (answered["from"], answered["to"], answered["port"], answered["port_inside"]) == (["app"], "db", 3307, 3306)


def test_ports_are_asked_about_as_numbers() -> None:
    word = {"container": "web", "ports": {"8080+1": 80}}
    (asked,) = json.loads(
        shlex.split(words.command([Check.model_validate({"name": "it", "hint": "No.", "port_mapping": word})]))[1]
    )
    assert asked == {"word": "port_mapping", "container": "web", "ports": {"8081": 80}}
    none = Check.model_validate({"name": "it", "hint": "No.", "port_mapping": {"container": "web", "ports": {}}})
    assert json.loads(shlex.split(words.command([none]))[1])[0]["ports"] == {}, "no port at all, not any"


@pytest.mark.parametrize(
    "given",
    [
        {"port_mapping": {"container": "web"}},
        {"port_mapping": {"container": "web", "ports": {8080: 80}, "port_inside": 80}},
        {"port_options": {"container": "web", "options": ["--publish 80"]}},
        {"closed_everywhere": {"port_inside": 80, "rules_count": False}},
        {"packet_dropped_by_rule": {"from": "app", "to": "db", "port": 25, "rule": "DROP"}},
    ],
)
def test_a_word_that_asks_for_nothing_or_too_much_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Check.model_validate({"name": "it", "hint": "No.", **given})


def test_what_a_word_saw_stands_in_the_hint() -> None:
    (found,) = words.read(said({"verdict": "fail", "seen": "no container app", "why": ""}), count=1)
    verdict = words.judge(SAME, found, typed="")
    assert (verdict.verdict, verdict.said) == (Verdict.FAIL, "It is `no container app`.")


def test_a_pass_says_nothing() -> None:
    (found,) = words.read(said(PASSED), count=1)
    assert words.judge(SAME, found, typed="").said == ""


@pytest.mark.parametrize("why", [why for why in words.Why if why])
def test_each_reason_why_a_word_could_not_be_judged_has_a_sentence(why: words.Why) -> None:
    (found,) = words.read(said({"verdict": "could-not-check", "seen": "", "why": why}), count=1)
    assert found.verdict is Verdict.COULD_NOT_CHECK
    assert found.said.endswith(".")


@pytest.mark.parametrize(
    "result",
    [
        printed(""),
        printed("[]"),
        printed('[{"verdict": "pass"}]'),
        printed('noise\n[{"verdict": "pass", "seen": "", "why": ""}]'),
        said(PASSED, PASSED),
        said(PASSED | {"verdict": "passed"}),
        said(PASSED | {"why": "because"}),
        said(PASSED | {"more": 1}),
        said(PASSED | {"seen": "x" * (words.SEEN_MOST_CHARS + 1)}),
        said(PASSED | {"seen": 1}),
    ],
)
def test_whatever_is_odd_is_could_not_check(result: CommandResult) -> None:
    (found,) = words.read(result, count=1)
    assert (found.verdict, found.said) == (Verdict.COULD_NOT_CHECK, words.UNREADABLE)


def test_what_took_too_long_is_could_not_check() -> None:
    late = CommandResult(exit_code=None, output="", milliseconds=6000, timed_out=True, truncated=False)
    assert [each.verdict for each in words.read(late, count=2)] == [Verdict.COULD_NOT_CHECK] * 2
