"""Commands told right from wrong by what they do on real twin hosts, whatever words they are given in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from quizapp.catalogue.labs.lab_file import read_lab
from quizapp.catalogue.labs.lab_format import LabDefinition, substitute
from quizapp.catalogue.labs.lab_parts import Aspect
from quizapp.labs.judging import effects
from quizapp.labs.judging.grading import Grade
from quizapp.labs.trials import twins
from quizapp.labs.trials.twins import Side
from quizapp.sandboxes.client import NoClearAnswer, Sandbox
from quizapp.verdicts import Verdict
from tests.sandbox.conftest import Sandboxd, ready

FILE = Path(__file__).parents[2] / "content" / "labs" / "publish-in-one-line" / "lab.yaml"
COMPOSE = """
services:
  web:
    image: nginx
    ports: ["8080:80"]
"""

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def lab() -> LabDefinition:
    """Publish port 8080."""
    read = read_lab(FILE.read_text(encoding="utf-8"), folder=FILE.parent.name)
    return LabDefinition.model_validate(substitute(read.model_dump(mode="json"), {"PORT": "8080"}))


Compare = Callable[[str], Grade]


@pytest.fixture(scope="module")
def reference(sandboxd: Sandboxd) -> Iterator[Sandbox]:
    """The host of the reference, for all tests: it is run there once, and its effect read again beside each command."""
    twin = ready(sandboxd.client, f"learner-{uuid4().hex}.{Side.REFERENCE}")
    yield twin
    sandboxd.client.end(twin.id)


@pytest.fixture
def compare(sandboxd: Sandboxd, lab: LabDefinition, reference: Sandbox) -> Compare:
    """`compare(command)`: what it comes to on a fresh host, beside the reference."""

    def run(command: str) -> Grade:
        client = sandboxd.client
        attempt = ready(client, f"learner-{uuid4().hex}.{Side.ATTEMPT}")
        up = {Side.REFERENCE: reference, Side.ATTEMPT: attempt}
        try:
            return twins.compared(client, up, lab=lab, command=twins.readable(command))
        finally:
            client.end(attempt.id)

    return run


def test_both_are_fresh_for_a_learner(sandboxd: Sandboxd, lab: LabDefinition) -> None:
    client, owner = sandboxd.client, f"learner-{uuid4().hex}"
    pair = twins.ask(client, owner=owner, template=lab.template)
    up = {side: ready(client, f"{owner}.{side}") for side in Side}
    assert {side: twin.id for side, twin in up.items()} == pair
    try:
        grade = twins.compared(client, up, lab=lab, command=twins.readable("docker run -d -p 8080:80 nginx"))
    finally:
        twins.end(client, pair)
    assert (grade.verdict, grade.differences) == (Verdict.PASS, ())


@pytest.mark.parametrize(
    "command",
    [
        "docker run -d -p 8080:80 nginx",
        "docker run --detach --publish=0.0.0.0:8080:80/tcp --name shop nginx:latest",
        COMPOSE,
    ],
    ids=["short", "long", "compose"],
)
def test_what_does_the_same_is_right(compare: Compare, command: str) -> None:
    grade = compare(command)
    assert grade.differences == ()
    assert grade.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("command", "aspect", "extra"),
    [
        ("docker run -d -P nginx", Aspect.PORTS, ("0.0.0.0:a port that was free → nginx:80/tcp",)),
        ("docker run -d -p 127.0.0.1:8080:80 nginx", Aspect.PORTS, ("127.0.0.1:8080 → nginx:80/tcp",)),
        ("docker run -d -p 8080:80/udp nginx", Aspect.LISTENERS, ("udp 0.0.0.0:8080",)),
        (
            "docker run -d -p 8080:80 nginx && docker run -d alpine sleep 99",
            Aspect.CONTAINERS,
            ("alpine: sleep 99, running",),
        ),
        ("docker run -p 8080:80 nginx", Aspect.FOREGROUND, ("the command itself",)),
        ("true", Aspect.CONTAINERS, ()),
    ],
)
def test_the_difference_in_state_is_named(
    compare: Compare, command: str, aspect: Aspect, extra: tuple[str, ...]
) -> None:
    grade = compare(command)
    assert grade.verdict is Verdict.FAIL
    (difference,) = [each for each in grade.differences if each.aspect is aspect]
    assert difference.extra == extra


def test_a_command_that_fails_says_why(compare: Compare) -> None:
    grade = compare("docker run -d -p 99999:80 nginx")
    assert grade.verdict is Verdict.FAIL
    assert "99999" in grade.printed


@pytest.mark.parametrize(
    ("command", "ending"),
    [("sleep 99", f"not ended after {effects.COMMAND_S} seconds"), ("false", "failed with exit code 1.")],
)
def test_a_command_that_prints_nothing_says_how_it_ended(compare: Compare, command: str, ending: str) -> None:
    grade = compare(command)
    assert ending in grade.ending
    assert grade.printed == ""


def test_a_command_that_stops_the_engine_could_not_be_checked(compare: Compare) -> None:
    assert compare("service docker stop").verdict is Verdict.COULD_NOT_CHECK


def test_a_command_is_run_once_however_often_it_is_graded(sandboxd: Sandboxd, lab: LabDefinition) -> None:
    twin = ready(sandboxd.client, f"learner-{uuid4().hex}")
    command = "docker run -d --name once nginx"
    first, second = (twins.effect(sandboxd.client, twin, lab=lab, command=command) for _ in range(2))
    assert first == second
    with pytest.raises(NoClearAnswer, match="Another command"):
        twins.effect(sandboxd.client, twin, lab=lab, command="docker run -d alpine")
    sandboxd.client.end(twin.id)
