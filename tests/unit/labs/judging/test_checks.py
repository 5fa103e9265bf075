"""One command's result against one expectation: what holds, what proves nothing, what the learner reads."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.labs.lab_format import Check, Expect
from quizapp.labs.judging.checks import SEEN_CHARS, fill, judge, trim
from quizapp.sandboxes.client import CommandResult
from quizapp.verdicts import Verdict

Printed = Callable[..., CommandResult]


def check(**expect: object) -> Check:
    return Check(name="it", run="look", expect=Expect(**expect), hint="Seen {seen}, wanted {wanted}.")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expect", "output", "holds"),
    [
        ({"equals": "running"}, "running\n", True),
        ({"equals": "running"}, "not running", False),
        ({"equals": ""}, "\n", True),
        ({"equals": ""}, "something", False),
        ({"contains": "->"}, "80/tcp -> 0.0.0.0:8080", True),
        ({"contains": "->"}, "", False),
        ({"not_contains": "-d"}, "-A DOCKER", True),
        ({"not_contains": "-d"}, "-A DOCKER -d 1", False),
        ({"matches": "^[0-9]+:80$"}, "8080:80", True),
        ({"matches": "^b$"}, "a\nb\nc", True),
        ({"matches": "^[0-9]+:80$"}, "80:8080", False),
        ({"exit": 0}, "whatever", True),
        ({"exit": 1}, "whatever", False),
        ({"equals": "x", "exit": 1}, "x", False),
    ],
)
def test_expectations(expect: dict[str, object], output: str, holds: bool, printed: Printed) -> None:
    verdict = judge(check(**expect), printed(output)).verdict
    assert verdict is (Verdict.PASS if holds else Verdict.FAIL)


@pytest.mark.parametrize(
    "fields",
    [
        {"exit_code": None, "timed_out": True},
        {"exit_code": None},
        {"truncated": True},
        {"output": "Cannot connect to the Docker daemon at unix:///run/docker.sock. Is the docker daemon running?"},
    ],
)
def test_what_proves_nothing_neither_passes_nor_fails(fields: dict[str, object], printed: Printed) -> None:
    result = printed(**({"output": "running"} | fields))  # type: ignore[arg-type]
    verdict = judge(check(equals="running"), result)
    assert verdict.verdict is Verdict.COULD_NOT_CHECK
    assert verdict.said


def test_a_fail_says_what_was_seen_and_wanted(printed: Printed) -> None:
    assert judge(check(equals="8080:80"), printed("80:8080\n")).said == "Seen `80:8080`, wanted `8080:80`."


def test_a_pass_says_nothing(printed: Printed) -> None:
    assert judge(check(equals="x"), printed("x")).said == ""


def test_nothing_seen_is_called_nothing(printed: Printed) -> None:
    assert judge(check(equals="x"), printed(" \n")).said == "Seen nothing, wanted `x`."


def test_output_becomes_one_short_printable_line() -> None:
    assert trim("a\x1b[31m  b\r\n\n c\x00\n") == "a [31m b, c"
    assert len(trim("x" * 10_000)) == SEEN_CHARS
    assert trim("x" * 10_000).endswith("…")


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    assert fill("{seen} {typed}", seen="{typed} {wanted}", typed="{seen}", wanted="w") == "`{typed} {wanted}` `{seen}`"


def test_author_text_is_no_format_string() -> None:
    hint = "{0.__class__} {{.State.Status}} {seen!r} {other} {seen}"
    assert fill(hint, seen="s", typed="", wanted="") == "{0.__class__} {{.State.Status}} {seen!r} {other} `s`"


@given(st.text(alphabet="`*_[]()<>&! abc", min_size=1).map(trim).filter(bool))
def test_what_a_host_printed_is_shown_to_the_letter(seen: str) -> None:
    html = render_inline(fill("({seen})", seen=seen, typed="", wanted=""))
    assert html.startswith("(<code>")
    assert html.endswith("</code>)")
    assert html.striptags().strip("()").split() == f"({seen})".strip("()").split()
